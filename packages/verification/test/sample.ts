import fc from "fast-check";
import { seed } from "./settings.ts";

/** Values of an arbitrary, GRADPROOF_RUNS times as many, the same ones for the same seed. */
export function sample<T>(arbitrary: fc.Arbitrary<T>, count: number, from = seed): T[] {
  const numRuns = Math.max(1, Math.round(count * Number(process.env.GRADPROOF_RUNS ?? 1)));
  return fc.sample(arbitrary, { seed: from, numRuns });
}
