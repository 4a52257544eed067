import { bptt, dimensions } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { benchesOf } from "../src/benches.ts";
import { judge, judgeOn } from "../src/judge.ts";
import { isApplicable, mistakes } from "../src/mistakes/mistakes.ts";
import { factsOf, shapeOf } from "../src/problem-shape.ts";
import { cut, smallerProblem } from "../src/sub-problem.ts";
import { drawProblem, gradientsOf } from "./diagnosis/problems.ts";
import { seed } from "./settings.ts";

const blind = { B: 1, I: 3 };
const zero = ({ shape, data }: { shape: readonly number[]; data: Float64Array }) => ({
  shape,
  data: new Float64Array(data.length),
});

describe("what power calls caught is judged a mismatch, and what it calls inert is not", () => {
  test.each([
    drawProblem({ T: 5, loss: "mse" }),
    drawProblem({ T: 5, loss: "cross_entropy", reduction: "mean", mask: "padding", nonlinearity: "relu" }),
    { ...drawProblem({ T: 2, ...blind }), h0: zero(drawProblem({ T: 2, ...blind }).h0) },
  ])("$loss, $nonlinearity, x $x.shape", (problem) => {
    const { power } = judge({ problem, gradients: gradientsOf(problem) }, { seed });
    const benches = benchesOf(problem, { seed });
    for (const { name, equations } of mistakes) {
      const gradients = gradientsOf(problem, { ...bptt<Float64Array>(), ...equations<Float64Array>() });
      const { verdict } = judgeOn(benches, gradients, { explain: false });
      expect([name, verdict]).toEqual([name, power.caught.includes(name) ? "mismatch" : "match"]);
    }
    expect(power.caught.length + power.inert.length).toBe(mistakes.length);
    // What can show on no problem of that kind does not show on this one; what the catalogue calls inert does not either.
    const [shape, facts] = [shapeOf(problem), factsOf(problem)];
    expect(power.inapplicable.filter((name) => !power.inert.includes(name))).toEqual([]);
    const inert = mistakes.filter((mistake) => mistake.inert(shape, facts)).map(({ name }) => name);
    expect(inert.filter((name) => !power.inert.includes(name))).toEqual([]);
    const inapplicable = mistakes.filter((mistake) => !isApplicable(mistake, shape)).map(({ name }) => name);
    expect(power.inapplicable).toEqual(inapplicable);
    expect(power.measuredOn).toBeUndefined();
  });
});

describe("on a large problem", () => {
  test("the mistakes are run on a part of it, and the power says which", () => {
    const problem = drawProblem({ T: 300, B: 4, H: 6 });
    const gradients = gradientsOf(problem).filter(({ of }) => of === "Whh" || of === "x");
    const { verdict, power } = judge({ problem, gradients }, { seed });
    expect(verdict).toBe("match");
    expect(power.measuredOn).toMatchObject({ I: 2, H: 6, O: 3 });
    expect(power.measuredOn?.B).toBeLessThanOrEqual(4);
    expect(power.measuredOn?.T).toBeLessThan(300);
    expect(power.caught).toContain("recurrent-not-transposed");
    expect(power.inert).toContain("bias-counted-twice");
    expect(power.largestLag).toBe(299);
  });

  test("a part has fewer sequences first, then fewer steps, then fewer units", () => {
    const problem = drawProblem({ T: 40, B: 8, H: 20, I: 10, O: 6 });
    const sizes: number[][] = [];
    const smallest = smallerProblem(problem, (part) => {
      const { T, B, I, H, O } = dimensions(part);
      if (sizes.at(-1)?.join() !== [T, B, I, H, O].join()) sizes.push([T, B, I, H, O]);
      return false;
    });
    expect(sizes.slice(0, 6)).toEqual([
      [40, 8, 10, 20, 6],
      [40, 4, 10, 20, 6],
      [40, 2, 10, 20, 6],
      [20, 2, 10, 20, 6],
      [10, 2, 10, 20, 6],
      [8, 2, 10, 20, 6],
    ]);
    expect(dimensions(smallest)).toEqual({ T: 8, B: 2, I: 4, H: 8, O: 4 });
    expect(smallerProblem(problem, () => true)).toBe(problem);
  });

  test("a part ends with the last step that counts, and is the problem's own numbers", () => {
    const problem = drawProblem({ T: 9, B: 3, H: 4, loss: "cross_entropy", O: 5 });
    const mask = { shape: [9, 3], data: new Float64Array(27) };
    mask.data[6 * 3 + 1] = 1;
    const part = cut({ ...problem, mask }, { T: 4, B: 2, I: 1, H: 3, O: 2 });
    expect(part.mask?.data).toEqual(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 1));
    // Steps 3 to 6 of sequences 0 and 1, the first of two inputs.
    const expected = [3, 4, 5, 6].flatMap((t) => [0, 1].map((b) => problem.x.data[(t * 3 + b) * 2]));
    expect(Array.from(part.x.data)).toEqual(expected);
    const { Whh } = problem.parameters;
    expect(Array.from(part.parameters.Whh.data)).toEqual(
      [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => Whh.data[i * 4 + j])),
    );
    expect(part.loss === "cross_entropy" && Math.max(...part.target)).toBeLessThan(2);
    expect(() => gradientsOf(part)).not.toThrow();
  });
});
