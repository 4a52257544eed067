import { runs, seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGradient } from "../src/check/check-gradient.ts";
import type { Verdict } from "../src/check/report.ts";
import { type Expression, expressions, points } from "./expressions.ts";

type Check = (f: (x: Float64Array) => number, gradient: (x: Float64Array) => number[], at: Float64Array) => Judged;
interface Judged {
  readonly verdict: Verdict;
  /** What size of mistake the checker says that it would see, in the derivative's units. */
  readonly sees: number;
}

const ours: Check = (f, gradient, at) => {
  const { verdict, inputs } = checkGradient(f, gradient, at);
  const { worst, resolution = Infinity } = inputs[0];
  // Of a derivative that is 0 to within its error, the resolution is relative to the slope nearby.
  const isAtRest = Math.abs(worst?.numeric ?? 0) <= 8 * (worst?.errorEstimate ?? Infinity);
  return { verdict, sees: isAtRest ? Infinity : resolution * Math.abs(worst?.numeric ?? 0) };
};

/** A fixed step and tolerances: the control. */
const tolerant =
  (absolute: number, relative: number): Check =>
  (f, gradient, at) => {
    const moved = (by: number) => f(Float64Array.of(at[0] + by));
    const numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6;
    const agrees = Math.abs(gradient(at)[0] - numeric) <= absolute + relative * Math.abs(numeric);
    return { verdict: agrees ? "match" : "mismatch", sees: 0 };
  };

interface Drawn {
  readonly f: (x: Float64Array) => number;
  readonly gradient: (x: Float64Array) => number[];
  readonly at: Float64Array;
  readonly derivative: number;
}

/** Nothing for what overflows, or for a derivative that does on its way. */
function drawn({ dual }: Expression, x: number): Drawn | undefined {
  const [value, derivative] = dual([x, 1]);
  if (!Number.isFinite(value) || !Number.isFinite(derivative) || Math.abs(value) > 1e150) return undefined;
  // What is computed from an argument that one rounding moves by more than a turn is not a function of x any more.
  if (Math.abs(derivative * x) > 1e8 * Math.max(1, Math.abs(value))) return undefined;
  return {
    f: ([y]) => dual([y, 0])[0],
    gradient: ([y]) => [dual([y, 1])[1]],
    at: Float64Array.of(x),
    derivative,
  };
}

const rightIsNotRefused = (check: Check, kinks: boolean) =>
  fc.property(expressions(kinks), points, (expression, x) => {
    const d = drawn(expression, x);
    if (d) expect(check(d.f, d.gradient, d.at).verdict, expression.text).not.toBe("mismatch");
  });

const wrongIsNotAccepted = (check: Check, kinks: boolean) =>
  fc.property(expressions(kinks), points, fc.constantFrom(2, -1, 1 + 1e-3, 1 + 1e-6), (expression, x, factor) => {
    const d = drawn(expression, x);
    if (!d || d.derivative === 0) return;
    const { verdict, sees } = check(d.f, (y) => d.gradient(y).map((g) => factor * g), d.at);
    if (Math.abs(d.derivative * (factor - 1)) > sees) expect(verdict, expression.text).not.toBe("match");
  });

describe.each([
  ["smooth", false],
  ["kinked", true],
])("compositions of elementary functions, %s", (_, kinks) => {
  test("a right derivative is not refused", () => fc.assert(rightIsNotRefused(ours, kinks), runs(500)));
  test("a wrong one is not accepted", () => fc.assert(wrongIsNotAccepted(ours, kinks), runs(500)));

  test("control: with a fixed step and a narrow tolerance it is", () => {
    expect(fc.check(rightIsNotRefused(tolerant(0, 1e-9), kinks), runs(500)).failed).toBe(true);
  });

  test("control: and with wide ones the other", () => {
    expect(fc.check(wrongIsNotAccepted(tolerant(1e-5, 1e-3), kinks), runs(500)).failed).toBe(true);
  });

  test("of those that change at all, at most 1 in 10 is inconclusive", () => {
    const all = fc.sample(fc.tuple(expressions(kinks), points), { seed, numRuns: 500 });
    const changing = all
      .flatMap(([expression, x]) => drawn(expression, x) ?? [])
      .filter(({ derivative }) => derivative !== 0);
    const open = changing.filter(({ f, gradient, at }) => ours(f, gradient, at).verdict === "inconclusive");
    expect(open.length / changing.length).toBeLessThan(0.1);
  });
});
