import {
  type Arithmetic,
  at,
  random,
  reshape,
  ShapeError,
  sameShape,
  type Tensor,
  transpose,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Trajectory } from "./forward.ts";
import { zeroGradient } from "./gradient.ts";
import { addReadoutGradient, asMatrix, localDerivatives, type WeightInput, weightInputs } from "./local-derivatives.ts";
import { dimensions, type RnnParameters, type RnnProblem } from "./problem.ts";

export interface UoroOptions<S> {
  /** ν_t, each element 1 or −1 [T, B, H]; {@link drawSigns} draws them. */
  readonly signs: Tensor<S>;
  /** ρ0 and ρ1 of every step and sequence [T, B], none of them 0. Without them, those of (U4). */
  readonly scales?: { readonly carried: Tensor<S>; readonly fresh: Tensor<S> } | undefined;
}

/** What is added to norms and scales so that none is 0, as in the paper: 10⁻⁷. */
const epsilon = [1, 10_000_000] as const;

/**
 * An unbiased estimate of the gradient that is carried forward: unbiased online recurrent optimization (Tallec and
 * Ollivier 2018), the successor of NoBackTrack (Ollivier, Tallec and Charpiat 2015). The derivative dh_t/dW that
 * real-time recurrent learning carries, H² N numbers for a weight [H, N], is replaced by a product of two vectors with
 * random signs, whose mean it is. For each sequence:
 *
 * (U1)  s_t = ρ0 A_t s_{t−1} + ρ1 ν_t,  s_0 = 0                                    [H]
 * (U2)  θ_t = θ_{t−1} / ρ0 + (ν_tᵀ ∂⁺h_t/∂W) / ρ1,  θ_0 = 0                        [H, N] for each W
 * (U3)  dJ_t/dW ≈ (∂⁺J_t/∂h_t · s_t) θ_t,  because E[s_t θ_t] = dh_t/dW
 * (U4)  ρ0 = √(‖θ_{t−1}‖ / (‖A_t s_{t−1}‖ + ε)) + ε,  ρ1 = √(‖ν_tᵀ ∂⁺h_t/∂W‖ / (‖ν_t‖ + ε)) + ε
 *
 * The mean over all signs is the gradient for any scales that are not 0 and stay the same when ν_t changes its sign, for
 * then the cross terms of (U3) are odd in ν_t; those of (U4) keep the variance small. W_hy and b_y need no estimate:
 * theirs is exact. ∂J/∂h_0 and ∂J/∂x are not estimated.
 *
 * @throws ShapeError for signs or scales of another shape.
 * @example
 * ```ts
 * const F = primeField(1);
 * const problem = liftProblem(F, {
 *   nonlinearity: "tanh",
 *   loss: "linear",
 *   reduction: "sum",
 *   parameters: initialise({ seed: 1, I: 1, H: 1 }),
 *   x: { shape: [2, 1, 1], data: Float64Array.of(1, -0.5) },
 *   h0: { shape: [1, 1], data: Float64Array.of(0.5) },
 *   target: { states: { shape: [2, 1, 1], data: Float64Array.of(1, 1) } },
 * });
 * const trajectory = forward(F, problem);
 * const scales = { carried: F.lift([2, 3], [2, 1]), fresh: F.lift([5, 7], [2, 1]) };
 * const mean = F.lift([0], [1, 1]);
 * for (const signs of [[1, 1], [1, -1], [-1, 1], [-1, -1]]) {
 *   const { Whh } = uoro(F, problem, trajectory, { signs: F.lift(signs, [2, 1, 1]), scales });
 *   F.binary(op.add, mean, mean, Whh);
 * }
 * F.binary(op.multiply, mean, mean, F.ratio(1, 4));
 * console.log(F.same(mean, backward(F, problem, trajectory).Whh)); // -> true
 * ```
 */
export function uoro<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  { signs, scales }: UoroOptions<S>,
): RnnParameters<Tensor<S>> {
  const { T, B, H } = dimensions(problem);
  checkTensor(signs, "signs", [T, B, H]);
  checkTensor(scales?.carried, "carried scales", [T, B]);
  checkTensor(scales?.fresh, "fresh scales", [T, B]);
  const { x, h0, ...gradient } = zeroGradient(A, problem);
  A.scope(() => {
    const state = zeros(A, [B, H]);
    const influence = weightInputs(A, problem, trajectory, 0).map(({ z }) => zeros(A, [B, H * z.shape[1]]));
    for (let t = 0; t < T; t++) {
      A.scope(() => {
        const local = localDerivatives(A, problem, trajectory, t, t + 1);
        const [slope, error, nu] = [at(local.slope, 0), at(local.stateError, 0), at(signs, t)];
        const inputs = weightInputs(A, problem, trajectory, t);
        const [carried, row] = [A.empty([B, H]), A.empty([B, H])];
        A.gemm(carried, state, transpose(problem.parameters.Whh), "write");
        A.binary(op.multiply, carried, carried, slope);
        A.binary(op.multiply, row, nu, slope);
        const fresh = inputs.map(({ z }) => outerProducts(A, row, z));
        const rho0 = scales ? column(A, scales.carried, t) : scaleOf(A, influence, [carried]); // (U4)
        const rho1 = scales ? column(A, scales.fresh, t) : scaleOf(A, fresh, [nu]);
        A.binary(op.multiply, carried, carried, rho0); // (U1)
        A.binary(op.multiply, state, nu, rho1);
        A.binary(op.add, state, state, carried);
        influence.forEach((theta, i) => {
          A.binary(op.divide, theta, theta, rho0); // (U2)
          A.binary(op.divide, fresh[i], fresh[i], rho1);
          A.binary(op.add, theta, theta, fresh[i]);
        });
        addEstimate(A, gradient, inputs, error, state, influence);
        if (local.outputError) addReadoutGradient(A, gradient, trajectory, at(local.outputError, 0), t);
      });
    }
  });
  return gradient;
}

/** gradient ← gradient + Σ_b (∂⁺J_t/∂h_t · s_t) θ_t, (U3) */
function addEstimate<S>(
  A: Arithmetic<S>,
  gradient: RnnParameters<Tensor<S>>,
  inputs: readonly WeightInput<S>[],
  error: Tensor<S>,
  state: Tensor<S>,
  influence: readonly Tensor<S>[],
): void {
  const products = A.empty(error.shape);
  const coefficients = A.empty([error.shape[0], 1]);
  A.binary(op.multiply, products, error, state);
  A.sum(coefficients, products, "write");
  inputs.forEach(({ name }, i) => {
    const out = asMatrix(gradient[name] as Tensor<S>);
    A.gemm(reshape(out, [1, influence[i].shape[1]]), transpose(coefficients), influence[i], "accumulate");
  });
}

/** r_b ⊗ z_b [B, H·N] of r [B, H] and z [B, N]: ν_tᵀ ∂⁺h_t/∂W for r = ν_t ⊙ f′(u_t), by (D5). */
function outerProducts<S>(A: Arithmetic<S>, r: Tensor<S>, z: Tensor<S>): Tensor<S> {
  const [B, H, N] = [r.shape[0], r.shape[1], z.shape[1]];
  const out = A.empty([B, H, N]);
  A.binary(op.multiply, out, reshape(r, [B, H, 1]), reshape(z, [B, 1, N]));
  return reshape(out, [B, H * N]);
}

/** √(‖a‖ / (‖b‖ + ε)) + ε of each sequence [B, 1], where a and b may be in parts [B, ...]. */
function scaleOf<S>(A: Arithmetic<S>, a: readonly Tensor<S>[], b: readonly Tensor<S>[]): Tensor<S> {
  const [scale, divisor, small] = [normOf(A, a), normOf(A, b), A.ratio(...epsilon)];
  A.binary(op.add, divisor, divisor, small);
  A.binary(op.divide, scale, scale, divisor);
  A.unary(op.sqrt, scale, scale);
  A.binary(op.add, scale, scale, small);
  return scale;
}

function normOf<S>(A: Arithmetic<S>, parts: readonly Tensor<S>[]): Tensor<S> {
  const norm = zeros(A, [parts[0].shape[0], 1]);
  for (const part of parts) {
    const squares = A.empty(part.shape);
    A.unary(op.square, squares, part);
    A.sum(norm, squares, "accumulate");
  }
  A.unary(op.sqrt, norm, norm);
  return norm;
}

function column<S>(A: Arithmetic<S>, scales: Tensor<S>, t: number): Tensor<S> {
  const out = A.empty([scales.shape[1]]);
  A.copy(out, at(scales, t));
  return reshape(out, [scales.shape[1], 1]);
}

function zeros<S>(A: Arithmetic<S>, shape: readonly number[]): Tensor<S> {
  const out = A.empty(shape);
  A.copy(out, A.ratio(0, 1));
  return out;
}

function checkTensor(t: Tensor<unknown> | undefined, what: string, shape: readonly number[]): void {
  if (t && !sameShape(t.shape, shape)) throw new ShapeError(`uoro: ${what}`, `[${shape.join(", ")}]`, t.shape);
}

/**
 * Signs for {@link uoro} of that problem, each 1 or −1 with the same chance [T, B, H].
 *
 * @param seed - any safe integer; the same seed gives the same signs.
 */
export function drawSigns<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, seed: number): Tensor<S> {
  const { T, B, H } = dimensions(problem);
  const source = random(seed);
  const signs = Float64Array.from({ length: T * B * H }, () => (source.integer(0, 1) === 0 ? -1 : 1));
  return A.lift(signs, [T, B, H]);
}
