import { type Arithmetic, at, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  forward,
  initialise,
  mapParameters,
  type NumericArray,
  ProblemError,
  type RnnGradient,
  type RnnParameters,
  type RnnProblem,
  type Trajectory,
  truncatedToChunks,
  truncatedToWindow,
} from "@gradproof/rnn";
import type { Batch, SequenceShape } from "./batch.ts";
import type { TrainingSettings, Truncation } from "./training-settings.ts";

/** The first weights of a run, rounded to the number system. */
export function initialParameters<S>(
  A: Arithmetic<S>,
  { inputs, outputs }: SequenceShape,
  { seed, hidden, initialisation = "orthogonal", gain, biases }: TrainingSettings,
): RnnParameters<Tensor<S>> {
  const numbers = initialise({ seed, I: inputs, H: hidden, O: outputs, kind: initialisation, gain, biases });
  return mapParameters(numbers, ({ data, shape }) => A.round(data, shape));
}

export function zeros<S>(A: Arithmetic<S>, shape: readonly number[]): Tensor<S> {
  const tensor = A.empty(shape);
  A.scope(() => A.copy(tensor, A.ratio(0, 1)));
  return tensor;
}

/**
 * A batch and the network as one problem, the batch's numbers rounded to the number system.
 *
 * @param state - h_0 [B, H] of a batch that goes on; others begin at 0.
 * @throws ProblemError where the batch does not fit the network.
 */
export function problemOf<S>(
  A: Arithmetic<S>,
  batch: Batch,
  parameters: RnnParameters<Tensor<S>>,
  { nonlinearity = "tanh" }: Pick<TrainingSettings, "nonlinearity">,
  state: Tensor<S>,
): RnnProblem<Tensor<S>> {
  checkBatch(batch, state.shape[0], parameters);
  const round = ({ data, shape }: NumericArray) => A.round(data, shape);
  const common = {
    nonlinearity,
    parameters,
    x: round(batch.x),
    h0: batch.continues ? state : zeros(A, state.shape),
    ...(batch.mask && { mask: round(batch.mask) }),
    reduction: batch.reduction,
  };
  if (batch.loss === "cross_entropy") return { ...common, loss: batch.loss, target: batch.target };
  return { ...common, loss: batch.loss, target: round(batch.target) };
}

function checkBatch({ x, mask, ...batch }: Batch, B: number, { Wxh, Why }: RnnParameters<Tensor<unknown>>): void {
  const [T] = x.shape;
  const [I, O] = [Wxh.shape[1], Why?.shape[0] ?? 0];
  const target = batch.loss === "cross_entropy" ? { shape: [batch.target.length] } : batch.target;
  const parts: [string, { readonly shape: readonly number[] } | undefined, readonly number[]][] = [
    ["x", x, [T, B, I]],
    ["mask", mask, [T, B]],
    ["target", target, batch.loss === "cross_entropy" ? [T * B] : [T, B, O]],
  ];
  for (const [name, part, expected] of parts) {
    if (part && part.shape.join() !== expected.join()) {
      throw new ProblemError(
        name,
        `of the batch has shape [${part.shape.join(", ")}]; expected [${expected.join(", ")}]`,
      );
    }
  }
}

/** One batch's trajectory, and its gradient as far back as the truncation lets a loss reach. */
export function gradientOf<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  truncation: Truncation | undefined,
): { readonly trajectory: Trajectory<S>; readonly gradient: RnnGradient<Tensor<S>> } {
  const trajectory = forward(A, problem);
  if (!truncation) return { trajectory, gradient: backward(A, problem, trajectory) };
  const truncated = truncation.to === "window" ? truncatedToWindow : truncatedToChunks;
  return { trajectory, gradient: truncated(A, problem, trajectory, truncation.steps) };
}

/** h_T [B, H] */
export function lastStates<S>({ states }: Trajectory<S>): Tensor<S> {
  return at(states, states.shape[0] - 1);
}
