/** How often each size occurred, in bins of equal width, and the largest exactly. */
export interface Histogram {
  readonly width: number;
  /** counts[n]: sizes in [n width, (n + 1) width). */
  readonly counts: readonly number[];
  readonly largest: number;
}

/** 0.05 σ: fine enough for quantiles to one digit behind the point. */
const width = 0.05;

/** Stands for itself and all beyond. */
const largestSize = 1000;

export const noSizes: Histogram = { width, counts: [], largest: 0 };

/** @throws RangeError for a size that is negative or NaN. */
export function withSize({ counts, largest }: Histogram, given: number): Histogram {
  if (!(given >= 0)) throw new RangeError(`histogram: size is ${given}; expected at least 0`);
  const size = Math.min(given, largestSize);
  const bin = Math.floor(size / width);
  const grown = Array.from({ length: Math.max(counts.length, bin + 1) }, (_, n) => counts[n] ?? 0);
  grown[bin]++;
  return { width, counts: grown, largest: Math.max(largest, size) };
}

export function mergedHistogram(a: Histogram, b: Histogram): Histogram {
  const length = Math.max(a.counts.length, b.counts.length);
  const counts = Array.from({ length }, (_, n) => (a.counts[n] ?? 0) + (b.counts[n] ?? 0));
  return { width, counts, largest: Math.max(a.largest, b.largest) };
}

export function sizesIn({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The size that this share of all sizes is at most, to the width of a bin, rounded up; never above the largest. */
export function quantile(histogram: Histogram, share: number): number {
  const rank = share * sizesIn(histogram);
  let below = 0;
  for (const [bin, count] of histogram.counts.entries()) {
    below += count;
    if (below >= rank) return Math.min((bin + 1) * width, histogram.largest);
  }
  return histogram.largest;
}
