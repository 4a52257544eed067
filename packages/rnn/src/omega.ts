import { type Arithmetic, at, reshape, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { backward } from "./backward.ts";
import type { Trajectory } from "./forward.ts";
import { activationSlope } from "./local-derivatives.ts";
import { outputErrorDerivative } from "./loss.ts";
import { dimensions, type RnnGradient, type RnnProblem } from "./problem.ts";
import { rows } from "./rows.ts";
import { type StateErrors, stateErrors } from "./state-errors.ts";

export interface OmegaOptions<S> {
  /**
   * Which steps of which sequences have a term [T, B]: 1 or 0; all of them unless given. Where ∂J/∂h_t is 0, as behind the
   * end of a padded sequence, there is no ratio, and 0 here keeps the term out. It counts as a constant.
   */
  readonly counted?: Tensor<S> | undefined;
}

export interface Omega<S> {
  /** Ω, a scalar */
  readonly value: Tensor<S>;
  /** r_t [T, B]: what is left of the error's length after the step back from h_t to h_{t−1}; 0 where not counted. */
  readonly ratios: Tensor<S>;
}

export interface OmegaGradient<S> extends Omega<S> {
  /** ∂⁺Ω/∂W_hh [H, H] with h_t and ∂J/∂h_t held constant: what Pascanu, Mikolov and Bengio train with. */
  readonly immediate: Tensor<S>;
  /** dΩ with respect to every parameter, h_0 and x: through the states and through the errors too. */
  readonly full: RnnGradient<Tensor<S>>;
}

/**
 * The regulariser of Pascanu, Mikolov and Bengio (2013, Eq. 9): errors should keep their length from step to step.
 *
 * (O1)  g_t = W_hhᵀ δ_t = A_tᵀ ∂J/∂h_t                    [B, H]
 * (O2)  r_t = ‖g_t‖ / ‖λ_t‖,   λ_t = ∂J/∂h_t              [B]
 * (O3)  Ω = Σ_t Σ_b (r_t − 1)²                            []     t = 1 … T, each sequence by itself
 *
 * Their program divides by the number of terms; this is the paper's sum.
 *
 * @param trajectory - what `forward` returned for the same problem.
 * @example
 * ```ts
 * const problem = liftProblem(float64, {
 *   nonlinearity: "relu",
 *   loss: "linear",
 *   reduction: "sum",
 *   parameters: {
 *     Wxh: { shape: [2, 1], data: Float64Array.of(0, 0) },
 *     Whh: { shape: [2, 2], data: Float64Array.of(0, 2, 2, 0) },
 *   },
 *   x: { shape: [3, 1, 1], data: new Float64Array(3) },
 *   h0: { shape: [1, 2], data: Float64Array.of(1, 1) },
 *   target: { states: { shape: [3, 1, 2], data: Float64Array.of(0, 0, 0, 0, 3, 4) } },
 * });
 * const { value, ratios } = omega(float64, problem, forward(float64, problem));
 * console.log(float64.lower(ratios).join(), float64.lower(value)[0]); // -> 2,2,2 3
 * ```
 */
export function omega<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  options: OmegaOptions<S> = {},
): Omega<S> {
  const { value, ratios } = parts(A, problem, stateErrors(A, problem, trajectory), options);
  return { value, ratios };
}

/**
 * Ω with both gradients. The immediate one takes W_hh in (O1) alone for a variable; the full one is the derivative of Ω, and
 * so has second derivatives of J in it: one sweep forward through the equations of the errors, and one back through those of
 * the states.
 *
 * (O4)  ∂⁺Ω/∂g_t = 2 (r_t − 1) g_t / (‖g_t‖ ‖λ_t‖)                             [B, H]
 * (O5)  ∂⁺Ω/∂λ_t = −2 (r_t − 1) r_t λ_t / ‖λ_t‖²                                [B, H]
 * (O6)  ∂⁺Ω/∂W_hh = Σ_t δ_t (∂⁺Ω/∂g_t)ᵀ                                        [H, H]
 *
 * @param trajectory - what `forward` returned for the same problem.
 */
export function omegaGradient<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  options: OmegaOptions<S> = {},
): OmegaGradient<S> {
  const errors = stateErrors(A, problem, trajectory);
  const { value, ratios, passed, passedLength, length, excess } = parts(A, problem, errors, options);
  const dPassed = A.empty(passed.shape);
  const dError = A.empty(passed.shape);
  const factor = A.empty(length.shape);
  A.binary(op.multiply, factor, excess, A.ratio(2, 1));
  A.binary(op.divide, factor, factor, length);
  A.binary(op.multiply, dError, errors.stateError, factor);
  A.binary(op.divide, factor, factor, passedLength);
  A.binary(op.multiply, dPassed, passed, factor); // (O4)
  A.binary(op.divide, factor, reshape(ratios, length.shape), length);
  A.binary(op.multiply, dError, dError, factor);
  A.unary(op.negate, dError, dError); // (O5)
  const immediate = A.empty(problem.parameters.Whh.shape);
  A.gemm(immediate, transpose(rows(errors.delta)), rows(dPassed), "write"); // (O6)
  return { value, ratios, immediate, full: throughErrors(A, problem, trajectory, errors, dPassed, dError) };
}

/** (O1) to (O3), with what their derivatives need; lengths and r − 1 are [T, B, 1]. */
function parts<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  { stateError, delta }: StateErrors<S>,
  { counted }: OmegaOptions<S>,
) {
  const { T, B } = dimensions(problem);
  const passed = A.empty(delta.shape);
  A.gemm(rows(passed), rows(delta), problem.parameters.Whh, "write"); // (O1)
  const weight = A.empty([T, B, 1]);
  A.copy(weight, counted ? reshape(counted, [T, B, 1]) : A.ratio(1, 1));
  const absent = A.empty([T, B, 1]);
  A.unary(op.oneMinus, absent, weight);
  const lengthOf = (vectors: Tensor<S>): Tensor<S> => {
    const squares = A.empty(vectors.shape);
    const length = A.empty([T, B, 1]);
    A.unary(op.square, squares, vectors);
    A.sum(length, squares, "write");
    A.unary(op.sqrt, length, length);
    A.binary(op.add, length, length, absent); // so that nothing is divided by 0 where nothing counts
    return length;
  };
  const [passedLength, length] = [lengthOf(passed), lengthOf(stateError)];
  const ratio = A.empty([T, B, 1]);
  A.binary(op.divide, ratio, passedLength, length); // (O2)
  A.binary(op.multiply, ratio, ratio, weight);
  const excess = A.empty([T, B, 1]);
  A.binary(op.subtract, excess, ratio, weight);
  const squares = A.empty([T, B, 1]);
  A.unary(op.square, squares, excess);
  const value = A.empty([]);
  A.sum(reshape(value, [1, 1, 1]), squares, "write"); // (O3)
  return { value, ratios: reshape(ratio, [T, B]), passed, passedLength, length, excess };
}

/**
 * From ∂⁺Ω/∂g_t and ∂⁺Ω/∂λ_t to the gradient, by the chain rule through (B1) to (B4), which runs forward in time, for they
 * run backward:
 *
 * (O7)  γ_t = dΩ/dg_t = ∂⁺Ω/∂g_t + ε_{t−1}                    λ_{t−1} = … + g_t; ε_0 = 0       [B, H]
 * (O8)  ε_t = dΩ/dλ_t = ∂⁺Ω/∂λ_t + f′(u_t) ⊙ W_hh γ_t         δ_t = f′(u_t) ⊙ λ_t              [B, H]
 * (O9)  Σ_t δ_t γ_tᵀ of dΩ/dW_hh,  Σ_t e_t ε_tᵀ of dΩ/dW_hy
 * (O10) ∂⁺Ω/∂h_t = −2 h_t ⊙ λ_t ⊙ W_hh γ_t                    f″/f′ = −2 tanh; 0 for relu      [B, H]
 * (O11) ∂⁺Ω/∂ŷ_t = (∂e_t/∂ŷ_t) W_hy ε_t                                                        [B, O]
 *
 * What is left is the gradient of ⟨∂⁺Ω/∂h_t, h_t⟩ + ⟨∂⁺Ω/∂ŷ_t, ŷ_t⟩ with both held constant: (B1) to (B12).
 */
function throughErrors<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  { stateError, delta, outputError }: StateErrors<S>,
  dPassed: Tensor<S>,
  dError: Tensor<S>,
): RnnGradient<Tensor<S>> {
  const { T, B, H, O } = dimensions(problem);
  const { Whh, Why } = problem.parameters;
  const dStates = A.empty([T, B, H]);
  const [slope, dDelta] = [A.empty([B, H]), A.empty([B, H])];
  for (let t = 0; t < T; t++) {
    const [h, gamma, epsilon, dState] = [at(trajectory.states, t + 1), at(dPassed, t), at(dError, t), at(dStates, t)];
    if (t > 0) A.binary(op.add, gamma, gamma, at(dError, t - 1)); // (O7)
    A.gemm(dDelta, gamma, transpose(Whh), "write");
    A.binary(op.multiply, dState, dDelta, at(stateError, t));
    A.binary(op.multiply, dState, dState, h);
    A.binary(op.multiply, dState, dState, A.ratio(problem.nonlinearity === "tanh" ? -2 : 0, 1)); // (O10)
    activationSlope(A, slope, problem, h);
    A.binary(op.multiply, dDelta, dDelta, slope);
    A.binary(op.add, epsilon, epsilon, dDelta); // (O8)
  }
  const dOutputs = Why && trajectory.outputs && A.empty([T, B, O]);
  if (dOutputs && trajectory.outputs) {
    const along = A.empty([T, B, O]);
    A.gemm(rows(along), rows(dError), transpose(Why), "write");
    outputErrorDerivative(A, dOutputs, problem, trajectory.outputs, along); // (O11)
  }
  const { nonlinearity, parameters, x, h0 } = problem;
  const target = { states: dStates, outputs: dOutputs };
  const rest: RnnProblem<Tensor<S>> = { nonlinearity, parameters, x, h0, loss: "linear", reduction: "sum", target };
  const gradient = backward(A, rest, trajectory);
  A.gemm(gradient.Whh, transpose(rows(delta)), rows(dPassed), "accumulate"); // (O9)
  if (gradient.Why && outputError) {
    A.gemm(gradient.Why, transpose(rows(outputError)), rows(dError), "accumulate");
  }
  return gradient;
}
