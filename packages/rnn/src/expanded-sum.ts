import { type Arithmetic, at, slice, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Trajectory } from "./forward.ts";
import { zeroGradient } from "./gradient.ts";
import { type JacobianProducts, jacobianProducts } from "./jacobian-products.ts";
import {
  addReadoutGradient,
  addThroughWeights,
  type LocalDerivatives,
  localDerivatives,
  weightInputs,
} from "./local-derivatives.ts";
import { dimensions, mapParameters, type RnnGradient, type RnnParameters, type RnnProblem } from "./problem.ts";

/** One term of the expanded sum: what reaches the gradient of J_t by way of h_k. */
export interface Contribution<S> {
  /** The step of the loss, 1 to T. */
  readonly t: number;
  /** The state, t down to 0: `trajectory.states[k]`. */
  readonly k: number;
  /**
   * W_xh, W_hh, b_xh and b_hh for k >= 1; W_hy and b_y for k = t alone; h_0 for k = 0 alone; x is the part of ∂J/∂x_k
   * [B, I]. Tensors of one's own.
   */
  readonly gradient: { readonly [name in keyof RnnGradient<unknown>]?: Tensor<S> | undefined };
}

/** What the products of Jacobians come from: {@link jacobianProducts} unless another derivation is meant. */
export type ProductSource<S> = (
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  t: number,
) => JacobianProducts<S>;

/**
 * Every term of the sum that the notes' Eqs. 15 and 16 are meant to be (Bengio, Simard and Frasconi 1994; Pascanu,
 * Mikolov and Bengio 2013, "temporal components"), J_1 first and k descending:
 *
 * (E3)  dJ_t/dW = Σ_{k=1..t} ∂⁺J_t/∂h_t Φ(t, k) ∂⁺h_k/∂W          W = W_xh, W_hh, b_xh, b_hh
 * (E4)  dJ_t/dx_k = ∂⁺J_t/∂h_t Φ(t, k) ∂⁺h_k/∂x_k,  ∂⁺h_k/∂x_k = diag(f′(u_k)) W_xh
 * (E5)  dJ_t/dh_0 = ∂⁺J_t/∂h_t Φ(t, 0)        the term k = 0, which the notes sum too: ∂⁺h_0/∂W = 0, ∂⁺h_0/∂h_0 = I
 *
 * ½ T² terms, each with a product of H by H matrices per sequence; a few tensors are kept besides what is taken.
 *
 * @example
 * ```ts
 * const F = primeField(1);
 * const problem = liftProblem(F, {
 *   nonlinearity: "tanh",
 *   loss: "linear",
 *   reduction: "sum",
 *   parameters: initialise({ seed: 1, I: 1, H: 2 }),
 *   x: { shape: [3, 1, 1], data: Float64Array.of(1, -0.5, 0.25) },
 *   h0: { shape: [1, 2], data: Float64Array.of(0.5, 0) },
 *   target: { states: { shape: [3, 1, 2], data: new Float64Array(6).fill(1) } },
 * });
 * const trajectory = forward(F, problem);
 * const sum = F.lift(new Float64Array(4), [2, 2]);
 * for (const { gradient } of contributions(F, problem, trajectory)) {
 *   if (gradient.Whh) F.binary(op.add, sum, sum, gradient.Whh);
 * }
 * console.log(F.same(sum, backward(F, problem, trajectory).Whh)); // -> true
 * ```
 */
export function* contributions<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  products: ProductSource<S> = jacobianProducts,
): Generator<Contribution<S>, void, undefined> {
  const { T, B, I } = dimensions(problem);
  const { Why, by, ...recurrent } = problem.parameters;
  const zeros = (shape: readonly number[]): Tensor<S> => {
    const tensor = A.empty(shape);
    A.copy(tensor, A.ratio(0, 1));
    return tensor;
  };
  const local = localDerivatives(A, problem, trajectory, 0, T);
  for (let t = 1; t <= T; t++) {
    for (const { k, row } of terms(A, local, products(A, problem, trajectory, t), t)) {
      if (k === 0) {
        const h0 = zeros(problem.h0.shape);
        A.copy(h0, row); // (E5)
        yield { t, k, gradient: { h0 } };
      } else {
        const named = k === t ? problem.parameters : recurrent;
        const gradient = { ...mapParameters(named, ({ shape }) => zeros(shape)), x: zeros([B, I]) };
        A.scope(() => addTerm(A, problem, trajectory, local, { t, k, row }, gradient, gradient.x));
        yield { t, k, gradient };
      }
    }
  }
}

/**
 * The gradient as the sum of all its {@link contributions}: O(T² H³) for what back-propagation does in O(T H²).
 *
 * @param products - the products of Jacobians; {@link jacobianProducts} unless another derivation is meant.
 */
export function expandedSum<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  products: ProductSource<S> = jacobianProducts,
): RnnGradient<Tensor<S>> {
  const gradient = zeroGradient(A, problem);
  const { T } = dimensions(problem);
  A.scope(() => {
    const local = localDerivatives(A, problem, trajectory, 0, T);
    for (let t = 1; t <= T; t++) {
      A.scope(() => {
        for (const { k, row } of terms(A, local, products(A, problem, trajectory, t), t)) {
          if (k === 0) A.binary(op.add, gradient.h0, gradient.h0, row);
          else addTerm(A, problem, trajectory, local, { t, k, row }, gradient, at(gradient.x, k - 1));
        }
      });
    }
  });
  return gradient;
}

interface Term<S> {
  readonly t: number;
  readonly k: number;
  /** ∂⁺J_t/∂h_t Φ(t, k) [B, H], overwritten by the next. */
  readonly row: Tensor<S>;
}

function* terms<S>(
  A: Arithmetic<S>,
  { stateError }: LocalDerivatives<S>,
  products: JacobianProducts<S>,
  t: number,
): Generator<Term<S>, void, undefined> {
  const error = at(stateError, t - 1);
  const row = A.empty(error.shape);
  for (const { k, product } of products) {
    for (let b = 0; b < error.shape[0]; b++) {
      A.gemm(slice(row, b, b + 1), slice(error, b, b + 1), at(product, b), "write");
    }
    yield { t, k, row };
  }
}

/** Adds the term of a step k >= 1; x [B, I] is where the part of ∂J/∂x_k goes. */
function addTerm<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  { outputError, slope }: LocalDerivatives<S>,
  { t, k, row }: Term<S>,
  gradient: RnnParameters<Tensor<S>>,
  x: Tensor<S>,
): void {
  const step = k - 1;
  A.binary(op.multiply, row, row, at(slope, step));
  addThroughWeights(A, gradient, weightInputs(A, problem, trajectory, step), row); // (E3)
  A.gemm(x, row, problem.parameters.Wxh, "accumulate"); // (E4)
  if (k === t && outputError) addReadoutGradient(A, gradient, trajectory, at(outputError, step), step);
}
