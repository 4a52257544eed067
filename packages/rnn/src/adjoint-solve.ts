import { type Arithmetic, at, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Trajectory } from "./forward.ts";
import { gaussJordan } from "./gauss-jordan.ts";
import { zeroGradient } from "./gradient.ts";
import {
  addReadoutGradient,
  addThroughWeights,
  type LocalDerivatives,
  localDerivatives,
  stateJacobian,
  weightInputs,
} from "./local-derivatives.ts";
import { dimensions, type RnnGradient, type RnnProblem } from "./problem.ts";

/**
 * The gradient by the adjoint method (LeCun 1988): the states are variables of their own, tied to the network by
 * constraints, and a multiplier λ_t [H] for each makes the Lagrangian stationary in all states at once.
 *
 * (A1)  L = J − Σ_t λ_tᵀ (h_t − f(u_t))
 * (A2)  ∂L/∂h_t = 0:  λ_t − A_{t+1}ᵀ λ_{t+1} = ∂⁺J/∂h_t        one linear system M λ = g, M [T·H, T·H]
 * (A3)  ∂J/∂W = ∂L/∂W = Σ_t λ_tᵀ ∂⁺h_t/∂W
 * (A4)  ∂J/∂x_t = ∂L/∂x_t = W_xhᵀ (f′(u_t) ⊙ λ_t)
 * (A5)  ∂J/∂h_0 = ∂L/∂h_0 = A_1ᵀ λ_1
 *
 * (A2) is handed to a general solver that knows nothing of time: there is no recursion here to get wrong. The price is
 * O((T H)³) operations and (T H)² numbers per sequence, so this is for small problems and for checking others.
 *
 * @throws OperationError where the arithmetic cannot divide.
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
 * const { x } = adjointSolve(F, problem, trajectory);
 * console.log(F.same(x, backward(F, problem, trajectory).x)); // -> true
 * ```
 */
export function adjointSolve<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
): RnnGradient<Tensor<S>> {
  const { T, B, H } = dimensions(problem);
  const gradient = zeroGradient(A, problem);
  A.scope(() => {
    const local = localDerivatives(A, problem, trajectory, 0, T);
    const jacobians = A.empty([T, B, H, H]);
    for (let t = 0; t < T; t++) stateJacobian(A, at(jacobians, t), problem, at(local.slope, t));
    const multipliers = A.empty([T, B, H]);
    for (let b = 0; b < B; b++) solveSequence(A, multipliers, local, jacobians, b); // (A2)
    const first = at(multipliers, 0);
    for (let b = 0; b < B; b++) {
      A.gemm(slice(gradient.h0, b, b + 1), slice(first, b, b + 1), at(at(jacobians, 0), b), "write"); // (A5)
    }
    A.binary(op.multiply, multipliers, multipliers, local.slope);
    for (let t = 0; t < T; t++) {
      const row = at(multipliers, t);
      addThroughWeights(A, gradient, weightInputs(A, problem, trajectory, t), row); // (A3)
      A.gemm(at(gradient.x, t), row, problem.parameters.Wxh, "write"); // (A4)
      if (local.outputError) addReadoutGradient(A, gradient, trajectory, at(local.outputError, t), t);
    }
  });
  return gradient;
}

/** multipliers[:, b] ← M⁻¹ g for the sequence b; M has I on its diagonal and −A_{t+1}ᵀ beside it. */
function solveSequence<S>(
  A: Arithmetic<S>,
  multipliers: Tensor<S>,
  { stateError }: LocalDerivatives<S>,
  jacobians: Tensor<S>,
  b: number,
): void {
  const [T, , H] = stateError.shape;
  A.scope(() => {
    const matrix = A.empty([T * H, T * H]);
    const right = A.empty([T * H, 1]);
    A.copy(matrix, A.ratio(0, 1));
    for (let t = 0; t < T; t++) {
      A.copy(slice(right, t * H, (t + 1) * H), reshape(at(at(stateError, t), b), [H, 1]));
      for (let i = 0; i < H; i++) {
        const row = at(matrix, t * H + i);
        A.copy(at(row, t * H + i), A.ratio(1, 1));
        if (t === T - 1) continue;
        const column = at(transpose(at(at(jacobians, t + 1), b)), i);
        A.unary(op.negate, slice(row, (t + 1) * H, (t + 2) * H), column);
      }
    }
    gaussJordan(A, matrix, right);
    for (let t = 0; t < T; t++) A.copy(at(at(multipliers, t), b), reshape(slice(right, t * H, (t + 1) * H), [H]));
  });
}
