import { type Arithmetic, at, reshape, slice, type Tensor } from "@gradproof/arithmetic";
import type { Trajectory } from "./forward.ts";
import { zeroGradient } from "./gradient.ts";
import { setIdentity } from "./identity.ts";
import {
  activationSlope,
  addReadoutGradient,
  asMatrix,
  localDerivatives,
  stateJacobian,
  type WeightInput,
  weightInputs,
} from "./local-derivatives.ts";
import { dimensions, type RnnParameters, type RnnProblem } from "./problem.ts";

/** How the state after a step depends on the weights and on the initial state; overwritten when the next is taken. */
export interface Sensitivities<S> {
  /** t, 1 to T; h_t is `trajectory.states[t]`. */
  readonly step: number;
  /** dh_t/dW [B, H, H·N] for a weight W [H, N], row-major in W; a bias has N = 1. */
  readonly weights: { readonly [name in WeightInput<unknown>["name"]]?: Tensor<S> };
  /** dh_t/dh_0 [B, H, H] */
  readonly h0: Tensor<S>;
}

/**
 * The total derivatives of the states, carried forward in time: Eq. 13 of the notes, read as the recursion that it should
 * be. For each step 1 to T:
 *
 * (R1)  dh_t/dW = ∂⁺h_t/∂W + A_t dh_{t−1}/dW,  dh_0/dW = 0        W = W_xh, W_hh, b_xh, b_hh
 * (R2)  dh_t/dh_0 = A_t dh_{t−1}/dh_0,  dh_0/dh_0 = I
 *
 * O(H³) numbers per sequence whatever T, and O(H⁴) operations per step.
 */
export function* sensitivities<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
): Generator<Sensitivities<S>, void, undefined> {
  const { T, B, H } = dimensions(problem);
  const slope = A.empty([B, H]);
  const jacobian = A.empty([B, H, H]);
  let [now, next] = [startOf(A, problem), startOf(A, problem)];
  for (let t = 0; t < T; t++) {
    A.scope(() => {
      activationSlope(A, slope, problem, at(trajectory.states, t + 1));
      stateJacobian(A, jacobian, problem, slope);
      for (const { name, z } of weightInputs(A, problem, trajectory, t)) {
        const [from, to] = [now.weights[name], next.weights[name]] as [Tensor<S>, Tensor<S>];
        applyJacobian(A, to, jacobian, from);
        addImmediate(A, to, slope, z); // (R1)
      }
      applyJacobian(A, next.h0, jacobian, now.h0); // (R2)
    });
    [now, next] = [next, now];
    yield { ...now, step: t + 1 };
  }
}

/** dh_0/dW = 0 and dh_0/dh_0 = I. */
function startOf<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): Omit<Sensitivities<S>, "step"> {
  const { B, H } = dimensions(problem);
  const { Wxh, Whh, bxh, bhh } = problem.parameters;
  const zeros = (weight: Tensor<S>) => {
    const tensor = A.empty([B, H, H * asMatrix(weight).shape[1]]);
    A.copy(tensor, A.ratio(0, 1));
    return tensor;
  };
  const h0 = A.empty([B, H, H]);
  setIdentity(A, h0);
  const biases = { ...(bxh && { bxh: zeros(bxh) }), ...(bhh && { bhh: zeros(bhh) }) };
  return { weights: { Wxh: zeros(Wxh), Whh: zeros(Whh), ...biases }, h0 };
}

/** out_b ← A_t a_b for every sequence b. */
function applyJacobian<S>(A: Arithmetic<S>, out: Tensor<S>, jacobian: Tensor<S>, a: Tensor<S>): void {
  for (let b = 0; b < out.shape[0]; b++) A.gemm(at(out, b), at(jacobian, b), at(a, b), "write");
}

/** out [B, H, H·N] ← out + ∂⁺h_t/∂W, which has f′(u_t)_i z_n where W's row is i, and 0 elsewhere. */
function addImmediate<S>(A: Arithmetic<S>, out: Tensor<S>, slope: Tensor<S>, z: Tensor<S>): void {
  const [B, H] = slope.shape;
  const byRow = reshape(out, [B, H, H, z.shape[1]]);
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      const place = reshape(at(at(at(byRow, b), i), i), [1, z.shape[1]]);
      A.gemm(place, reshape(at(at(slope, b), i), [1, 1]), slice(z, b, b + 1), "accumulate");
    }
  }
}

/**
 * The gradient by real-time recurrent learning (Williams and Zipser 1989): the derivatives of the state are carried
 * forward, and each loss is settled when it comes. There is no backward sweep and no state is kept, so the gradient of
 * J_1 + ... + J_t is known at step t. ∂J/∂x is not among it: it would have to carry every earlier input.
 *
 * (R3)  dJ_t/dW = ∂⁺J_t/∂h_t dh_t/dW,  dJ_t/dh_0 = ∂⁺J_t/∂h_t dh_t/dh_0
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
 * const { Wxh } = realTimeRecurrentLearning(F, problem, trajectory);
 * console.log(F.same(Wxh, backward(F, problem, trajectory).Wxh)); // -> true
 * ```
 */
export function realTimeRecurrentLearning<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
): RnnParameters<Tensor<S>> & { readonly h0: Tensor<S> } {
  const { x, ...gradient } = zeroGradient(A, problem);
  A.scope(() => {
    for (const { step, weights, h0 } of sensitivities(A, problem, trajectory)) {
      A.scope(() => {
        const local = localDerivatives(A, problem, trajectory, step - 1, step);
        const error = at(local.stateError, 0);
        for (const [name, sensitivity] of Object.entries(weights) as [WeightInput<S>["name"], Tensor<S>][]) {
          const row = reshape(gradient[name] as Tensor<S>, [1, sensitivity.shape[2]]);
          for (let b = 0; b < error.shape[0]; b++) {
            A.gemm(row, slice(error, b, b + 1), at(sensitivity, b), "accumulate"); // (R3)
          }
        }
        for (let b = 0; b < error.shape[0]; b++) {
          A.gemm(slice(gradient.h0, b, b + 1), slice(error, b, b + 1), at(h0, b), "accumulate");
        }
        if (local.outputError) addReadoutGradient(A, gradient, trajectory, at(local.outputError, 0), step - 1);
      });
    }
  });
  return gradient;
}
