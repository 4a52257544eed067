import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  dimensions,
  omegaGradient,
  type RnnGradient,
  type RnnProblem,
  stateErrors,
  type Trajectory,
} from "@gradproof/rnn";

/** Lengths ‖∂J/∂h_t‖² below this have no term: nothing is left that could keep its length (Pascanu's program). */
const negligible = 1e-20;

/**
 * Adds α ∂⁺Ω/∂W_hh to a gradient: Pascanu, Mikolov and Bengio's regulariser (2013), states and errors held constant, as they
 * train with it, over the mean of the terms, as their program takes it.
 */
export function addOmega<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  gradient: RnnGradient<Tensor<S>>,
  alpha: number,
): void {
  A.scope(() => {
    const { T, B, H } = dimensions(problem);
    const errors = A.lower(stateErrors(A, problem, trajectory).stateError);
    const counted = Float64Array.from({ length: T * B }, (_, row) => {
      const error = errors.subarray(row * H, (row + 1) * H);
      return error.reduce((sum, value) => sum + value * value, 0) >= negligible ? 1 : 0;
    });
    const terms = counted.reduce((sum, one) => sum + one, 0);
    if (terms === 0) return;
    const { immediate } = omegaGradient(A, problem, trajectory, { counted: A.lift(counted, [T, B]) });
    A.binary(op.multiply, immediate, immediate, A.round([alpha / terms], []));
    A.binary(op.add, gradient.Whh, gradient.Whh, immediate);
  });
}
