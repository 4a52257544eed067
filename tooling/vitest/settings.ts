/** What the properties draw from; another one by GRADPROOF_SEED. */
export const seed = integerFrom("GRADPROOF_SEED", 20261122);

const factor = integerFrom("GRADPROOF_RUNS", 1);

/** Settings of a property of `count` runs, GRADPROOF_RUNS times as many. A failure prints the seed and the counterexample. */
export function runs(count: number) {
  return { seed, numRuns: count * factor, includeErrorInReport: true } as const;
}

function integerFrom(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} is ${process.env[name]}; expected an integer`);
  return value;
}
