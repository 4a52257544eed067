import { type Arithmetic, slice, type Tensor } from "@gradproof/arithmetic";
import { errorsBack } from "./backward.ts";
import { bptt, segmentTensors } from "./bptt.ts";
import type { Trajectory } from "./forward.ts";
import { dimensions, type RnnProblem } from "./problem.ts";

/** What (B1) to (B4) compute on their way back, for every step at once. */
export interface StateErrors<S> {
  /** e_t = ∂J/∂ŷ_t [T, B, O]; absent without a readout. */
  readonly outputError: Tensor<S> | undefined;
  /** λ_t = ∂J/∂h_t [T, B, H] */
  readonly stateError: Tensor<S>;
  /** δ_t = ∂J/∂u_t [T, B, H] */
  readonly delta: Tensor<S>;
}

/** The errors that {@link backward} carries back in time, kept for all steps t = 1 … T: T·B·(2H + O) numbers. */
export function stateErrors<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
): StateErrors<S> {
  const { T } = dimensions(problem);
  const segment = { problem, trajectory, start: 0, end: T, ...segmentTensors(A, problem, T) };
  errorsBack(A, segment, T, bptt<S>());
  return { outputError: segment.outputError, stateError: segment.stateError, delta: slice(segment.delta, 0, T) };
}
