import { describe, expect, test } from "vitest";
import { judge } from "../../src/judge.ts";
import { mistakes } from "../../src/mistakes/mistakes.ts";
import { seed } from "../settings.ts";
import { drawProblem, gradientsOf } from "./problems.ts";

const problem = drawProblem({ T: 8, B: 3 });

/** Where the gradients that a mistake gives go wrong, seen from some of them. */
function location(name: string, ...seen: string[]) {
  const [mistake] = mistakes.filter((one) => one.name === name);
  const gradients = gradientsOf(problem, mistake.equations<Float64Array>());
  const given = seen.length > 0 ? gradients.filter(({ of }) => seen.includes(of)) : gradients;
  return judge({ problem, gradients: given }, { seed }).diagnosis?.location;
}

describe("by the gradient of x", () => {
  test("the first step of the way back that is wrong", () => {
    expect(location("derivative-missing")).toEqual({ by: "steps", step: 7, wrong: 8, steps: 8 });
    expect(location("recurrent-term-dropped")).toEqual({ by: "steps", step: 6, wrong: 7, steps: 8 });
    // Steps 0 to 4 miss the losses that are three steps and more behind them.
    expect(location("window-3")).toEqual({ by: "steps", step: 4, wrong: 5, steps: 8 });
    expect(location("first-step-not-visited", "x")).toEqual({ by: "steps", step: 0, wrong: 1, steps: 8 });
  });

  test("the sequences, where it is not all", () => {
    const gradients = gradientsOf(problem);
    const [x] = gradients.filter(({ of }) => of === "x");
    const width = 3 * 2;
    x.data[5 * width + 2 * 1] += 1;
    x.data[2 * width + 2 * 1 + 1] += 1;
    expect(judge({ problem, gradients }, { seed }).diagnosis?.location).toEqual({
      by: "steps",
      step: 5,
      wrong: 2,
      steps: 8,
      sequences: [1],
    });
  });

  test("where it is right, only the sums over the steps are wrong", () => {
    expect(location("hidden-state-not-shifted")).toEqual({ by: "sums", gradients: ["Whh"] });
  });
});

describe("without x, by the lags of W_hh", () => {
  test.each([
    ["window-3", [{ from: 3, to: 7, count: 0 }]],
    ["immediate-partial-only", [{ from: 1, to: 7, count: 0 }]],
    ["earlier-steps-counted-again", Array.from({ length: 7 }, (_, i) => ({ from: i + 1, to: i + 1, count: i + 2 }))],
  ])("%s", (name, lags) => {
    expect(location(name, "Whh", "Why")).toEqual({ by: "lags", lags, steps: 8 });
  });

  test("nothing is said where no lags explain it", () => {
    expect(location("derivative-missing", "Whh", "Why")).toEqual({ by: "nothing" });
    expect(location("bias-gradient-missing", "bxh", "Whh")).toEqual({ by: "nothing" });
  });
});
