import { type Arithmetic, slice, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { backward } from "./backward.ts";
import { bptt, type Equations, type Segment, segmentTensors } from "./bptt.ts";
import type { Trajectory } from "./forward.ts";
import { zeroGradient } from "./gradient.ts";
import { dimensions, parameterNames, type RnnGradient, type RnnProblem } from "./problem.ts";
import { atItsPlace } from "./sequence-part.ts";

/**
 * Two different things are called truncated back-propagation through time. Both are BPTT's equations (B1) to (B12), and
 * both cut the state's dependence on its past somewhere, so neither is the gradient unless h >= T:
 *
 * (T1)  window:  Σ_t Σ_{k > t − h} dJ_t/dW by way of h_k        every loss reaches h steps back
 * (T2)  chunks:  Σ_t Σ_{k >= c(t)} dJ_t/dW by way of h_k        c(t) = h ⌊t / h⌋, steps counted from 0: a loss reaches
 *                                                                back to the start of its chunk, 1 to h steps
 *
 * (T1), BPTT(h) of Williams and Peng 1990: for each loss a sweep of its own over the last h steps, its own among them;
 * O(T h) steps. h = 1 takes no step back in time: it is what the notes' Eq. 15 says when read to the letter.
 *
 * ∂J/∂h_0 and ∂J/∂x are truncated in the same way: h_0 is reached by the losses of the first h steps alone.
 *
 * @param h - steps in a window, an integer of at least 1.
 * @throws RangeError for another h.
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
 * const { Whh } = backward(F, problem, trajectory);
 * for (const h of [2, 3]) {
 *   const window = truncatedToWindow(F, problem, trajectory, h);
 *   const chunks = truncatedToChunks(F, problem, trajectory, h);
 *   console.log(F.same(window.Whh, Whh), F.same(chunks.Whh, Whh), F.same(window.Whh, chunks.Whh));
 * }
 * // -> false false false
 * // -> true true true
 * ```
 */
export function truncatedToWindow<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  h: number,
): RnnGradient<Tensor<S>> {
  checkHorizon("truncatedToWindow", h);
  const { T } = dimensions(problem);
  const gradient = zeroGradient(A, problem);
  A.scope(() => {
    for (let t = T - 1; t >= 0; t--) addWindow(A, problem, trajectory, Math.max(0, t - h + 1), t, gradient);
  });
  return gradient;
}

/**
 * (T2), the common truncation: the sequence is cut into chunks of h steps (the last may be shorter), the state is passed
 * from chunk to chunk and the gradient is not: `detach` or `stop_gradient` at the boundaries. BPTT(h; h) in Williams and
 * Peng's terms. One sweep, whose (B3) does not cross a boundary; for h >= T it is `backward`, to the bit.
 *
 * @param h - steps in a chunk, an integer of at least 1.
 * @throws RangeError for another h.
 */
export function truncatedToChunks<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  h: number,
): RnnGradient<Tensor<S>> {
  checkHorizon("truncatedToChunks", h);
  const { stepBack, ...others } = bptt<S>();
  const equations: Equations<S> = {
    ...others,
    // (T2)  ∂J/∂h_t ← ∂J/∂h_t + W_hhᵀ δ_{t+1} unless t + 1 begins a chunk        [B, H]
    stepBack(A, segment, t) {
      if ((t + 1) % h !== 0) stepBack(A, segment, t);
    },
  };
  return backward(A, problem, trajectory, equations);
}

/** (T1) for one t: adds the gradient of J_t, with h_start held constant unless it is h_0. */
function addWindow<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  start: number,
  t: number,
  gradient: RnnGradient<Tensor<S>>,
): void {
  const { T, B, I } = dimensions(problem);
  const equations = bptt<S>();
  const steps = t + 1 - start;
  A.scope(() => {
    const segment: Segment<S> = { problem, trajectory, start, end: t + 1, ...segmentTensors(A, problem, steps) };
    const last = lastStep(segment);
    A.copy(segment.stateError, A.ratio(0, 1));
    equations.outputError(A, last);
    equations.throughReadout(A, last);
    for (let k = t; k >= start; k--) {
      if (k < t) equations.stepBack(A, segment, k);
      equations.throughActivation(A, segment, k);
    }
    for (const name of parameterNames) {
      const out = gradient[name];
      const part = name === "Why" || name === "by" ? last : segment;
      if (out) equations[name](A, part, out, "accumulate");
    }
    const dx = A.empty([steps, B, I]);
    equations.x(A, segment, atItsPlace(dx, start, T), "write");
    A.binary(op.add, slice(gradient.x, start, t + 1), slice(gradient.x, start, t + 1), dx);
    if (start > 0) return;
    const dh0 = A.empty(gradient.h0.shape);
    equations.h0(A, segment, dh0, "write");
    A.binary(op.add, gradient.h0, gradient.h0, dh0);
  });
}

/** The segment's last step as a segment of its own, on the same tensors. */
function lastStep<S>(segment: Segment<S>): Segment<S> {
  const steps = segment.end - segment.start;
  return {
    ...segment,
    start: segment.end - 1,
    outputError: segment.outputError && slice(segment.outputError, steps - 1, steps),
    stateError: slice(segment.stateError, steps - 1, steps),
    delta: slice(segment.delta, steps - 1, steps + 1),
  };
}

function checkHorizon(caller: string, h: number): void {
  if (!(Number.isSafeInteger(h) && h >= 1)) throw new RangeError(`${caller}: h is ${h}; expected an integer >= 1`);
}
