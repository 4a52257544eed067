import { runs, seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchLimit } from "../src/check/limits.ts";
import { centralDifference, numericGradient } from "../src/numeric-derivative.ts";
import { derivativeOf, evaluate, plainPolynomials, type Rational, rationals } from "./exact-polynomials.ts";

/** A numeric derivative of a function of one number, with its error estimate. */
type Differentiator = (f: (x: number) => number, x: number) => { derivative: number; errorEstimate: number };

/** The exact derivative itself, rounded once. */
const rounding = 2 ** -52;

/** The law: a derivative is within so many of its own error estimates of the exact one. */
function withinItsEstimate(
  differentiator: Differentiator,
  arbitrary: fc.Arbitrary<Rational>,
): fc.IProperty<[Rational]> {
  return fc.property(arbitrary, (rational) => {
    const { derivative, errorEstimate } = differentiator((x) => evaluate(rational, x), rational.at / 16);
    const exact = derivativeOf(rational);
    expect(Math.abs(derivative - exact)).toBeLessThanOrEqual(matchLimit * errorEstimate + rounding * Math.abs(exact));
  });
}

const ours: Differentiator = (f, x) => {
  const { derivative, errorEstimate, shape } = centralDifference(f, x);
  // Without a plateau nothing is claimed.
  return shape === "smooth" || shape === "flat"
    ? { derivative, errorEstimate }
    : { derivative, errorEstimate: Infinity };
};

/** Central differences at one step, with the error that rounding alone has there. */
const oneStep =
  (step: number): Differentiator =>
  (f, x) => {
    const [right, left] = [f(x + step), f(x - step)];
    return {
      derivative: (right - left) / (2 * step),
      errorEstimate: (2 ** -53 * (Math.abs(right) + Math.abs(left))) / (2 * step),
    };
  };

/** Two steps, extrapolated, with their difference as the error and no noise: too small where noise is all there is. */
const withoutNoise: Differentiator = (f, x) => {
  const at = (step: number) => (f(x + step) - f(x - step)) / (2 * step);
  const [coarse, fine] = [at(2 ** -20), at(2 ** -21)];
  const derivative = (4 * fine - coarse) / 3;
  return { derivative, errorEstimate: Math.abs(derivative - fine) };
};

describe("the numeric derivative is within 8 of its error estimates", () => {
  test("of polynomials", () => fc.assert(withinItsEstimate(ours, plainPolynomials), runs(300)));
  test("of rational functions", () => fc.assert(withinItsEstimate(ours, rationals), runs(300)));

  test.each([
    ["one step of 2^-10", oneStep(2 ** -10)],
    ["one step of 2^-4", oneStep(2 ** -4)],
    ["an estimate without noise", withoutNoise],
  ])("control: %s is not", (_, differentiator) => {
    expect(fc.check(withinItsEstimate(differentiator, rationals), runs(300)).failed).toBe(true);
  });
});

describe("the estimate is worth something", () => {
  /** Share of points where there is a plateau, and where the estimate is below a millionth of the derivative. */
  const shares = () => {
    const drawn = fc.sample(rationals, { seed, numRuns: 300 });
    const found = drawn.map((rational) => {
      return { ...centralDifference((x) => evaluate(rational, x), rational.at / 16), exact: derivativeOf(rational) };
    });
    const smooth = found.filter(({ shape }) => shape === "smooth");
    const sharp = smooth.filter(({ errorEstimate, exact }) => errorEstimate <= 1e-8 * Math.abs(exact) || exact === 0);
    return { smooth: smooth.length / found.length, sharp: sharp.length / found.length };
  };

  test("of rational functions 9 in 10 have a plateau, and 85 in 100 one that is sharp to 1e-8", () => {
    const { smooth, sharp } = shares();
    expect(smooth).toBeGreaterThan(0.9);
    expect(sharp).toBeGreaterThan(0.85);
  });
});

describe("a gradient is made of derivatives", () => {
  test("each element as the function of that element alone has it", () => {
    fc.assert(
      fc.property(rationals, rationals, (a, b) => {
        const f = (x: Float64Array) => evaluate(a, x[0]) + evaluate(b, x[1]);
        const { derivative, errorEstimate } = numericGradient(f, Float64Array.of(a.at / 16, b.at / 16));
        for (const [i, rational] of [a, b].entries()) {
          const exact = derivativeOf(rational);
          if (!Number.isFinite(errorEstimate[i])) continue;
          expect(Math.abs(derivative[i] - exact)).toBeLessThanOrEqual(
            matchLimit * errorEstimate[i] + rounding * Math.abs(exact),
          );
        }
      }),
      runs(100),
    );
  });

  test("and does not depend on how f was called before", () => {
    fc.assert(
      fc.property(rationals, (a) => {
        const f = (x: Float64Array) => evaluate(a, x[0]);
        const at = Float64Array.of(a.at / 16);
        expect(numericGradient(f, at)).toEqual(numericGradient(f, at));
      }),
      runs(50),
    );
  });
});
