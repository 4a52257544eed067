import { random } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import {
  nextDouble,
  precise,
  preciseComplement,
  preciseSlope,
  roundedTanh,
  saturates,
} from "../../src/notes/high-precision.ts";
import { integral, normalDensity, withinNormal } from "../../src/notes/normal-distribution.ts";
import { seed } from "../settings.ts";

/** With 40 digits, by another program: [u, tanh′ u, 1 − tanh u]. */
const known = [
  [0.5, 0.7864477329659274, 0.5378828427399902],
  [5, 0.0001815832309438067, 0.00009079573740486879],
  [19, 1.2556531168192118e-16, 6.278265584096059e-17],
] as const;

test.each(known)("tanh′ and 1 − tanh at u = %d", (u, slope, complement) => {
  expect(Math.abs(preciseSlope([u, 0])[0] / slope - 1)).toBeLessThan(2 ** -51);
  expect(Math.abs(preciseComplement([u, 0])[0] / complement - 1)).toBeLessThan(2 ** -51);
  expect(preciseSlope([-u, 0])).toEqual(preciseSlope([u, 0]));
});

test("the slope is 1 − tanh², as far as that keeps digits", () => {
  const source = random(seed);
  for (let i = 0; i < 200; i++) {
    const u = source.integer(-2048, 2048) / 1024;
    const h = precise.tanh([u, 0]);
    const byDefinition = precise.subtract([1, 0], precise.multiply(h, h));
    expect(Math.abs(precise.subtract(byDefinition, preciseSlope([u, 0]))[0])).toBeLessThan(2 ** -98);
  }
});

test("tanh rounds to 1 where less than half a spacing is missing", () => {
  expect([18, 19, 20, -20].map(saturates)).toEqual([false, false, true, true]);
  expect(roundedTanh(20)).toBe(1);
  expect(roundedTanh(19)).toBe(1 - 2 ** -53);
});

test("the next double", () => {
  expect(nextDouble(1)).toBe(1 + 2 ** -52);
  expect(nextDouble(-1)).toBe(-1 - 2 ** -52);
});

test("the normal distribution", () => {
  expect(withinNormal(1)).toBeCloseTo(0.6826894921370859, 14);
  expect(withinNormal(3)).toBeCloseTo(0.9973002039367398, 13);
  expect(withinNormal(7)).toBe(1);
  expect(integral(normalDensity, -1, 1, 200)).toBeCloseTo(withinNormal(1), 9);
  expect(integral((x) => x ** 3, 0, 2, 2)).toBeCloseTo(4, 14);
});
