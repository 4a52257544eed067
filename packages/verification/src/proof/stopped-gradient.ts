import { type Arithmetic, at as atView, slice as sliceView, type Tensor } from "@gradproof/arithmetic";
import { add, multiply, slice, stopGradient, type Variable, valueAndGrad, wrap } from "@gradproof/autodiff";
import { mapParameters, mapProblem, type RnnGradient, type RnnProblem } from "@gradproof/rnn";
import { type LossInputs, rnnLoss } from "../rnn-loss.ts";

/** Steps [start, end) as a graph of their own; of their losses either all count, or the last one's alone. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly lastLossOnly: boolean;
}

/** BPTT(h): for every step a window of h steps that ends there. */
export function windows(T: number, h: number): Piece[] {
  return Array.from({ length: T }, (_, t) => ({ start: Math.max(0, t - h + 1), end: t + 1, lastLossOnly: true }));
}

/** Chunks of h steps, the last as long as is left. */
export function chunks(T: number, h: number): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < T; start += h) pieces.push({ start, end: Math.min(start + h, T), lastLossOnly: false });
  return pieces;
}

/**
 * The gradient of the loss by autodiff, where it stops at the state that a piece starts from, unless that is h_0.
 */
export function stoppedGradient<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  pieces: readonly Piece[],
): RnnGradient<Tensor<S>> {
  const T = problem.x.shape[0];
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const inputs = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
  const total = (leaves: Record<string, Variable<S>>): Variable<S> => {
    const own = leaves as unknown as LossInputs<S>;
    const { h0, x, ...weights } = own;
    const { states } = rnnLoss(A, problem, own);
    let loss = leaf(A.ratio(0, 1));
    for (const { start, end, lastLossOnly } of pieces) {
      const stopped = start === 0 ? h0 : stopGradient(states[start]);
      const part = stepsOf(problem, start, end);
      const counted = lastLossOnly ? { ...part, mask: lastOnly(A, part) } : part;
      const pieceLoss = rnnLoss(A, counted, { ...weights, h0: stopped, x: slice(x, start, end) }).loss;
      // A mean divides by the steps of the piece; it is to divide by all of them.
      const share = problem.reduction === "mean" ? A.ratio(end - start, T) : A.ratio(1, 1);
      loss = add(loss, multiply(pieceLoss, leaf(share)));
    }
    return loss;
  };
  const { gradient } = valueAndGrad(total)(inputs as unknown as Record<string, Variable<S>>);
  const tensors = Object.fromEntries(Object.entries(gradient).map(([name, { value }]) => [name, value]));
  return tensors as unknown as RnnGradient<Tensor<S>>;
}

function stepsOf<S>(problem: RnnProblem<Tensor<S>>, start: number, end: number): RnnProblem<Tensor<S>> {
  const batch = problem.h0.shape[0];
  const whole = (name: string) => name === "h0" || name in problem.parameters;
  const part = mapProblem(problem, (value, name) => (whole(name) ? value : sliceView(value, start, end)));
  return part.loss === "cross_entropy" ? { ...part, target: part.target.slice(start * batch, end * batch) } : part;
}

/** The weights of the last step, 0 before it [L, B]. */
function lastOnly<S>(A: Arithmetic<S>, { x, mask }: RnnProblem<Tensor<S>>): Tensor<S> {
  const [L, B] = x.shape;
  const weights = A.empty([L, B]);
  A.copy(weights, A.ratio(0, 1));
  A.copy(atView(weights, L - 1), mask ? atView(mask, L - 1) : A.ratio(1, 1));
  return weights;
}
