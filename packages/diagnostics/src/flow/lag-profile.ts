import { ArgumentError } from "../errors.ts";

/** How a gradient is made up of what errors 0, 1, 2, … steps later contribute. */
export interface LagProfile {
  /** Size of each lag's contribution. */
  readonly sizes: Float64Array;
  /** Its share of the sum of sizes; all 0 where there is nothing. */
  readonly shares: Float64Array;
  /** Share of the lags up to each one. */
  readonly cumulative: Float64Array;
}

/**
 * Shares of the lags in a gradient. A gradient of healthy size says nothing about them: the recent ones can make it up alone.
 *
 * @param sizes - of the contributions of lag 0, 1, …: norms, at least 0, finite.
 * @throws ArgumentError where there are none, or for a size that is negative or not finite.
 * @example
 * ```ts
 * const profile = lagProfile([4, 2, 1, 1]);
 * console.log(profile.cumulative.join(" "), reach(profile, 0.75)); // -> 0.5 0.75 0.875 1 1
 * ```
 */
export function lagProfile(sizes: ArrayLike<number>): LagProfile {
  const own = Float64Array.from(sizes);
  const wrong = own.findIndex((size) => !(size >= 0 && Number.isFinite(size)));
  if (own.length === 0) throw new ArgumentError("lagProfile", "sizes", "are none; expected at least that of lag 0");
  if (wrong >= 0) {
    throw new ArgumentError(
      "lagProfile",
      "sizes",
      `have ${own[wrong]} at lag ${wrong}; expected finite numbers of at least 0`,
    );
  }
  const largest = own.reduce((most, size) => Math.max(most, size), 0);
  const scaled = own.map((size) => (largest === 0 ? 0 : size / largest));
  const total = scaled.reduce((sum, size) => sum + size, 0);
  const shares = scaled.map((size) => (total === 0 ? 0 : size / total));
  let sum = 0;
  const cumulative = shares.map((share) => {
    sum += share;
    return sum;
  });
  return { sizes: own, shares, cumulative };
}

/** The smallest lag up to which that share of the gradient comes from; undefined where there is no gradient. */
export function reach({ cumulative }: LagProfile, share = 0.95): number | undefined {
  const total = cumulative[cumulative.length - 1];
  if (total === 0) return undefined;
  const lag = cumulative.findIndex((value) => value >= share * total);
  return lag < 0 ? cumulative.length - 1 : lag;
}

/** The share that comes from lags of at least `lag`. */
export function shareFrom({ shares }: LagProfile, lag: number): number {
  let sum = 0;
  for (let d = shares.length - 1; d >= lag; d--) sum += shares[d];
  return sum;
}
