import { type Arithmetic, at, random, ShapeError, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { backward } from "./backward.ts";
import { bptt, type Equations } from "./bptt.ts";
import type { Trajectory } from "./forward.ts";
import { dimensions, type RnnGradient, type RnnProblem } from "./problem.ts";

export interface ArtbpOptions<S> {
  /** ξ_t of each of the T − 1 steps back in time, the one from step t + 2 to t + 1 first: whether it is left out. */
  readonly truncated: readonly boolean[];
  /** 1 − c_t, the probability with which that step is taken [T − 1]; none is 0. */
  readonly kept: Tensor<S>;
}

/**
 * An unbiased estimate of the gradient that is truncated at random: anticipated reweighted truncated back-propagation
 * (Tallec and Ollivier 2017). Truncation leaves terms out; here it does so with a known probability, and what is kept is
 * made larger by as much, so that the mean over all truncations is the gradient. One of BPTT's equations is replaced:
 *
 * (P1)  ∂J/∂h_t ← ∂J/∂h_t + (1 − ξ_t) / (1 − c_t) W_hhᵀ δ_{t+1}        P(ξ_t = 1) = c_t        [B, H]
 *
 * @throws ShapeError for probabilities of another shape; RangeError for another number of truncations.
 * @example
 * ```ts
 * const F = primeField(1);
 * const problem = liftProblem(F, {
 *   nonlinearity: "tanh",
 *   loss: "linear",
 *   reduction: "sum",
 *   parameters: initialise({ seed: 1, I: 1, H: 2 }),
 *   x: { shape: [2, 1, 1], data: Float64Array.of(1, -0.5) },
 *   h0: { shape: [1, 2], data: Float64Array.of(0.5, 0) },
 *   target: { states: { shape: [2, 1, 2], data: Float64Array.of(0, 0, 1, 1) } },
 * });
 * const trajectory = forward(F, problem);
 * const kept = F.lift([0.75], [1]);
 * const [long, short] = [false, true].map((cut) => artbp(F, problem, trajectory, { truncated: [cut], kept }).Wxh);
 * F.binary(op.multiply, long, long, F.ratio(3, 4));
 * F.binary(op.multiply, short, short, F.ratio(1, 4));
 * F.binary(op.add, long, long, short);
 * console.log(F.same(long, backward(F, problem, trajectory).Wxh)); // -> true
 * ```
 */
export function artbp<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  { truncated, kept }: ArtbpOptions<S>,
): RnnGradient<Tensor<S>> {
  const { T } = dimensions(problem);
  if (truncated.length !== T - 1) {
    throw new RangeError(`artbp: ${truncated.length} truncations; expected T − 1 = ${T - 1}`);
  }
  if (kept.shape.length !== 1 || kept.shape[0] !== T - 1) throw new ShapeError("artbp: kept", `[${T - 1}]`, kept.shape);
  const { stepBack, ...others } = bptt<S>();
  const equations: Equations<S> = {
    ...others,
    // (P1)
    stepBack(A, segment, t) {
      if (truncated[t]) return;
      const next = t + 1 - segment.start;
      A.scope(() => {
        const delta = A.empty(segment.delta.shape);
        A.binary(op.divide, at(delta, next), at(segment.delta, next), at(kept, t));
        stepBack(A, { ...segment, delta }, t);
      });
    },
  };
  return backward(A, problem, trajectory, equations);
}

/**
 * Truncations for {@link artbp}, each on its own with probability c.
 *
 * @param c - from 0 to 1, 1 excluded.
 * @param seed - any safe integer; the same seed gives the same truncations.
 * @throws RangeError for another c.
 */
export function drawTruncations(T: number, c: number, seed: number): boolean[] {
  if (!(c >= 0 && c < 1)) throw new RangeError(`drawTruncations: c is ${c}; expected 0 <= c < 1`);
  const source = random(seed);
  return Array.from({ length: T - 1 }, () => source.unit() < c);
}
