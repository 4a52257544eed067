import { float64 } from "@gradproof/arithmetic";
import { lossAndGradient, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { judge } from "../src/judge.ts";
import { drawProblem, gradientsOf } from "./diagnosis/problems.ts";
import { seed } from "./settings.ts";

type Problem = RnnProblem<NumericArray>;
type Gradient = Readonly<Record<string, Float64Array>>;

/** ∂J/∂W_hh and ∂J/∂x of a problem. */
type Program = (problem: Problem) => Gradient;

const right: Program = (problem) => {
  const { Whh, x } = lossAndGradient(float64, problem).gradient;
  return { Whh: Whh.data, x: x.data };
};

const short = drawProblem({ T: 4, H: 4 });
const long = drawProblem({ T: 9, H: 4 });

const copied = (gradient: Gradient): Gradient =>
  Object.fromEntries(Object.entries(gradient).map(([name, data]) => [name, data.slice()]));
const changed = <T>(object: T, name: string, data: Float64Array): T => ({ ...object, [name]: data });

/** A law of calls, and a program that breaks it and no formula of the catalogue. */
const laws: { readonly name: string; readonly holds: (f: Program) => void; readonly defect: () => Program }[] = [
  {
    name: "what it returned stays as it was when it is called again",
    holds: (f) => {
      const first = f(short);
      const before = copied(first);
      f(long);
      expect(first).toEqual(before);
    },
    defect: () => {
      const buffer = new Float64Array(16);
      return (problem) => {
        const gradient = right(problem);
        buffer.set(gradient.Whh);
        return changed(gradient, "Whh", buffer);
      };
    },
  },
  {
    name: "a longer sequence before does not change it",
    holds: (f) => {
      const before = copied(f(short));
      f(long);
      expect(copied(f(short))).toEqual(before);
    },
    defect: () => {
      let longest = new Float64Array(0);
      return (problem) => {
        const gradient = right(problem);
        const { x } = gradient;
        if (x.length > longest.length) longest = x.slice();
        else longest.set(x);
        // The sum over the steps runs to the end of the buffer.
        const stale = longest.reduce((sum, value) => sum + value, 0) - x.reduce((sum, value) => sum + value, 0);
        return changed(
          gradient,
          "Whh",
          gradient.Whh.map((value) => value + stale),
        );
      };
    },
  },
];

describe("laws of calls", () => {
  for (const { name, holds } of laws) {
    // The names are those that the catalogue gives for what no equation can express.
    test(name, () => holds(right));
  }

  test.each(laws)("a program that breaks one is refused: $name", ({ holds, defect }) => {
    expect(() => holds(defect())).toThrow();
  });
});

test("a clipped gradient is a mismatch, where it was clipped", () => {
  const problem = drawProblem();
  const gradients = gradientsOf(problem);
  const [whh] = gradients.filter(({ of }) => of === "Whh");
  const bound = 0.9 * Math.max(...whh.data.map(Math.abs));
  const data = whh.data.map((value) => Math.max(-bound, Math.min(bound, value)));
  const judgement = judge({ problem, gradients: [{ ...whh, data }] }, { seed });
  expect(judgement.verdict).toBe("mismatch");
  expect(judgement.gradients[0].worst.given).toBe(Math.sign(judgement.gradients[0].worst.given) * bound);
  const cut = whh.data.filter((value) => Math.abs(value) > bound).length;
  expect(judgement.gradients[0].relations).toEqual([`is wrong in ${cut} of 9 elements`]);
});
