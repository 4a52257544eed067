/** A mean over time, and how far it may be from the mean over all time. */
export interface TimeMean {
  readonly mean: number;
  /** Standard error by the means of blocks; undefined where there are too few steps for blocks. */
  readonly standardError: number | undefined;
}

/** Fewer blocks than this say nothing about their spread. */
const fewest = 8;
const most = 20;
/** Steps in a block, at least. */
const shortest = 4;

/**
 * Mean of a series and its standard error from the means of 8 to 20 blocks, which are nearly independent where steps next
 * to each other are not (batch means: Law and Carson 1979).
 *
 * @param series - one number a step.
 * @example
 * ```ts
 * const { mean, standardError } = blockMean(Float64Array.from({ length: 100 }, (_, t) => t % 2));
 * console.log(mean, standardError === undefined); // -> 0.5 false
 * ```
 */
export function blockMean(series: Float64Array): TimeMean {
  const steps = series.length;
  const mean = average(series, 0, steps);
  const blocks = Math.min(most, Math.floor(steps / shortest));
  if (blocks < fewest || !Number.isFinite(mean)) return { mean, standardError: undefined };
  const means = Float64Array.from({ length: blocks }, (_, b) =>
    average(series, Math.floor((b * steps) / blocks), Math.floor(((b + 1) * steps) / blocks)),
  );
  const centre = average(means, 0, blocks);
  const variance = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (blocks - 1);
  return { mean, standardError: Math.sqrt(variance / blocks) };
}

function average(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i];
  return sum / (end - start);
}
