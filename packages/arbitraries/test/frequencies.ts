import { seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";

/** Values of an arbitrary, of the seed of these tests. */
export function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { seed, numRuns: count });
}

/** How often each label holds, of 1. */
export function frequencies<T>(values: readonly T[], labels: (value: T) => Iterable<string>): Map<string, number> {
  const shares = new Map<string, number>();
  for (const value of values) {
    for (const label of new Set(labels(value))) shares.set(label, (shares.get(label) ?? 0) + 1 / values.length);
  }
  return shares;
}

/** The labels whose frequency is outside its band, and those that have none. */
export function outside(
  shares: ReadonlyMap<string, number>,
  bands: Readonly<Record<string, readonly [number, number]>>,
): string[] {
  const wrong = Object.entries(bands).filter(([label, [least, most]]) => {
    const share = shares.get(label) ?? 0;
    return share < least || share > most;
  });
  const unknown = [...shares].filter(([label]) => !bands[label]);
  return [...wrong, ...unknown].map(([label]) => `${label}: ${(shares.get(label) ?? 0).toFixed(4)}`);
}
