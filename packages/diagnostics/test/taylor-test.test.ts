import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { taylorTest } from "../src/taylor-test.ts";
import { derivativeOf, evaluate, rationals } from "./exact-polynomials.ts";

const f = (x: Float64Array) => Math.sin(x[0]) * Math.exp(x[1]);
const gradient = (x: Float64Array) => [Math.cos(x[0]) * Math.exp(x[1]), Math.sin(x[0]) * Math.exp(x[1])];
const at = Float64Array.of(0.7, -0.4);

describe("the Taylor remainder", () => {
  test("of a right gradient falls 4-fold with each halving, over a range that is stated", () => {
    const { verdict, slope, range, ratios, steps, resolution } = taylorTest(f, gradient, at);
    expect(verdict).toBe("match");
    expect(slope).toBeCloseTo(2, 1);
    const [from, to] = range ?? [1, 1];
    expect(to / from).toBeGreaterThanOrEqual(2 ** 10);
    const plateau = ratios.filter((_, k) => steps[k] <= to && steps[k + 1] >= from);
    for (const ratio of plateau) expect(Math.abs(ratio - 4)).toBeLessThan(0.5);
    expect(resolution).toBeLessThan(1e-5);
  });

  test.each([
    ["a factor 2", (x: Float64Array) => gradient(x).map((g) => 2 * g)],
    ["a sign", (x: Float64Array) => [gradient(x)[0], -gradient(x)[1]]],
    ["one part in 10,000", (x: Float64Array) => [gradient(x)[0] * (1 + 1e-4), gradient(x)[1]]],
  ])("of one that is wrong by %s falls 2-fold", (_, wrong) => {
    const { verdict, slope } = taylorTest(f, wrong, at);
    expect(verdict).toBe("mismatch");
    expect(slope).toBeCloseTo(1, 1);
  });

  test("of a linear function is nothing but noise", () => {
    const { verdict, reason } = taylorTest((x: Float64Array) => 3 * x[0] - x[1], [3, -1], at);
    expect(verdict).toBe("match");
    expect(reason).toContain("below the noise");
    expect(taylorTest((x: Float64Array) => 3 * x[0] - x[1], [3, -1.001], at).verdict).toBe("mismatch");
  });

  test("falls 8-fold where the second derivative is 0", () => {
    const { verdict, slope } = taylorTest((x: Float64Array) => Math.sin(x[0]), [1], Float64Array.of(0));
    expect(verdict).toBe("match");
    expect(slope).toBeCloseTo(3, 1);
  });

  test("at a kink says nothing, whatever the gradient", () => {
    for (const given of [0, 0.5, 1]) {
      const { verdict, reason } = taylorTest((x: Float64Array) => Math.max(x[0], 0), [given], Float64Array.of(0));
      expect(verdict).toBe("inconclusive");
      expect(reason).toContain("kink");
    }
  });

  test("of a function that loses digits, or a gradient in float32, is not taken for that of a wrong one", () => {
    const cancelling = (x: Float64Array) => 1e8 + Math.sin(x[0]) - 1e8;
    expect(taylorTest(cancelling, (x) => [Math.cos(x[0])], Float64Array.of(1)).verdict).toBe("match");
    expect(taylorTest(cancelling, (x) => [1.01 * Math.cos(x[0])], Float64Array.of(1)).verdict).toBe("mismatch");
    const rounded = taylorTest(f, (x) => gradient(x).map(Math.fround), at);
    expect(rounded.verdict).toBe("match");
    expect(rounded.resolution).toBeGreaterThan(1e-6);
    expect(taylorTest(f, (x) => gradient(x).map((g) => Math.fround(1.01 * g)), at).verdict).toBe("mismatch");
    const single = (x: Float64Array) => Math.fround(Math.sin(Math.fround(x[0])));
    expect(taylorTest(single, (x) => [Math.cos(x[0])], Float64Array.of(1)).verdict).toBe("match");
  });

  test("of a function that does not change says nothing", () => {
    expect(taylorTest((x: Float64Array) => Math.tanh(x[0]), [0], Float64Array.of(40)).verdict).toBe("inconclusive");
    expect(taylorTest(() => 5, [0], Float64Array.of(1)).verdict).toBe("inconclusive");
  });

  test("of rational functions never falls like that of a wrong gradient, nor the other way round", () => {
    fc.assert(
      fc.property(rationals, fc.constantFrom(2, -1, 1.01, 1 + 1e-3), (rational, factor) => {
        const exact = derivativeOf(rational);
        const g = (x: Float64Array) => evaluate(rational, x[0]);
        const point = Float64Array.of(rational.at / 16);
        expect(taylorTest(g, [exact], point).verdict).not.toBe("mismatch");
        const { verdict, resolution } = taylorTest(g, [factor * exact], point);
        if (exact !== 0 && Math.abs(factor - 1) > (resolution ?? Infinity)) expect(verdict).not.toBe("match");
      }),
      runs(200),
    );
  });

  test("control: a test of one ratio at the largest steps is fooled", () => {
    const oneRatio = (g: (x: number) => number, derivative: number, x: number) => {
      const remainder = (h: number) => Math.abs(g(x + h) - g(x) - h * derivative);
      return remainder(2 ** -2) / remainder(2 ** -3) > 3;
    };
    const fooled = fc.check(
      fc.property(rationals, (rational) => {
        const exact = derivativeOf(rational);
        const g = (x: number) => evaluate(rational, x);
        return exact === 0 || !oneRatio(g, 1.01 * exact, rational.at / 16);
      }),
      runs(200),
    );
    expect(fooled.failed).toBe(true);
  });
});
