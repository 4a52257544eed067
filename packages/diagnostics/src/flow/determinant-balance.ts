import { isFactored, type JacobianData, jacobiansOf } from "./jacobians.ts";
import type { LyapunovSpectrum } from "./lyapunov-spectrum.ts";
import { logDeterminant } from "./matrix-facts.ts";

/** Where the volume goes: nats over the whole trajectory. */
export interface DeterminantBalance {
  /** Σ_t ln |det A_t| */
  readonly total: number;
  /** T ln |det W|, the part of the weights; absent without factors. */
  readonly weights?: number;
  /** Σ_t Σ_i ln |f′(u_t,i)|, the part of the slopes; absent without factors. */
  readonly slopes?: number;
  /** T Σ_i λ_i − total, 0 but for rounding; undefined without all n exponents from the first step on, or where volumes vanish. */
  readonly residual: number | undefined;
}

/**
 * The exact identity Σ_i λ_i T = Σ_t ln |det A_t| = T ln |det W| + Σ_t Σ_i ln |f′(u_t,i)|, which holds for every finite
 * trajectory: a check of the spectrum, and the split of what it measures between weights and slopes.
 *
 * @param data - T Jacobians [T, n, n] or their factors; with `logSlopes`, slopes that have underflowed still count.
 * @param spectrum - of the same data: all n exponents, no burn-in; without it there is no residual.
 * @throws ArgumentError for shapes that do not fit or numbers that are not finite.
 */
export function determinantBalance(
  data: JacobianData,
  spectrum?: Pick<LyapunovSpectrum, "exponents" | "steps" | "resolved">,
): DeterminantBalance {
  const { steps: T, width: n } = jacobiansOf("determinantBalance", data);
  const parts = isFactored(data) ? factoredParts(data, T) : undefined;
  const total = parts ? parts.weights + parts.slopes : sumOfDeterminants(data, T, n);
  const comparable = spectrum && spectrum.resolved === n && spectrum.steps === T && Number.isFinite(total);
  const found = comparable ? T * spectrum.exponents.reduce((sum, exponent) => sum + exponent, 0) : undefined;
  return { total, ...parts, residual: found === undefined ? undefined : found - total };
}

function factoredParts(data: Extract<JacobianData, { slopes: unknown }>, T: number) {
  const { slopes, weights, logSlopes } = data;
  const logs = logSlopes?.data ?? slopes.data.map((slope) => Math.log(Math.abs(slope)));
  return { weights: T * logDeterminant(weights), slopes: logs.reduce((sum, value) => sum + value, 0) };
}

function sumOfDeterminants(data: JacobianData, T: number, n: number): number {
  if (isFactored(data)) return Number.NaN;
  let sum = 0;
  for (let t = 0; t < T; t++) {
    sum += logDeterminant({ shape: [n, n], data: data.data.subarray(t * n * n, (t + 1) * n * n) });
  }
  return sum;
}
