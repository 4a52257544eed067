import { describe, expect, test } from "vitest";
import { checkGradient } from "../src/check/check-gradient.ts";
import type { Verdict } from "../src/check/report.ts";
import { checkers } from "./checkers.ts";
import { type Kind, type Known, knownFunctions } from "./known-functions.ts";
import { type Checker, judgeAll, textOf } from "./verdict-table.ts";

describe.each(checkers)("%s on the table of known functions", (name, checker) => {
  const table = judgeAll(checker);
  console.log(`${name} on ${knownFunctions.length} functions of known derivative\n${textOf(table)}`);
  const shareOf = (kind: Kind, row: "right" | "wrong", verdict: Verdict) => {
    const counts = table.rows.get(kind)?.[row];
    const all = Object.values<number>({ ...counts }).reduce((sum, count) => sum + count, 0);
    return (counts?.[verdict] ?? 0) / all;
  };

  test("has no wrong verdict", () => {
    expect(table.wrongVerdicts).toEqual([]);
  });

  // Of what loses most of its digits, the derivative is known to no more than a few.
  test.each<[Kind, number]>([
    ["smooth", 1],
    ["scaled", 1],
    ["vanishing", 1],
    ["cancelling", 0.7],
  ])("of right gradients of %s functions at least %d are called a match", (kind, share) => {
    expect(shareOf(kind, "right", "match")).toBeGreaterThanOrEqual(share);
  });

  test.each<[Kind, number]>([
    ["smooth", 0.95],
    ["vanishing", 0.85],
    ["scaled", 0.8],
    ["cancelling", 0.45],
    ["noise", 0.3],
  ])("of wrong gradients of %s functions at least %d are called a mismatch", (kind, share) => {
    expect(shareOf(kind, "wrong", "mismatch")).toBeGreaterThanOrEqual(share);
  });
});

describe("checkGradient", () => {
  test("every inconclusive verdict gives a reason", () => {
    for (const { f, at, right, options } of knownFunctions) {
      const { verdict, inputs } = checkGradient(f, right[0], at, options);
      if (verdict === "inconclusive") expect(inputs[0].reason).toMatch(/\w{4}/);
    }
  });

  test("a kink is named, with its element, its distance and both derivatives", () => {
    const { inputs } = checkGradient((x) => x[0] + Math.abs(x[1] - 3), [1, 0], Float64Array.of(1, 3));
    expect(inputs[0].kinks).toHaveLength(1);
    expect(inputs[0].kinks[0]).toMatchObject({ index: 1, shape: "kink", break: { kind: "kink", side: "here" } });
    expect(inputs[0].kinks[0].left).toBeCloseTo(-1, 9);
    expect(inputs[0].kinks[0].right).toBeCloseTo(1, 9);
    expect(inputs[0].reason).toContain("x[1]: a kink at the point");
    expect(inputs[0].reason).toContain("lies between");
  });

  test("a kink beside the point does not hinder, and is placed", () => {
    const { verdict, inputs } = checkGradient((x) => 1 + Math.max(x[0], 0), [1], Float64Array.of(1e-9));
    expect(verdict).toBe("match");
    expect(inputs[0].worst?.break).toMatchObject({ kind: "kink", side: "left" });
    expect(inputs[0].worst?.break?.distance).toBeCloseTo(1e-9, 12);
  });
});

/**
 * The acceptance rule of a fixed step and tolerances. The rules are those of known checkers, written anew; they state no
 * resolution but the tolerance that they have.
 */
function fixedStep(step: number, accepts: (numeric: number, given: number) => boolean, tolerance: number): Checker {
  return ({ f, at }, gradient) => {
    const given = gradient(at.slice());
    const moved = (i: number, by: number) => f(at.map((x, j) => (i === j ? x + by : x)));
    const agrees = Array.from(at, (_, i) => {
      try {
        return accepts((moved(i, step) - moved(i, -step)) / (2 * step), given[i]);
      } catch {
        return false;
      }
    });
    return { verdict: agrees.every(Boolean) ? "match" : "mismatch", resolution: tolerance };
  };
}

const [[, ours]] = checkers;

describe("rules with tolerances fail on the same table", () => {
  const close = (absolute: number, relative: number) => (a: number, b: number) =>
    Math.abs(a - b) <= absolute + relative * Math.abs(a);

  test.each([
    ["a step of 1e-6, tolerances 1e-5 and 1e-3", fixedStep(1e-6, close(1e-5, 1e-3), 1e-3)],
    [
      "a step of 1e-6, absolute or relative 1e-6",
      fixedStep(1e-6, (a, b) => Math.abs(a - b) < 1e-6 || Math.abs(a - b) < 1e-6 * Math.abs(a), 1e-6),
    ],
    ["a step of 1e-4, tolerances 1e-5 and 1e-5", fixedStep(1e-4, close(1e-5, 1e-5), 1e-5)],
    ["a step of 1e-6, relative 1e-9", fixedStep(1e-6, close(0, 1e-9), 1e-9)],
  ])("%s", (name, checker) => {
    const { wrongVerdicts } = judgeAll(checker);
    console.log(`${name}: ${wrongVerdicts.length} wrong verdicts`);
    expect(wrongVerdicts.length).toBeGreaterThan(20);
  });

  test("among them a sign that is wrong in a gradient of 1e-7", () => {
    const tiny = knownFunctions.filter(({ name }) => name === "1e-7 Σ sin x") as Known[];
    const { wrongVerdicts } = judgeAll(fixedStep(1e-6, close(1e-5, 1e-3), 1e-3), tiny);
    expect(wrongVerdicts).toContain("1e-7 Σ sin x: sign is called a match");
    expect(judgeAll(ours, tiny).rows.get("vanishing")?.wrong.mismatch).toBe(4);
  });

  test("and a transpose missing in a net of small weights", () => {
    const small = knownFunctions.filter(({ name }) => name === "RNN, weights of 1e-3") as Known[];
    const { wrongVerdicts } = judgeAll(fixedStep(1e-6, close(1e-5, 1e-3), 0), small);
    expect(wrongVerdicts).toContain("RNN, weights of 1e-3: missing transpose is called a match");
    expect(judgeAll(ours, small).wrongVerdicts).toEqual([]);
  });
});
