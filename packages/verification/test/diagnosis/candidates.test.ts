import { describe, expect, test } from "vitest";
import { benchesOf } from "../../src/benches.ts";
import { nearMistakes } from "../../src/diagnosis/candidates.ts";
import { stepErrors } from "../../src/diagnosis/location.ts";
import { screenOf } from "../../src/diagnosis/screen.ts";
import { mistakes } from "../../src/mistakes/mistakes.ts";
import { effortOf } from "../../src/sub-problem.ts";
import { drawProblem, gradientsOf } from "./problems.ts";

/** The gradients of x and W_hh that a mistake gives, and what is needed to look for it. */
function setting(name: string, reduction: "sum" | "mean") {
  const problem = drawProblem({ T: 6, B: 16, H: 16, loss: "cross_entropy", reduction });
  const [mistake] = mistakes.filter((one) => one.name === name);
  const wrong = gradientsOf(problem, mistake.equations<Float64Array>()).filter(({ of }) => of === "x" || of === "Whh");
  const bench = benchesOf(problem, { runs: 8 }).at("F64");
  return { problem, wrong, bench, errors: stepErrors(bench, wrong) };
}

/** What every mistake would cost on a problem, about. */
const costOf = (problem: ReturnType<typeof setting>["problem"]) => effortOf(problem) * (mistakes.length + 12);

describe("where the budget does not allow for every mistake on the whole problem", () => {
  test.each([
    ["recurrent-not-transposed", "sum"],
    ["recurrent-not-transposed", "mean"],
    ["mean-as-sum", "mean"],
    ["sequences-not-averaged", "mean"],
  ] as const)("the first sequence finds %s, reduction %s", (name, reduction) => {
    const { problem, wrong, bench, errors } = setting(name, reduction);
    const budget = costOf(problem) / 2;
    const screen = screenOf(bench, wrong, errors, { evaluations: mistakes.length, budget });
    expect(screen.problem.x.shape).toEqual([6, 1, 2]);
    const { candidates, untried } = nearMistakes(bench, wrong, errors, budget);
    expect(untried).toBe(0);
    expect(candidates.map(({ mistake }) => mistake.name)).toContain(name);
  });

  test("without x not all are tried, and it is said how many", () => {
    const { problem, wrong, bench } = setting("recurrent-not-transposed", "sum");
    const alone = wrong.filter(({ of }) => of === "Whh");
    const { untried } = nearMistakes(bench, alone, undefined, costOf(problem) / 4);
    expect(untried).toBeGreaterThan(mistakes.length / 2);
    expect(untried).toBeLessThan(mistakes.length);
    expect(nearMistakes(bench, alone, undefined).untried).toBe(0);
  });
});
