/** Two contenders timed in turn, so that what else the machine does hits both. */
export interface PairedTiming {
  /** Least time of each, in milliseconds. */
  readonly first: number;
  readonly second: number;
  /** Median over the rounds of second / first. */
  readonly ratio: number;
}

export function timeInPairs(first: () => void, second: () => void, rounds: number): PairedTiming {
  const times: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const a = milliseconds(first);
    const b = milliseconds(second);
    times.push([a, b]);
  }
  const ratios = times.map(([a, b]) => b / a).sort((a, b) => a - b);
  return {
    first: Math.min(...times.map(([a]) => a)),
    second: Math.min(...times.map(([, b]) => b)),
    ratio: ratios[Math.floor(ratios.length / 2)],
  };
}

function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
