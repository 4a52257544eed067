import { float64, slice } from "@gradproof/arithmetic";
import { bptt, type NumericArray } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { judge } from "../../src/judge.ts";
import type { GivenGradient } from "../../src/judgement.ts";
import { seed } from "../settings.ts";
import { drawProblem, gradientsOf } from "./problems.ts";

const problem = drawProblem({ T: 5, B: 3, I: 2, H: 4, O: 2 });
const right = gradientsOf(problem);

function gradient(of: string, from: readonly GivenGradient[] = right): GivenGradient {
  const [found] = from.filter((one) => one.of === of);
  return found;
}

/** What is said of a gradient with that data. */
function relations(of: string, data: Float64Array): readonly string[] | undefined {
  const judgement = judge({ problem, gradients: [{ ...gradient(of), data }] }, { seed });
  expect(judgement.verdict).toBe("mismatch");
  return judgement.gradients[0].relations;
}

/** The gradients where a weight's sum runs over some steps alone. */
function ofSteps(start: number, end: number): GivenGradient[] {
  const { Whh, Why } = bptt<Float64Array>();
  return gradientsOf(problem, {
    Whh: (A, { delta, ...segment }, out, mode) =>
      Whh(A, { ...segment, start, end, delta: slice(delta, start, end + 1) }, out, mode),
    Why: (A, { outputError, ...segment }, out, mode) =>
      Why(A, { ...segment, start, end, outputError: outputError && slice(outputError, start, end) }, out, mode),
  });
}

describe("multiples", () => {
  test.each([
    [-1, "is minus the right gradient"],
    [2, "is twice the right gradient"],
    [0.5, "is half the right gradient"],
    [1 / 5, "is 1/5 = 1/(T) of the right gradient"],
    [3, "is 3 = B times the right gradient"],
    [1 / 15, "is 1/15 = 1/(T·B) of the right gradient"],
    [0.7, "is 0.700000 times the right gradient"],
  ])("%d", (factor, text) => {
    const { data } = gradient("Whh");
    expect(
      relations(
        "Whh",
        data.map((value) => factor * value),
      ),
    ).toEqual([text]);
  });

  test("zero", () => {
    expect(relations("x", new Float64Array(30))).toEqual(["is 0 everywhere"]);
  });
});

describe("other orders of the same numbers", () => {
  test("the transpose", () => {
    const { data } = gradient("Whh");
    const transposed = data.map((_, i) => data[(i % 4) * 4 + Math.floor(i / 4)]);
    expect(relations("Whh", transposed)).toEqual(["is the transpose of the right gradient"]);
  });

  test("a matrix laid out by columns", () => {
    const { data } = gradient("Wxh");
    const columns = data.map((_, i) => data[(i % 4) * 2 + Math.floor(i / 4)]);
    expect(relations("Wxh", columns)).toEqual(["has the numbers of the right gradient in the order [I, H]"]);
  });

  test("batch first, and time reversed", () => {
    const { data } = gradient("x");
    const batchFirst = data.map((_, i) => {
      const [b, t, input] = [Math.floor(i / 10), Math.floor(i / 2) % 5, i % 2];
      return data[(t * 3 + b) * 2 + input];
    });
    expect(relations("x", batchFirst)).toEqual(["has the numbers of the right gradient in the order [B, T, I]"]);
    const reversed = data.map((_, i) => data[(4 - Math.floor(i / 6)) * 6 + (i % 6)]);
    expect(relations("x", reversed)).toEqual(["has the right gradient's steps in reverse"]);
  });
});

describe("shares", () => {
  test.each([
    [2, 3, "is the share of step 2 alone"],
    [0, 3, "is the share of steps 0 to 2"],
    [2, 5, "is the share of steps 2 to 4"],
    [0, 4, "lacks the share of step 4"],
  ])("steps %d to %d", (start, end, text) => {
    const given = ofSteps(start, end);
    expect(relations("Whh", gradient("Whh", given).data)).toContain(text);
    expect(relations("Why", gradient("Why", given).data)).toContain(text);
  });

  test("a sequence that is left out", () => {
    const { x, h0, target } = problem as { x: NumericArray; h0: NumericArray; target: NumericArray };
    const without = ({ shape, data }: NumericArray, axis: number): NumericArray => {
      const part = slice(float64.lift(data, shape), 0, 2, axis);
      return { shape: part.shape, data: float64.lower(part) };
    };
    const smaller = { ...problem, x: without(x, 1), h0: without(h0, 0), target: without(target, 1) } as typeof problem;
    expect(relations("Wxh", gradient("Wxh", gradientsOf(smaller)).data)).toEqual(["lacks the share of sequence 2"]);
    expect(relations("bxh", gradient("bxh", gradientsOf(smaller)).data)).toEqual(["lacks the share of sequence 2"]);
  });
});

describe("the rest", () => {
  test("the gradient of something else of the same shape", () => {
    const square = drawProblem({ T: 5, B: 3, I: 4, H: 4, O: 2 });
    const data = gradient("Whh", gradientsOf(square)).data;
    const given = { ...gradient("Wxh", gradientsOf(square)), data };
    const { gradients } = judge({ problem: square, gradients: [given] }, { seed });
    expect(gradients[0].relations).toEqual(["is the gradient of Whh"]);
  });

  test("single wrong elements", () => {
    const data = gradient("Whh").data.slice();
    data[3] += 0.25;
    data[7] += 0.5;
    expect(relations("Whh", data)).toEqual(["is wrong in 2 of 16 elements"]);
  });

  test("nothing is said of what has no simple relation", () => {
    expect(
      relations(
        "Whh",
        gradient("Whh").data.map((value) => value ** 3),
      ),
    ).toBeUndefined();
  });
});
