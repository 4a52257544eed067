import type { Random } from "@gradproof/arithmetic";
import { ClaimError } from "./claim.ts";

/** How many standard errors a share or a mean of seeded draws may lie off: 7e-6 of all seeds fall outside. */
export const standardErrors = 4.5;

/** @throws ClaimError where a mean of draws lies too far from what it should be. */
export function expectMean(row: string, what: string, draws: readonly number[], mean: number, deviation: number): void {
  const found = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const limit = (standardErrors * deviation) / Math.sqrt(draws.length);
  if (Math.abs(found - mean) <= limit) return;
  throw new ClaimError(row, `${what} is ${found} over ${draws.length} draws; expected ${mean} ± ${limit}`);
}

/** The same for a share of draws. */
export function expectShare(row: string, what: string, draws: readonly boolean[], share: number): void {
  const numbers = draws.map((hit) => (hit ? 1 : 0));
  expectMean(row, what, numbers, share, Math.sqrt(share * (1 - share)));
}

/** So many draws from a source. */
export function drawMany<V>(source: Random, count: number, draw: (source: Random) => V): V[] {
  return Array.from({ length: count }, () => draw(source));
}
