/** Pearson's statistic of counts against expected ones. */
export function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0);
}

/** What the statistic exceeds with probability 1e-6 (Wilson and Hilferty 1931). */
export function chiSquareLimit(degrees: number): number {
  const z = 4.7534;
  return degrees * (1 - 2 / (9 * degrees) + z * Math.sqrt(2 / (9 * degrees))) ** 3;
}

/** How many values in [0, end) fall into each of so many equal parts. */
export function histogram(values: Iterable<number>, end: number, parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  for (const value of values) counts[Math.floor((value / end) * parts)]++;
  return counts;
}

/** Statistic of values that should be uniform in [0, end), over its limit: above 1 they are not. */
export function nonUniformity(values: readonly number[], end: number, parts = 64): number {
  const expected = new Array<number>(parts).fill(values.length / parts);
  return chiSquare(histogram(values, end, parts), expected) / chiSquareLimit(parts - 1);
}
