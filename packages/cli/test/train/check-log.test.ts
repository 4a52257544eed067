import { expect, test } from "vitest";
import { type Check, type CheckCounts, noChecks, withCheck } from "../../src/train/check-log.ts";

function check(step: number, verdict: Check["verdict"] = "match"): Check {
  return { step, verdict, errorInSigma: 1 / step, mistakes: [], sequences: 4 };
}

/** Mismatches at every step of `wrong`; read back from JSON after each of `stops`. */
function checksOf(steps: number, wrong: (step: number) => boolean, stops: readonly number[] = []): CheckCounts {
  let checks = noChecks;
  for (let step = 1; step <= steps; step++) {
    checks = withCheck(checks, check(step, wrong(step) ? "mismatch" : "match"));
    if (stops.includes(step)) checks = JSON.parse(JSON.stringify(checks));
  }
  return checks;
}

test("all are counted and at most 256 listed, evenly from the first steps to the last", () => {
  for (const steps of [0, 1, 255, 256, 257, 1000, 5000]) {
    const { count, matches, mismatches, listed, spacing } = checksOf(steps, () => false);
    expect([count, matches, mismatches]).toEqual([steps, steps, 0]);
    expect(listed.length).toBeLessThanOrEqual(256);
    expect(listed.length).toBeGreaterThanOrEqual(Math.min(steps, 128));
    expect(listed.map(({ step }) => step)).toEqual(listed.map((_, i) => (i + 1) * spacing));
    expect(steps - listed.length * spacing).toBeLessThan(spacing);
  }
});

test("mismatches stay listed while there are few, and are counted where there are many", () => {
  const few = checksOf(3000, (step) => step % 100 === 7);
  expect(few.mismatches).toBe(30);
  expect(few.listed.filter(({ verdict }) => verdict === "mismatch").map(({ step }) => step)).toEqual(
    Array.from({ length: 30 }, (_, i) => 100 * i + 7),
  );
  const many = checksOf(2000, () => true);
  expect([many.count, many.mismatches, many.listed.length, many.spacing]).toEqual([2000, 2000, 256, 1]);
  expect(many.listed.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => i + 1));
});

test("a run that was stopped lists what one lists that was not", () => {
  const wrong = (step: number) => step % 5 === 0;
  expect(checksOf(1200, wrong, [1, 100, 256, 257, 800])).toEqual(checksOf(1200, wrong));
});
