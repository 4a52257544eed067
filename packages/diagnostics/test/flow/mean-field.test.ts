import { expect, test } from "vitest";
import { meanField } from "../../src/flow/mean-field.ts";

/** Computed elsewhere on a grid of two million points: gain, Δ, χ, λ₁, mean exponent. */
const table = [
  [1.05, 0.05325, 1.002876, 0.001436, -0.503133],
  [1.1, 0.11275, 1.010189, 0.005069, -0.511864],
  [1.2, 0.249513, 1.033501, 0.016476, -0.5431],
  [1.5, 0.793354, 1.139323, 0.065217, -0.714346],
  [2, 2.121474, 1.362673, 0.154724, -1.149023],
  [3, 6.305391, 1.859855, 0.310249, -2.272805],
  [5, 20.699367, 2.900421, 0.532428, -4.906771],
  [10, 91.705131, 5.544854, 0.856435, -12.160966],
] as const;

test.each(table)("gain %d, to six digits behind the point", (gain, variance, chi, exponent, meanExponent) => {
  const found = meanField(gain);
  const pairs = [
    [found.variance, variance],
    [found.chi, chi],
    [found.exponent, exponent],
    [found.meanExponent, meanExponent],
  ];
  for (const [value, expected] of pairs) expect(Math.abs(value - expected)).toBeLessThan(1.1e-6);
  expect(found.timescale).toBe(Number.POSITIVE_INFINITY);
});

test("below 1 nothing is left but the matrix", () => {
  const { variance, chi, exponent, meanExponent, timescale } = meanField(0.5);
  expect(variance).toBe(0);
  expect(chi).toBeCloseTo(0.25, 12);
  expect(exponent).toBeCloseTo(Math.log(0.5), 12);
  expect(meanExponent).toBeCloseTo(Math.log(0.5) - 0.5, 12);
  expect(timescale).toBeCloseTo(1 / Math.log(4), 12);
});

test.each([
  [0.9, -0.55061],
  [1.2, -0.30953],
  [1.5, -0.14183],
  [2, 0.04598],
  [3, 0.268516],
])("gain %d under a drive of deviation 1: input suppresses chaos", (gain, exponent) => {
  expect(Math.abs(meanField(gain, { drive: 1 }).exponent - exponent)).toBeLessThan(1.1e-5);
});

test.each([
  [50, -0.4655, 1e-4],
  [100, -0.9986, 1e-4],
  [190, -4.278, 1e-3],
])("the exponent %d of 200 of gain 1.5 under drive, in the middle of its share", (i, exponent, within) => {
  expect(Math.abs(meanField(1.5, { drive: 1 }).exponentAt((i - 0.5) / 200) - exponent)).toBeLessThan(within);
});

test("a gain that is none", () => {
  expect(() => meanField(0)).toThrow("meanField: gain is 0; expected a finite number above 0");
  expect(() => meanField(1, { drive: -1 })).toThrow("drive is -1; expected a finite number of at least 0");
  expect(() => meanField(2).exponentAt(1)).toThrow("share is 1; expected a number between 0 and 1");
});
