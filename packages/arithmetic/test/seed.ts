/** Seed of every test here: one number in CI, GRADPROOF_SEED to try another. */
export const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);

/** That many runs, times GRADPROOF_RUNS. */
export function runs(count: number): number {
  return Math.max(1, Math.round(count * Number(process.env.GRADPROOF_RUNS ?? 1)));
}
