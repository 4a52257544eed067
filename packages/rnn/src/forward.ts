import { type Arithmetic, at, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { evaluateLoss } from "./loss.ts";
import { dimensions, type RnnProblem } from "./problem.ts";
import { rows } from "./rows.ts";

/** What forward keeps for backward and for the reader. */
export interface Trajectory<S> {
  /** u_t [T, B, H]: where relu has its kinks, and what a diagnosis of saturation looks at. */
  readonly preactivations: Tensor<S>;
  /** h_0 to h_T [T + 1, B, H]: f'(u_t) is a function of h_t, and W_hh's gradient needs h_{t-1}. */
  readonly states: Tensor<S>;
  /** ŷ_t [T, B, O]: ∂J/∂ŷ_t is a function of it. Absent without a readout. */
  readonly outputs: Tensor<S> | undefined;
  /** softmax(ŷ_t) [T, B, O], where it came with the cross entropy: ∂J/∂ŷ_t is a function of it. */
  readonly probabilities?: Tensor<S> | undefined;
  /** J, a scalar. */
  readonly loss: Tensor<S>;
}

/** h_t ← f(u_t), (F2): h and u [B, H]. */
export type Activation<S> = (A: Arithmetic<S>, h: Tensor<S>, u: Tensor<S>, t: number) => void;

/**
 * Runs the network over the sequence; x [T, B, I], h_0 [B, H].
 *
 * (F1)  u_t = W_xh x_t + b_xh + b_hh + W_hh h_{t-1}    [B, H]
 * (F2)  h_t = f(u_t)                                   [B, H]
 * (F3)  ŷ_t = W_hy h_t + b_y                           [B, O]
 * (F4)  J = Σ_t J_t(ŷ_t)                               []
 *
 * @param activate - (F2), the problem's nonlinearity unless it is to be replaced.
 * @throws ShapeError where the problem's shapes disagree.
 * @example
 * ```ts
 * const { loss, states } = forward(float64, liftProblem(float64, problem));
 * ```
 */
export function forward<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, activate?: Activation<S>): Trajectory<S> {
  const { T, B, H, O } = dimensions(problem);
  const { Why } = problem.parameters;
  const preactivations = A.empty([T, B, H]);
  const states = A.empty([T + 1, B, H]);
  const outputs = Why && A.empty([T, B, O]);
  const comesWithLoss = problem.loss === "cross_entropy" && A.softmaxAndLogSumExp !== undefined;
  const probabilities = comesWithLoss && outputs ? A.empty(outputs.shape) : undefined;
  const loss = A.empty([]);
  A.scope(() => {
    A.copy(at(states, 0), problem.h0);
    advance(A, problem, preactivations, states, 0, activate);
    if (outputs) readOut(A, outputs, problem, slice(states, 1, T + 1)); // (F3)
    evaluateLoss(A, loss, problem, states, outputs, probabilities); // (F4)
  });
  return { preactivations, states, outputs, ...(probabilities && { probabilities }), loss };
}

/**
 * The L steps from `start` on: u_t [L, B, H] and the states [L + 1, B, H] of which the first, the one before them, is given.
 */
export function advance<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  preactivations: Tensor<S>,
  states: Tensor<S>,
  start: number,
  activate?: Activation<S>,
): void {
  projectInputs(A, preactivations, problem, start);
  const { Whh } = problem.parameters;
  if (A.recurrence && !activate) {
    A.recurrence(problem.nonlinearity, states, preactivations, transpose(Whh)); // (F1) and (F2) of all steps
    return;
  }
  const f = activate ?? nonlinearityOf(problem);
  A.scope(() => {
    // Its columns are read at every step, so they are put one behind the other once.
    const transposed = A.empty([Whh.shape[1], Whh.shape[0]]);
    A.copy(transposed, transpose(Whh));
    let h = at(states, 0);
    for (let step = 0; step < preactivations.shape[0]; step++) {
      const [u, next] = [at(preactivations, step), at(states, step + 1)];
      A.gemm(u, h, transposed, "accumulate"); // (F1)
      f(A, next, u, start + step); // (F2)
      h = next;
    }
  });
}

function nonlinearityOf<S>({ nonlinearity }: RnnProblem<Tensor<S>>): Activation<S> {
  const f = { tanh: op.tanh, relu: op.relu }[nonlinearity];
  return (A, h, u) => A.unary(f, h, u);
}

/** The part of (F1) that needs no state, for L steps in one product: W_xh x_t + b_xh + b_hh. */
function projectInputs<S>(
  A: Arithmetic<S>,
  preactivations: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  start: number,
): void {
  const { Wxh, bxh, bhh } = problem.parameters;
  const u = rows(preactivations);
  A.gemm(u, rows(problem.x, start, start + preactivations.shape[0]), transpose(Wxh), "write");
  if (bxh && bhh && A.addRows) {
    A.addRows(u, bxh, bhh);
    return;
  }
  if (bxh) A.binary(op.add, u, u, bxh);
  if (bhh) A.binary(op.add, u, u, bhh);
}

/** (F3) for L steps in one product: outputs [L, B, O] of states [L, B, H]. */
export function readOut<S>(
  A: Arithmetic<S>,
  outputs: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  states: Tensor<S>,
): void {
  const { Why, by } = problem.parameters;
  if (!Why) return;
  const y = rows(outputs);
  A.gemm(y, rows(states), transpose(Why), "write");
  if (by) A.binary(op.add, y, y, by);
}
