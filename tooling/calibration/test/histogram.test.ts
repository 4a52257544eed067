import { expect, test } from "vitest";
import { mergedHistogram, noSizes, quantile, sizesIn, withSize } from "../src/histogram.ts";

const of = (...sizes: number[]) => sizes.reduce(withSize, noSizes);

test("quantiles are those of the sizes, to the width of a bin", () => {
  const sizes = Array.from({ length: 1000 }, (_, i) => ((i * 617) % 1000) / 50 + 0.001);
  const histogram = of(...sizes);
  const sorted = sizes.toSorted((a, b) => a - b);
  for (const share of [0.1, 0.5, 0.99, 0.999]) {
    const exact = sorted[share * 1000 - 1];
    expect(quantile(histogram, share)).toBeGreaterThanOrEqual(exact);
    expect(quantile(histogram, share) - exact).toBeLessThanOrEqual(0.0501);
  }
  expect(histogram.largest).toBe(sorted[999]);
  expect(quantile(histogram, 1)).toBe(sorted[999]);
});

test("a merged histogram is that of all sizes", () => {
  expect(mergedHistogram(of(0.1, 3), of(7, 0.12))).toEqual(of(0.1, 3, 7, 0.12));
  expect(mergedHistogram(noSizes, of(2))).toEqual(of(2));
});

test("what is beyond the scale counts as its end; what is no size is refused", () => {
  expect(of(Number.POSITIVE_INFINITY).largest).toBe(1000);
  expect(sizesIn(of(1e9, 1))).toBe(2);
  expect(() => of(Number.NaN)).toThrow("size is NaN");
  expect(() => of(-1)).toThrow("size is -1");
});
