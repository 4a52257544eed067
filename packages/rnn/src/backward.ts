import { type Arithmetic, at, type Mode, type Tensor } from "@gradproof/arithmetic";
import { bptt, type Equations, hasStepsOfBptt, type Segment, segments, segmentTensors, stepsBack } from "./bptt.ts";
import { forward, type Trajectory } from "./forward.ts";
import { emptyGradient } from "./gradient.ts";
import {
  dimensions,
  liftProblem,
  mapParameters,
  type NumericArray,
  type RnnGradient,
  type RnnProblem,
} from "./problem.ts";

/**
 * The gradient of J by back-propagation through time: every weight and bias that the problem has, h_0 and x.
 *
 * @param trajectory - what {@link forward} returned for the same problem.
 * @param equations - the derivation; {@link bptt} unless one of its equations is to be replaced.
 * @example
 * ```ts
 * const lifted = liftProblem(float64, problem);
 * const { Whh } = backward(float64, lifted, forward(float64, lifted));
 * float64.lower(Whh); // [H, H], row-major
 * ```
 */
export function backward<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  equations: Equations<S> = bptt<S>(),
): RnnGradient<Tensor<S>> {
  const { T, B, H } = dimensions(problem);
  const gradient = emptyGradient(A, problem);
  A.scope(() => {
    const carried = A.empty([B, H]);
    for (const part of segments(T)) backwardSegment(A, problem, trajectory, part, equations, carried, gradient);
  });
  return gradient;
}

/**
 * The part of the sweep that belongs to one segment: adds to the gradient, and hands over in `carried` [B, H] what the
 * segment before it needs. Segments are taken in the order of {@link segments}.
 */
export function backwardSegment<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Segment<S>["trajectory"],
  { start, end }: Pick<Segment<S>, "start" | "end">,
  equations: Equations<S>,
  carried: Tensor<S>,
  gradient: RnnGradient<Tensor<S>>,
): void {
  const { T } = dimensions(problem);
  A.scope(() => {
    const segment = { problem, trajectory, start, end, ...segmentTensors(A, problem, end - start) };
    if (end < T) A.copy(at(segment.delta, end - start), carried);
    errorsBack(A, segment, T, equations);
    if (start > 0) equations.sweep.carry(A, carried, segment);
    const mode = end === T ? "write" : equations.sweep.join;
    addGradients(A, segment, gradient, mode, equations);
  });
}

/** (B5) to (B12) over one segment. */
function addGradients<S>(
  A: Arithmetic<S>,
  segment: Segment<S>,
  gradient: RnnGradient<Tensor<S>>,
  mode: Mode,
  equations: Equations<S>,
): void {
  const { Wxh, Whh, Why, bxh, bhh, by, h0, x } = gradient;
  equations.Wxh(A, segment, Wxh, mode);
  equations.Whh(A, segment, Whh, mode);
  if (Why) equations.Why(A, segment, Why, mode);
  if (bxh) equations.bxh(A, segment, bxh, mode);
  if (bhh) equations.bhh(A, segment, bhh, mode);
  if (by) equations.by(A, segment, by, mode);
  equations.h0(A, segment, h0, mode);
  equations.x(A, segment, x, mode);
}

/** (B1) to (B4) over one segment. The step behind the last one, δ_{T+1} = 0, has nothing to step back from. */
export function errorsBack<S>(A: Arithmetic<S>, segment: Segment<S>, T: number, equations: Equations<S>): void {
  equations.outputError(A, segment);
  equations.throughReadout(A, segment);
  if (A.recurrence && hasStepsOfBptt(equations)) {
    stepsBack(A, segment, T);
    return;
  }
  for (const t of equations.sweep.order(segment.start, segment.end)) {
    if (t < T - 1) equations.stepBack(A, segment, t);
    equations.throughActivation(A, segment, t);
  }
}

/**
 * Loss and gradient of a problem of plain numbers, as plain numbers.
 *
 * @throws ProblemError where shapes disagree; LiftError where the arithmetic cannot hold a number of the problem.
 * @example
 * ```ts
 * const { loss, gradient } = lossAndGradient(float64, problem);
 * gradient.Whh.data; // Float64Array, [H, H] row-major
 * ```
 */
export function lossAndGradient<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<NumericArray>,
): { readonly loss: number; readonly gradient: RnnGradient<NumericArray> } {
  const lifted = liftProblem(A, problem);
  const trajectory = forward(A, lifted);
  const gradient = backward(A, lifted, trajectory);
  const lower = (t: Tensor<S>): NumericArray => ({ shape: t.shape, data: A.lower(t) });
  return {
    loss: A.lower(trajectory.loss)[0],
    gradient: {
      ...mapParameters<Tensor<S>, NumericArray>(gradient, lower),
      h0: lower(gradient.h0),
      x: lower(gradient.x),
    },
  };
}
