import { type Arithmetic, at, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import { evaluateLoss } from "./loss.ts";
import { dimensions, type RnnProblem } from "./problem.ts";

/** What forward keeps for backward and for the reader. */
export interface Trajectory<S> {
  /** u_t [T, B, H]: where relu has its kinks, and what a diagnosis of saturation looks at. */
  readonly preactivations: Tensor<S>;
  /** h_0 to h_T [T + 1, B, H]: f'(u_t) is a function of h_t, and W_hh's gradient needs h_{t-1}. */
  readonly states: Tensor<S>;
  /** ŷ_t [T, B, O]: ∂J/∂ŷ_t is a function of it. Absent without a readout. */
  readonly outputs: Tensor<S> | undefined;
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
export function forward<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  activate: Activation<S> = (_A, h, u) => A.unary(problem.nonlinearity, h, u),
): Trajectory<S> {
  const { T, B, H, O } = dimensions(problem);
  const { Why } = problem.parameters;
  const preactivations = A.empty([T, B, H]);
  const states = A.empty([T + 1, B, H]);
  const outputs = Why && A.empty([T, B, O]);
  const loss = A.empty([]);
  A.scope(() => {
    A.copy(at(states, 0), problem.h0);
    projectInputs(A, preactivations, problem);
    for (let t = 0; t < T; t++) {
      A.gemm(at(preactivations, t), at(states, t), transpose(problem.parameters.Whh), "accumulate"); // (F1)
      activate(A, at(states, t + 1), at(preactivations, t), t); // (F2)
    }
    if (outputs) readOut(A, outputs, problem, slice(states, 1, T + 1));
    evaluateLoss(A, loss, problem, states, outputs); // (F4)
  });
  return { preactivations, states, outputs, loss };
}

/** The part of (F1) that needs no state, for all steps in one product: W_xh x_t + b_xh + b_hh. */
function projectInputs<S>(A: Arithmetic<S>, preactivations: Tensor<S>, problem: RnnProblem<Tensor<S>>): void {
  const { T, B, I, H } = dimensions(problem);
  const { Wxh, bxh, bhh } = problem.parameters;
  const rows = reshape(preactivations, [T * B, H]);
  A.gemm(rows, reshape(problem.x, [T * B, I]), transpose(Wxh), "write");
  if (bxh) A.binary("add", rows, rows, bxh);
  if (bhh) A.binary("add", rows, rows, bhh);
}

/** (F3) for all steps in one product. */
function readOut<S>(A: Arithmetic<S>, outputs: Tensor<S>, problem: RnnProblem<Tensor<S>>, states: Tensor<S>): void {
  const { T, B, H, O } = dimensions(problem);
  const { Why, by } = problem.parameters;
  if (!Why) return;
  const rows = reshape(outputs, [T * B, O]);
  A.gemm(rows, reshape(states, [T * B, H]), transpose(Why), "write");
  if (by) A.binary("add", rows, rows, by);
}
