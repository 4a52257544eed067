import { runs, seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGradient } from "../src/check/check-gradient.ts";
import type { Verdict } from "../src/check/report.ts";
import { derivativeOf, evaluate, type Rational, rationals } from "./exact-polynomials.ts";

/** f(x) = Σ_i r_i(x_i) Π_{j≠i} (1 + x_j / 64): every element matters to every derivative. */
interface Problem {
  readonly terms: readonly Rational[];
}

const problems: fc.Arbitrary<Problem> = fc.record({ terms: fc.array(rationals, { minLength: 1, maxLength: 3 }) });

const pointOf = ({ terms }: Problem) => Float64Array.from(terms, ({ at }) => at / 16);
const others = (x: Float64Array, ...without: number[]) =>
  x.reduce((product, value, j) => (without.includes(j) ? product : product * (1 + value / 64)), 1);
const functionOf =
  ({ terms }: Problem) =>
  (x: Float64Array) =>
    terms.reduce((sum, term, i) => sum + evaluate(term, x[i]) * others(x, i), 0);

/** The right gradient at the problem's own point, where the rational functions' derivatives are exact. */
function gradientOf(problem: Problem): Float64Array {
  const x = pointOf(problem);
  return x.map((_, i) => {
    let sum = derivativeOf(problem.terms[i]) * others(x, i);
    problem.terms.forEach((term, k) => {
      if (k !== i) sum += (evaluate(term, x[k]) * others(x, k, i)) / 64;
    });
    return sum;
  });
}

interface Judgement {
  readonly verdict: Verdict;
  readonly resolution: number;
}
type Check = (f: (x: Float64Array) => number, gradient: Float64Array, at: Float64Array) => Judgement;

const ours: Check = (f, gradient, at) => {
  const { verdict, inputs } = checkGradient(f, gradient, at);
  return { verdict, resolution: inputs[0].resolution ?? Infinity };
};

/** Central differences at one step with tolerances, as many checkers have it. */
const tolerant =
  (absolute: number, relative: number): Check =>
  (f, gradient, at) => {
    const agrees = gradient.every((given, i) => {
      const moved = (by: number) => f(at.map((x, j) => (i === j ? x + by : x)));
      const numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6;
      return Math.abs(given - numeric) <= absolute + relative * Math.abs(numeric);
    });
    return { verdict: agrees ? "match" : "mismatch", resolution: 0 };
  };

/** Law: a right gradient is never called a mismatch. */
const rightIsNotRefused = (check: Check) =>
  fc.property(problems, (problem) => {
    expect(check(functionOf(problem), gradientOf(problem), pointOf(problem)).verdict).not.toBe("mismatch");
  });

/** Law: an element that is off by more than the resolution, as a share of the largest, is never called a match. */
const wrongIsNotAccepted = (check: Check, share: fc.Arbitrary<number>) =>
  fc.property(problems, share, fc.nat(), fc.integer({ min: -30, max: 0 }), (problem, size, element, exponent) => {
    const scale = 2 ** exponent;
    const right = gradientOf(problem).map((value) => value * scale);
    const largest = Math.max(...right.map(Math.abs));
    const wrong = right.slice();
    wrong[element % wrong.length] += size * largest;
    const { verdict, resolution } = check((x) => scale * functionOf(problem)(x), wrong, pointOf(problem));
    if (largest > 0 && Math.abs(size) > resolution) expect(verdict).not.toBe("match");
  });

const shares = fc.constantFrom(1, -2, 1e-2, -1e-3, 1e-6, -1e-8);

describe("a right gradient is not refused", () => {
  test("of rational functions of several elements", () => fc.assert(rightIsNotRefused(ours), runs(200)));
  test("control: with a relative tolerance of 1e-9 it is", () => {
    expect(fc.check(rightIsNotRefused(tolerant(0, 1e-9)), runs(200)).failed).toBe(true);
  });
  test("nor left undecided in more than 4 of 100", () => {
    const drawn = fc.sample(problems, { seed, numRuns: 200 });
    const open = drawn.filter(
      (problem) => ours(functionOf(problem), gradientOf(problem), pointOf(problem)).verdict !== "match",
    );
    expect(open.length).toBeLessThanOrEqual(8);
  });
});

describe("a wrong gradient is not accepted", () => {
  test("whatever the scale of f, beyond the stated resolution", () =>
    fc.assert(wrongIsNotAccepted(ours, shares), runs(200)));
  test("control: with tolerances of 1e-5 and 1e-3 it is", () => {
    expect(fc.check(wrongIsNotAccepted(tolerant(1e-5, 1e-3), shares), runs(200)).failed).toBe(true);
  });
  test("and most mistakes of 1e-6 are seen", () => {
    const drawn = fc.sample(problems, { seed, numRuns: 200 });
    const seen = drawn.filter((problem) => {
      const wrong = gradientOf(problem);
      const largest = wrong.reduce((best, value, i) => (Math.abs(value) > Math.abs(wrong[best]) ? i : best), 0);
      wrong[largest] *= 1 + 1e-6;
      return ours(functionOf(problem), wrong, pointOf(problem)).verdict === "mismatch";
    });
    expect(seen.length).toBeGreaterThan(180);
  });
});

describe("a report", () => {
  test("is the same twice, and plain data", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const check = () => checkGradient(functionOf(problem), gradientOf(problem), pointOf(problem));
        expect(check()).toEqual(check());
        expect(() => structuredClone(check())).not.toThrow();
      }),
      runs(30),
    );
  });
});
