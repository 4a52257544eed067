import { expect, test } from "vitest";
import { blockMean } from "../../src/flow/block-means.ts";
import { clipEffect } from "../../src/flow/clipping.ts";
import { gradientNoise } from "../../src/flow/gradient-noise.ts";
import { kaplanYorkeDimension } from "../../src/flow/kaplan-yorke.ts";
import { lagProfile, reach, shareFrom } from "../../src/flow/lag-profile.ts";
import { memoryHorizons } from "../../src/flow/memory-horizons.ts";
import { nonFinite } from "../../src/flow/non-finite.ts";
import { saturatedSlope, saturation } from "../../src/flow/saturation.ts";
import { logTanhSlope } from "../../src/flow/tanh-slope.ts";

test("lag profile: shares, reach, and the share from a lag on", () => {
  const sizes = Array.from({ length: 60 }, (_, d) => 0.9 ** d);
  const profile = lagProfile(sizes);
  // Shares of a geometric series: up to lag d it is (1 − q^(d+1)) / (1 − q^60).
  profile.cumulative.forEach((value, d) => {
    expect(Math.abs(value - (1 - 0.9 ** (d + 1)) / (1 - 0.9 ** 60))).toBeLessThan(1e-14);
  });
  // 0.9^(d+1) ≤ 1 − 0.95 (1 − 0.9^60) from d = 28 on.
  expect(reach(profile)).toBe(28);
  expect(Math.abs(shareFrom(profile, 10) + profile.cumulative[9] - 1)).toBeLessThan(1e-14);
  expect(reach(lagProfile([0, 0]))).toBeUndefined();
  expect(reach(lagProfile([5]))).toBe(0);
  // Sizes whose sum overflows.
  expect(lagProfile([1e308, 1e308]).shares).toEqual(Float64Array.of(0.5, 0.5));
  expect(() => lagProfile([1, Number.NaN])).toThrow("lagProfile: sizes have NaN at lag 1");
  expect(() => lagProfile([])).toThrow("sizes are none");
});

test("horizons, each by its own definition", () => {
  const norm = Float64Array.from({ length: 200 }, (_, d) => d * Math.log(0.9));
  const horizons = memoryHorizons({
    exponent: Math.log(0.9),
    norm,
    profile: lagProfile(norm.map(Math.exp)),
    errors: Float64Array.of(1, 1e-9, 1e-10, 0.99e-10, 0),
  });
  expect(horizons.eFolding).toBeCloseTo(9.4912, 4);
  expect(horizons.numerical).toBeCloseTo(342.1, 1);
  expect([horizons.hundredth, horizons.reach95, horizons.stepsInThePast]).toEqual([44, 28, 3]);
  const infinite = Number.POSITIVE_INFINITY;
  expect(memoryHorizons({ exponent: 0 })).toEqual({ eFolding: infinite, numerical: infinite });
  expect(memoryHorizons({ norm: Float64Array.of(0, 1) })).toEqual({ hundredth: infinite });
});

test("saturation: shares by unit and step, dead units", () => {
  const [T, B, H] = [4, 2, 3];
  const data = new Float64Array(T * B * H).fill(1);
  for (let row = 0; row < T * B; row++) data[row * H + 1] = 0; // unit 1 never on
  data[2] = saturatedSlope; // not below it
  data[5] = saturatedSlope * 0.999;
  const { share, byUnit, byStep, dead, meanSlope, map } = saturation({ shape: [T, B, H], data });
  expect(dead).toEqual([1]);
  expect(Array.from(byUnit)).toEqual([0, 1, 1 / 8]);
  expect(byStep[0]).toBeCloseTo(3 / 6, 15);
  expect(byStep[1]).toBeCloseTo(2 / 6, 15);
  expect(share).toBeCloseTo(9 / 24, 15);
  expect(meanSlope).toBeCloseTo(data.reduce((sum, value) => sum + value, 0) / 24, 15);
  expect([map.shape, map.data[1]]).toEqual([[T, H], 0]);
});

test("the slope of tanh in the logarithm, where 1 − h² has no digits left", () => {
  for (const u of [0, 0.3, -1, 4])
    expect(Math.abs(logTanhSlope(u) - Math.log(1 - Math.tanh(u) ** 2))).toBeLessThan(1e-11);
  // 4 E / (1 + E)² with E = e^(−2|u|) keeps its digits to where E is subnormal.
  for (const u of [10, -25, 300]) {
    const E = Math.exp(-2 * Math.abs(u));
    expect(Math.abs(logTanhSlope(u) - Math.log((4 * E) / (1 + E) ** 2))).toBeLessThan(1e-12 * Math.abs(u));
  }
  expect(logTanhSlope(1e6)).toBeCloseTo(2 * Math.LN2 - 2e6, 6);
});

test("noise scale: the estimates' mean over all batches is the population's value", () => {
  // All pairs with replacement from a population of gradients in the plane; B₁ = 1, B₂ = 2.
  const gradients = [
    [1, 2],
    [3, -1],
    [-2, 0.5],
    [4, 4],
  ];
  const mean = [1.5, 1.375];
  const variance = gradients.reduce((sum, g) => sum + (g[0] - mean[0]) ** 2 + (g[1] - mean[1]) ** 2, 0) / 4;
  const squared = ([a, b]: number[]) => a * a + b * b;
  let [ones, twos] = [0, 0];
  for (const a of gradients) {
    ones += squared(a) / 4;
    for (const b of gradients) twos += squared([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]) / 16;
  }
  const noise = gradientNoise({ batch: 1, squaredNorm: ones }, { batch: 2, squaredNorm: twos });
  expect(noise.squaredNorm).toBeCloseTo(squared(mean), 12);
  expect(noise.variance).toBeCloseTo(variance, 12);
  expect(noise.scale).toBeCloseTo(variance / squared(mean), 12);
  expect(gradientNoise({ batch: 1, squaredNorm: 9 }, { batch: 4, squaredNorm: 1 }).scale).toBeUndefined();
  expect(() => gradientNoise({ batch: 4, squaredNorm: 1 }, { batch: 4, squaredNorm: 1 })).toThrow(
    "batches are 4 and 4",
  );
});

test("clipping: by norm it shortens, by value it turns", () => {
  const gradient = Float64Array.of(3, -4, 0, 12);
  expect(clipEffect(gradient, { by: "norm", limit: 6.5 })).toMatchObject({
    clipped: true,
    norm: 13,
    factor: 0.5,
    cosine: 1,
  });
  expect(clipEffect(gradient, { by: "norm", limit: 13 })).toMatchObject({ clipped: false, factor: 1, share: 0 });
  const { factor, cosine, share } = clipEffect(gradient, { by: "value", limit: 4 });
  expect([factor, share]).toEqual([Math.sqrt(41) / 13, 0.25]);
  expect(cosine).toBeCloseTo((9 + 16 + 48) / (13 * Math.sqrt(41)), 14);
  expect(clipEffect(Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY), { by: "norm", limit: 1 })).toMatchObject({
    nonFinite: 2,
    cosine: Number.NaN,
  });
  expect(clipEffect(new Float64Array(3), { by: "norm", limit: 1 })).toMatchObject({ clipped: false, factor: 1 });
  expect(() => clipEffect(gradient, { by: "norm", limit: 0 })).toThrow(
    "clipEffect: limit is 0; expected a number above 0",
  );
});

test("numbers that are not finite are counted by kind, and the first is located", () => {
  const data = Float64Array.of(0, 1, Number.NEGATIVE_INFINITY, Number.NaN, 4, Number.NaN);
  expect(nonFinite({ shape: [3, 1, 2], data })).toEqual({
    count: 3,
    nan: 2,
    infinite: 1,
    first: { index: [1, 0, 0], value: Number.NEGATIVE_INFINITY },
  });
  expect(nonFinite({ shape: [2], data: data.slice(0, 2) })).toEqual({ count: 0, nan: 0, infinite: 0 });
});

test("block means: the standard error of correlated series is not that of independent ones", () => {
  // Runs of 25 equal signs: blocks of 100 steps see it, 2,000 steps taken as independent would not.
  const series = Float64Array.from({ length: 2000 }, (_, t) => (Math.sin(Math.floor(t / 25) * 12.9898) > 0 ? 1 : -1));
  const { mean, standardError = 0 } = blockMean(series);
  const naive = Math.sqrt((1 - mean ** 2) / 2000);
  expect(standardError).toBeGreaterThan(2.5 * naive);
});

test("Kaplan and Yorke's dimension at its edges", () => {
  expect(kaplanYorkeDimension([-0.1, -1], 2)).toBe(0);
  expect(kaplanYorkeDimension([0, -1], 2)).toBe(1);
  expect(kaplanYorkeDimension([1, -0.25, -0.5], 3)).toBe(3);
  expect(kaplanYorkeDimension([0.9103, 0.0009, -14.5778], 3)).toBeCloseTo(2.0625, 4);
  expect(kaplanYorkeDimension([1, 0.5], 4)).toBeUndefined();
});
