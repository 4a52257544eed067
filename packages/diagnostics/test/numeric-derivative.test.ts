import { describe, expect, test } from "vitest";
import {
  centralDifference,
  directionalDerivative,
  numericGradient,
  numericJacobian,
} from "../src/numeric-derivative.ts";

describe("centralDifference", () => {
  test.each<[string, (x: number) => number, number, string]>([
    ["exp", Math.exp, 1, "smooth"],
    ["|x| at its kink", Math.abs, 0, "kink"],
    ["tanh, saturated", Math.tanh, 40, "flat"],
    ["a step", (x) => (x < 0 ? 0 : 1), 0, "jump"],
    ["√x at its edge", Math.sqrt, 0, "edge"],
    ["0/0", (x) => x / x, 0, "undefined"],
    ["NaN all around", (x) => (x === 1 ? 1 : Number.NaN), 1, "undefined"],
    ["sin of numbers two apart", Math.sin, 2 ** 54, "noise"],
  ])("of %s says what the function is like", (_, f, x, shape) => {
    expect(centralDifference(f, x).shape).toBe(shape);
  });

  test("gives both one-sided derivatives of a kink", () => {
    const { left, right } = centralDifference((x) => Math.max(2 * x, -x), 0);
    expect(left?.derivative).toBeCloseTo(-1, 9);
    expect(right?.derivative).toBeCloseTo(2, 9);
  });

  test("says where steps agree, and what noise f has", () => {
    const { steps, noise } = centralDifference((x) => Math.fround(Math.sin(Math.fround(x))), 1);
    const [from, to] = steps ?? [1, 1];
    expect(to / from).toBeGreaterThan(16);
    expect(noise).toBeGreaterThan(2 ** -28);
    expect(noise).toBeLessThan(2 ** -22);
  });

  test("does not leave the scale that it is given", () => {
    const reached: number[] = [];
    centralDifference(
      (x) => {
        reached.push(x);
        return 1 / (1 + x * x);
      },
      0.5,
      { scale: 2 ** -8 },
    );
    for (const x of reached) expect(Math.abs(x - 0.5)).toBeLessThanOrEqual(2 ** -8);
  });
});

describe("Jacobians", () => {
  const f = ({ a, b }: { a: Float64Array; b: Float64Array }) => [a[0] * b[0], a[1] ** 2 + b[0], Math.sin(a[0])];
  const at = { a: Float64Array.of(2, 3), b: Float64Array.of(0.5) };

  test("are [outputs, elements] for each input", () => {
    const { a, b } = numericJacobian(f, at);
    const expected = { a: [0.5, 0, 0, 6, Math.cos(2), 0], b: [2, 1, 0] };
    for (const [{ derivative, errorEstimate }, values] of [
      [a, expected.a],
      [b, expected.b],
    ] as const) {
      for (const [i, value] of values.entries()) {
        expect(Math.abs(derivative[i] - value)).toBeLessThanOrEqual(8 * errorEstimate[i]);
      }
      expect(Math.max(...errorEstimate)).toBeLessThan(1e-9);
    }
    expect(a.shapes).toEqual(["smooth", "flat", "flat", "smooth", "smooth", "flat"]);
  });

  test("times a direction are the derivatives along it", () => {
    const along = directionalDerivative(f, at, { a: [1, -0.3], b: [1 / 3] });
    const expected = [0.5 + 2 / 3, -0.3 * 6 + 1 / 3, Math.cos(2)];
    along.forEach(({ derivative, errorEstimate }, i) => {
      expect(Math.abs(derivative - expected[i])).toBeLessThanOrEqual(8 * errorEstimate);
    });
  });

  test("of a function of an array are those of the array", () => {
    const { derivative } = numericGradient((x: Float64Array) => x[0] * x[1], Float64Array.of(2, 5));
    expect(derivative[0]).toBeCloseTo(5, 9);
    expect(derivative[1]).toBeCloseTo(2, 9);
  });

  test("refuse a direction that is none", () => {
    expect(() => directionalDerivative(f, at, { a: [0, 0], b: [0] })).toThrow("direction is 0");
    expect(() => directionalDerivative(f, at, { a: [0, Infinity], b: [0] })).toThrow("Infinity");
    expect(() => directionalDerivative(f, at, { a: [1], b: [0] })).toThrow("direction.a has 1 elements; expected 2");
  });
});
