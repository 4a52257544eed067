import { describe, expect, test } from "vitest";
import { judge } from "../../src/judge.ts";
import type { GivenGradient, Judgement } from "../../src/judgement.ts";
import { mistakes } from "../../src/mistakes/mistakes.ts";
import { truncated, truncatedFromTheEnd, window } from "../../src/mistakes/truncations.ts";
import { factsOf, shapeOf } from "../../src/problem-shape.ts";
import { seed } from "../settings.ts";
import { drawProblem, gradientsOf } from "./problems.ts";

/** Problems among which every mistake finds one on which it shows. */
const problems = [
  drawProblem({ loss: "mse" }),
  drawProblem({ loss: "cross_entropy", reduction: "mean", mask: "padding", B: 3 }),
  drawProblem({ loss: "half_squared_error", reduction: "mean", mask: "fractions", B: 3, I: 3, O: 4 }),
  drawProblem({ loss: "linear", mask: "padding" }),
];

describe("a mistake of the catalogue is found, and named first", () => {
  // The window of T − 1 steps has two names.
  const alike: Readonly<Record<string, string[]>> = { "one-step-short": ["window-6"] };
  test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))("%s", (name, mistake) => {
    const problem = problems.find((one) => !mistake.inert(shapeOf(one), factsOf(one)));
    if (!problem) throw new Error(`${name} shows on none of the problems`);
    const gradients = gradientsOf(problem, mistake.equations<Float64Array>());
    const { verdict, diagnosis } = judge({ problem, gradients }, { seed });
    expect(verdict).toBe("mismatch");
    expect(diagnosis?.together).toBe(true);
    expect(diagnosis?.mistakes.map((named) => named.name)).toEqual([name, ...(alike[name] ?? [])]);
  });
});

describe("truncations of every length are named", () => {
  const problem = drawProblem({ T: 12, B: 1, loss: "cross_entropy", gain: 0.8 });
  const all = gradientsOf(problem);
  test.each([window(4), window(9), truncated(5), truncatedFromTheEnd(5), truncated(7)])("$name", (mistake) => {
    const gradients = gradientsOf(problem, mistake.equations<Float64Array>());
    for (const given of [gradients, gradients.filter(({ of }) => of === "Whh")]) {
      const { diagnosis } = judge({ problem, gradients: given }, { seed });
      expect(diagnosis?.mistakes.map(({ name }) => name)).toContain(mistake.name);
      expect(diagnosis?.together).toBe(true);
    }
    expect(judge({ problem, gradients: all }, { seed }).diagnosis).toBeUndefined();
  });
});

describe("what mistakes explain", () => {
  const [problem] = problems;
  const wrongBy = (name: string) => {
    const [mistake] = mistakes.filter((one) => one.name === name);
    return gradientsOf(problem, mistake.equations<Float64Array>());
  };
  const only = (gradients: readonly GivenGradient[], ...names: string[]) =>
    gradients.filter(({ of }) => names.includes(of));
  const named = ({ diagnosis }: Judgement) => diagnosis?.mistakes.map(({ name }) => name);

  test("a mistake that would have spoiled a right gradient is not named", () => {
    const gradients = wrongBy("direct-term-dropped");
    const judgement = judge({ problem, gradients }, { seed });
    expect(judgement.gradients.find(({ of }) => of === "Why")?.verdict).toBe("match");
    expect(named(judgement)).toEqual(["direct-term-dropped"]);
  });

  test("mistakes that the gradients given cannot tell apart are all named, the most specific first", () => {
    const gradients = only(wrongBy("direct-term-dropped"), "Whh", "x", "h0");
    const judgement = judge({ problem, gradients }, { seed });
    // The last step's loss alone gives these too, and spoils the readout besides.
    expect(named(judgement)?.slice(0, 2)).toEqual(["direct-term-dropped", "last-step-loss-only"]);
    expect(judgement.diagnosis?.together).toBe(true);
  });

  test("two mistakes in different gradients are named for each", () => {
    const first = wrongBy("bias-from-state-error");
    const second = wrongBy("readout-uses-previous-state");
    const gradients = first.map((gradient, i) => (gradient.of === "Why" ? second[i] : gradient));
    const { diagnosis, gradients: verdicts } = judge({ problem, gradients }, { seed });
    expect(diagnosis?.together).toBe(false);
    expect(diagnosis?.mistakes.map(({ name, explains }) => [name, explains])).toEqual([
      ["bias-from-state-error", ["bxh", "bhh"]],
      ["readout-uses-previous-state", ["Why"]],
    ]);
    expect(verdicts.find(({ of }) => of === "Why")?.mistakes).toEqual(["readout-uses-previous-state"]);
  });

  test("a mistake that nobody listed is not given a name", () => {
    const gradients = gradientsOf(problem).map((gradient) => ({
      ...gradient,
      data: gradient.data.map((value) => value ** 3),
    }));
    const { verdict, diagnosis } = judge({ problem, gradients }, { seed });
    expect([verdict, diagnosis?.mistakes]).toEqual(["mismatch", []]);
  });
});
