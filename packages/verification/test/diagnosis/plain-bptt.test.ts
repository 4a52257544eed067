import { describe, expect, test } from "vitest";
import { judge } from "../../src/judge.ts";
import { seed } from "../settings.ts";
import { plainBptt, type Slips } from "./plain-bptt.ts";
import { drawProblem } from "./problems.ts";

const entropy = drawProblem({ T: 8, B: 3, I: 4, H: 6, O: 5, loss: "cross_entropy" });
const mean = drawProblem({ T: 8, B: 3, I: 4, H: 6, O: 5, loss: "cross_entropy", reduction: "mean" });
const squared = drawProblem({ T: 8, B: 3, I: 4, H: 6, O: 5, loss: "mse" });
const vanishing = drawProblem({ T: 48, B: 1, I: 2, H: 4, O: 3, loss: "cross_entropy", gain: 0.5 });
/** Longer than a segment of `rnn`'s sweep. */
const long = drawProblem({ T: 70, B: 1, I: 2, H: 3, O: 3, loss: "cross_entropy", gain: 0.9 });

describe("a BPTT written in plain loops matches without a slip", () => {
  test.each([entropy, mean, squared, vanishing, long])("$loss ($reduction), x $x.shape", (problem) => {
    expect(judge({ problem, gradients: plainBptt(problem) }, { seed }).verdict).toBe("match");
  });
});

describe("a slip in plain loops is judged a mismatch, and named", () => {
  const kinds = [
    "recurrent-term-dropped",
    "direct-term-dropped",
    "hidden-state-not-shifted",
    "recurrent-not-transposed",
    "weight-gradient-transposed",
    "derivative-not-squared",
    "derivative-of-derivative",
    "derivative-at-activation",
    "derivative-missing",
    "derivative-sigmoid",
    "immediate-partial-only",
    "input-off-by-one",
    "initial-state-gradient-missing",
    "bias-gradient-missing",
    "last-step-loss-only",
    "sign-flipped",
    "readout-uses-previous-state",
    "averaged-over-time",
    "ce-target-not-subtracted",
  ];
  const cases: [name: string, problem: typeof entropy, slips: Slips][] = [
    ...kinds.map((kind): [string, typeof entropy, Slips] => [kind, entropy, { kind }]),
    ["mse-factor-2", squared, { kind: "mse-factor-2" }],
    ["mean-as-sum", mean, { kind: "mean-as-sum" }],
    ["truncated-3-from-the-end", entropy, { cutEvery: 3 }],
    ["window-10", vanishing, { window: 10 }],
    ["window-12", vanishing, { window: 12 }],
    ["recurrent-not-transposed", long, { kind: "recurrent-not-transposed" }],
    ["immediate-partial-only", long, { kind: "immediate-partial-only" }],
    ["window-3", long, { window: 3 }],
    ["derivative-sigmoid", long, { kind: "derivative-sigmoid" }],
  ];
  test.each(cases)("%s", (name, problem, slips) => {
    const { verdict, diagnosis } = judge({ problem, gradients: plainBptt(problem, slips) }, { seed });
    expect([verdict, diagnosis?.together]).toEqual(["mismatch", true]);
    expect(diagnosis?.mistakes.map((mistake) => mistake.name)).toEqual([name]);
  });
});
