import { type Arithmetic, at, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Trajectory } from "./forward.ts";
import { addStateCotangent, outputError } from "./loss.ts";
import { dimensions, type RnnParameters, type RnnProblem } from "./problem.ts";
import { rows } from "./rows.ts";

/**
 * The derivatives of single steps: the pieces that every derivation but BPTT's own is put together from. ∂⁺ is the
 * immediate partial derivative (Werbos 1990): what lies before the step is held constant.
 */
export interface LocalDerivatives<S> {
  /** e_t [L, B, O]; absent without a readout. */
  readonly outputError: Tensor<S> | undefined;
  /** ∂⁺J/∂h_t [L, B, H]: not through h_{t+1}. */
  readonly stateError: Tensor<S>;
  /** f′(u_t) [L, B, H] */
  readonly slope: Tensor<S>;
}

/**
 * (D1)  e_t = ∂J/∂ŷ_t                                                [L, B, O]
 * (D2)  ∂⁺J/∂h_t = W_hyᵀ e_t        and a linear loss's own cotangent [L, B, H]
 * (D3)  f′(u_t) = 1 − h_t² for tanh, [h_t > 0] for relu               [L, B, H]
 */
export function localDerivatives<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  start: number,
  end: number,
): LocalDerivatives<S> {
  const { B, H, O } = dimensions(problem);
  const { Why } = problem.parameters;
  const error = Why && A.empty([end - start, B, O]);
  const stateError = A.empty([end - start, B, H]);
  const slope = A.empty([end - start, B, H]);

  if (error && trajectory.outputs) outputError(A, error, problem, trajectory.outputs, start, end); // (D1)

  if (error && Why)
    A.gemm(rows(stateError), rows(error), Why, "write"); // (D2)
  else A.copy(stateError, A.ratio(0, 1));
  addStateCotangent(A, stateError, problem, start, end);

  activationSlope(A, slope, problem, slice(trajectory.states, start + 1, end + 1)); // (D3)
  return { outputError: error, stateError, slope };
}

/** (D3)  slope ← f′(u), a function of h = f(u); both of one shape        relu′(0) = 0 */
export function activationSlope<S>(
  A: Arithmetic<S>,
  slope: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  h: Tensor<S>,
): void {
  if (problem.nonlinearity === "relu") {
    A.unary(op.step, slope, h);
  } else {
    A.unary(op.square, slope, h);
    A.unary(op.oneMinus, slope, slope);
  }
}

/** (D4)  jacobian ← A_t = ∂h_t/∂h_{t−1} = diag(f′(u_t)) W_hh        [B, H, H], from f′(u_t) [B, H] */
export function stateJacobian<S>(
  A: Arithmetic<S>,
  jacobian: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  slope: Tensor<S>,
): void {
  A.binary(op.multiply, jacobian, reshape(slope, [...slope.shape, 1]), problem.parameters.Whh);
}

/** A weight that u_t is a linear function of, and what it multiplies there. */
export interface WeightInput<S> {
  readonly name: "Wxh" | "Whh" | "bxh" | "bhh";
  /** z_t [B, N]: x_t for W_xh, h_{t−1} for W_hh, 1 for a bias. */
  readonly z: Tensor<S>;
}

/** (D5)  u_t = Σ_W W z_t, so that ∂⁺h_{t,i}/∂W_jn = f′(u_t)_i [i = j] z_{t,n}        W [H, N] */
export function weightInputs<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  t: number,
): readonly WeightInput<S>[] {
  const { B } = dimensions(problem);
  const { bxh, bhh } = problem.parameters;
  const one = A.empty([B, 1]);
  A.copy(one, A.ratio(1, 1));
  return [
    { name: "Wxh", z: at(problem.x, t) },
    { name: "Whh", z: at(trajectory.states, t) },
    ...(bxh ? [{ name: "bxh", z: one } as const] : []),
    ...(bhh ? [{ name: "bhh", z: one } as const] : []),
  ];
}

/** gradient ← gradient + Σ_b r ∂⁺h_t/∂W, for r ⊙ f′(u_t) [B, H]; by (D5) an outer product with z_t for each weight. */
export function addThroughWeights<S>(
  A: Arithmetic<S>,
  gradient: RnnParameters<Tensor<S>>,
  inputs: readonly WeightInput<S>[],
  row: Tensor<S>,
): void {
  for (const { name, z } of inputs) {
    const out = asMatrix(gradient[name] as Tensor<S>);
    A.gemm(out, transpose(row), z, "accumulate");
  }
}

/** A weight [H, N] as it is, a bias [H] as [H, 1]. */
export function asMatrix<S>(weight: Tensor<S>): Tensor<S> {
  return reshape(weight, [weight.shape[0], weight.shape[1] ?? 1]);
}

/** (D6)  gradient ← gradient + ∂J_t/∂W_hy = e_t h_tᵀ [O, H] and ∂J_t/∂b_y = e_t [O], from e_t [B, O] */
export function addReadoutGradient<S>(
  A: Arithmetic<S>,
  gradient: RnnParameters<Tensor<S>>,
  trajectory: Trajectory<S>,
  error: Tensor<S>,
  t: number,
): void {
  if (gradient.Why) A.gemm(gradient.Why, transpose(error), at(trajectory.states, t + 1), "accumulate");
  if (gradient.by) A.sum(reshape(gradient.by, [1, gradient.by.shape[0]]), error, "accumulate");
}
