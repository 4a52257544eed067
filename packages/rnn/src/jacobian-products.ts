import { type Arithmetic, at, type Tensor } from "@gradproof/arithmetic";
import type { Trajectory } from "./forward.ts";
import { setIdentity } from "./identity.ts";
import { activationSlope, stateJacobian } from "./local-derivatives.ts";
import { dimensions, type RnnProblem } from "./problem.ts";

/** dh_t/dh_k of every sequence. */
export interface JacobianProduct<S> {
  readonly k: number;
  /** Φ(t, k) [B, H, H]; overwritten when the next one is taken. */
  readonly product: Tensor<S>;
}

export type JacobianProducts<S> = Generator<JacobianProduct<S>, void, undefined>;

/**
 * The ordered products of Jacobians of the notes' Eqs. 18 to 20, from k = t down to the initial state k = 0; h_t is
 * `trajectory.states[t]`.
 *
 * (E1)  Φ(t, t) = I                                       [B, H, H]
 * (E2)  Φ(t, k − 1) = Φ(t, k) A_k, so that Φ(t, k) = A_t A_{t−1} ⋯ A_{k+1}: the latest on the left
 *
 * @param t - from 0 to T.
 * @throws RangeError for another t.
 * @example
 * ```ts
 * const problem = liftProblem(float64, {
 *   nonlinearity: "relu",
 *   loss: "linear",
 *   reduction: "sum",
 *   parameters: {
 *     Wxh: { shape: [2, 1], data: Float64Array.of(0, 0) },
 *     Whh: { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) },
 *   },
 *   x: { shape: [2, 1, 1], data: Float64Array.of(0, 0) },
 *   h0: { shape: [1, 2], data: Float64Array.of(1, 1) },
 *   target: { states: { shape: [2, 1, 2], data: Float64Array.of(0, 0, 1, 1) } },
 * });
 * const products = jacobianProducts(float64, problem, forward(float64, problem), 2);
 * for (const { k, product } of products) console.log(k, float64.lower(product).join(" "));
 * // -> 2 1 0 0 1
 * // -> 1 1 2 3 4
 * // -> 0 7 10 15 22
 * ```
 */
export function* jacobianProducts<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  t: number,
): JacobianProducts<S> {
  const { T, B, H } = dimensions(problem);
  if (!(Number.isInteger(t) && 0 <= t && t <= T)) {
    throw new RangeError(`jacobianProducts: t is ${t}; expected an integer from 0 to T = ${T}`);
  }
  const slope = A.empty([B, H]);
  const jacobian = A.empty([B, H, H]);
  let [product, next] = [A.empty([B, H, H]), A.empty([B, H, H])];
  setIdentity(A, product); // (E1)
  yield { k: t, product };
  for (let k = t; k > 0; k--) {
    activationSlope(A, slope, problem, at(trajectory.states, k));
    stateJacobian(A, jacobian, problem, slope);
    for (let b = 0; b < B; b++) A.gemm(at(next, b), at(product, b), at(jacobian, b), "write"); // (E2)
    [product, next] = [next, product];
    yield { k: k - 1, product };
  }
}
