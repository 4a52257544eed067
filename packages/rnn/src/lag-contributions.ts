import { type Arithmetic, at, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, segmentTensors } from "./bptt.ts";
import type { Trajectory } from "./forward.ts";
import { activationSlope, localDerivatives } from "./local-derivatives.ts";
import { dimensions, type RnnProblem } from "./problem.ts";
import { rows } from "./rows.ts";

/** What errors d steps later contribute to ∂J/∂W_hh: lag 0, 1, 2, ... in turn. */
export type LagContributions<S> = Generator<Tensor<S>, void, undefined>;

/**
 * The gradient with respect to W_hh, resolved by lag (the terms t − k = d of the notes' Eq. 16, as corrected): for each lag
 * d from 0 to T − 1, Σ_t δ^(t)_{t−d} h_{t−d−1}ᵀ [H, H], where δ^(t)_k is J_t's share of δ_k. They sum to ∂J/∂W_hh.
 *
 * (L1)  δ^(t)_t = f′(u_t) ⊙ W_hyᵀ e_t                       [B, H] for every t
 * (L2)  δ^(t)_{k−1} = f′(u_{k−1}) ⊙ W_hhᵀ δ^(t)_k            [B, H] for every t
 *
 * Each lag costs a product over all steps, T² / 2 products in all; stop taking when they no longer matter.
 */
export function* lagContributions<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
): LagContributions<S> {
  const { T, B, H } = dimensions(problem);
  const equations = bptt<S>();
  const segment = { problem, trajectory, start: 0, end: T, ...segmentTensors(A, problem, T) };
  equations.outputError(A, segment);
  equations.throughReadout(A, segment);
  const derivatives = derivativesOf(A, problem, trajectory);
  const shares = [A.empty([T, B, H]), A.empty([T, B, H])];
  A.binary(op.multiply, shares[0], derivatives, segment.stateError); // (L1)
  for (let lag = 0; lag < T; lag++) {
    const [share, next] = [shares[lag % 2], shares[(lag + 1) % 2]];
    const steps = T - lag;
    // Entry i of `share` is δ^(i + lag)_i, counting steps from 0.
    const now = rows(slice(share, 0, steps));
    const contribution = A.empty([H, H]);
    A.gemm(contribution, transpose(now), rows(slice(trajectory.states, 0, steps)), "write");
    yield contribution;
    if (steps === 1) return;
    const earlier = slice(next, 0, steps - 1);
    A.gemm(rows(earlier), rows(slice(share, 1, steps)), problem.parameters.Whh, "write"); // (L2)
    A.binary(op.multiply, earlier, earlier, slice(derivatives, 0, steps - 1));
  }
}

/** f′(u_t) of every step [T, B, H]. */
function derivativesOf<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, trajectory: Trajectory<S>): Tensor<S> {
  const { T, B, H } = dimensions(problem);
  const equations = bptt<S>();
  const segment = { problem, trajectory, start: 0, end: T, ...segmentTensors(A, problem, T) };
  A.copy(segment.stateError, A.ratio(1, 1));
  for (let t = 0; t < T; t++) equations.throughActivation(A, segment, t);
  const derivatives = A.empty([T, B, H]);
  for (let t = 0; t < T; t++) A.copy(at(derivatives, t), at(segment.delta, t));
  return derivatives;
}

/** What the loss of one step contributes to δ_k, and so to every gradient by way of h_k. */
export interface ErrorShare<S> {
  /** From t down to 1: `trajectory.states[k]` is h_k. */
  readonly k: number;
  /** δ^(t)_k [B, H]; overwritten when the next one is taken. */
  readonly share: Tensor<S>;
}

/**
 * The error of the loss J_t alone on its way back, (L1) and (L2) for one t: J_t's part of ∂J/∂W_hh by way of h_k is
 * Σ_b δ^(t)_k h_{k−1}ᵀ, of ∂J/∂W_xh Σ_b δ^(t)_k x_kᵀ. O(H²) a step, where the products of Jacobians take H³.
 *
 * @param t - from 1 to T.
 * @throws RangeError for another t.
 */
export function* errorShares<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  t: number,
): Generator<ErrorShare<S>, void, undefined> {
  const { T, B, H } = dimensions(problem);
  if (!(Number.isInteger(t) && 1 <= t && t <= T)) {
    throw new RangeError(`errorShares: t is ${t}; expected an integer from 1 to T = ${T}`);
  }
  const { stateError, slope } = localDerivatives(A, problem, trajectory, t - 1, t);
  let [share, next] = [A.empty([B, H]), A.empty([B, H])];
  A.binary(op.multiply, share, at(slope, 0), at(stateError, 0)); // (L1)
  yield { k: t, share };
  const slopes = A.empty([B, H]);
  for (let k = t - 1; k >= 1; k--) {
    A.gemm(next, share, problem.parameters.Whh, "write"); // (L2)
    activationSlope(A, slopes, problem, at(trajectory.states, k));
    A.binary(op.multiply, next, next, slopes);
    [share, next] = [next, share];
    yield { k, share };
  }
}
