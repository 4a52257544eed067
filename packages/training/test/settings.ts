/** What every property here draws from; another one by GRADPROOF_SEED. */
export const seed = integerFrom("GRADPROOF_SEED", 20261125);

/** How many times as many draws as usual, by GRADPROOF_RUNS. */
export const factor = integerFrom("GRADPROOF_RUNS", 1);

function integerFrom(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} is ${process.env[name]}; expected an integer`);
  return value;
}
