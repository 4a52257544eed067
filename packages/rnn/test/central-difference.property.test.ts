import { at, float64, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { bptt, type Equations } from "../src/bptt.ts";
import { forward } from "../src/forward.ts";
import { liftProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";
import { anyFloatProblem, type ProblemShape } from "./arbitraries.ts";
import { copyOf, gradientEntries, variableOf } from "./arrays.ts";
import { centralDifference } from "./central-difference.ts";
import { plainRun } from "./plain-model.ts";

/** Numbers of a problem are multiples of 2^-6 and steps powers of two, so that every argument of a difference is exact. */
const largestStep = 2 ** -6;
const smallestStep = 2 ** -14;

const linear = (of: "outputs" | "states" | "both") => ({ loss: "linear", of }) as const;
const losses: readonly Partial<ProblemShape>[] = [
  ...(["cross_entropy", "mse", "half_squared_error"] as const).flatMap((loss) => [
    { loss, reduction: "sum" as const },
    { loss, reduction: "mean" as const },
  ]),
  { ...linear("outputs"), O: 2 },
  { ...linear("states"), O: 2 },
  { ...linear("both"), O: 2 },
  { ...linear("states"), O: 0 },
];
const paths = losses.flatMap((loss) => (["tanh", "relu"] as const).map((nonlinearity) => ({ ...loss, nonlinearity })));

test("BPTT agrees with central differences of the model on plain numbers, on every path through loss and nonlinearity", () => {
  const total = { problems: 0, ratio: 0, largestBound: 0, skipped: 0, elements: 0, nonzero: 0 };
  const parts = new Map<string, number>();
  for (const fixed of paths) {
    const law = fc.property(anyFloatProblem({ fixed }), (problem) => {
      fc.pre(!plainRun(problem).atKink);
      const found = checkGradient(problem, bptt());
      total.problems++;
      total.ratio = Math.max(total.ratio, found.ratio);
      total.largestBound = Math.max(total.largestBound, found.largestBound);
      total.skipped += found.skipped;
      total.elements += found.elements;
      total.nonzero += found.nonzero;
      for (const part of partsOf(problem)) parts.set(part, (parts.get(part) ?? 0) + 1);
    });
    fc.assert(law, runs(6));
  }
  const { problems, elements, nonzero, skipped } = total;
  console.log(
    `${problems} problems, ${elements} elements (${nonzero} not 0, ${skipped} skipped at a kink): largest difference ` +
      `${total.ratio.toPrecision(2)} of its bound, largest bound ${total.largestBound.toExponential(1)}`,
  );
  // The problems were not vacuous, and had each optional part now and then.
  expect(skipped).toBeLessThan(elements / 20);
  expect(nonzero).toBeGreaterThan(elements / 2);
  for (const part of ["mask", "no mask", "bxh", "no bxh", "bhh", "no bhh", "by", "no by"]) {
    expect(parts.get(part), part).toBeGreaterThan(problems / 8);
  }
});

function partsOf({ mask, parameters }: RnnProblem<NumericArray>): string[] {
  const part = (name: string, value: unknown) => (value ? name : `no ${name}`);
  return [part("mask", mask), ...(["bxh", "bhh", "by"] as const).map((name) => part(name, parameters[name]))];
}

describe("central differences refuse a derivation", () => {
  const wrong: readonly { mistake: string; where: RegExp; equations: Partial<Equations<Float64Array>> }[] = [
    { mistake: "without the step back in time", where: /Wxh|Whh|h0/, equations: { stepBack() {} } },
    {
      mistake: "with W_hh for its transpose",
      where: /Wxh|Whh|h0/,
      equations: {
        stepBack(A, { problem, start, stateError, delta }, t) {
          const transposed = transpose(problem.parameters.Whh);
          A.gemm(at(stateError, t - start), at(delta, t + 1 - start), transposed, "accumulate");
        },
      },
    },
    {
      mistake: "with h_t for h_{t-1}",
      where: /Whh/,
      equations: {
        Whh(A, { trajectory, delta, end }, dWhh, mode) {
          const rows = (t: Tensor<Float64Array>) => reshape(t, [t.shape[0] * t.shape[1], t.shape[2]]);
          const states = slice(trajectory.states, 1, end + 1);
          A.gemm(dWhh, transpose(rows(slice(delta, 0, end))), rows(states), mode);
        },
      },
    },
    {
      mistake: "without f'",
      where: /Wxh|Whh|h0/,
      equations: {
        throughActivation(A, { start, stateError, delta }, t) {
          A.copy(at(delta, t - start), at(stateError, t - start));
        },
      },
    },
    {
      mistake: "with half of the error",
      where: /W/,
      equations: {
        outputError(A, segment) {
          bptt<Float64Array>().outputError(A, segment);
          if (segment.outputError) A.binary(op.multiply, segment.outputError, segment.outputError, A.ratio(1, 2));
        },
      },
    },
    {
      mistake: "without the gradient of h_0",
      where: /h0/,
      equations: { h0: (A, _, dh0) => A.copy(dh0, A.ratio(0, 1)) },
    },
  ];
  const least = { T: 2, H: 2 };
  const fixed = { nonlinearity: "tanh", loss: "mse", mask: false } as const;

  test.each(wrong)("$mistake", ({ where, equations }) => {
    const law = fc.property(anyFloatProblem({ least, fixed }), (problem) => {
      checkGradient(problem, { ...bptt(), ...equations });
    });
    expect(() => fc.assert(law, { ...runs(1), endOnFailure: true })).toThrow(
      new RegExp(`central differences: (${where.source})`),
    );
  });
});

/** Compares every element of the gradient by a derivation with a central difference, or throws. */
function checkGradient(problem: RnnProblem<NumericArray>, equations: Equations<Float64Array>) {
  const lifted = liftProblem(float64, problem);
  const gradient = backward(float64, lifted, forward(float64, lifted), equations);
  const result = { ratio: 0, largestBound: 0, skipped: 0, elements: 0, nonzero: 0 };
  for (const [name, tensor] of gradientEntries(gradient)) {
    const found = float64.lower(tensor);
    for (let i = 0; i < found.length; i++) {
      const expected = difference(problem, name, i);
      result.elements++;
      if (expected === undefined) {
        result.skipped++;
        continue;
      }
      const distance = Math.abs(found[i] - expected.value);
      // The rounding of BPTT itself is of the size of the loss's; the differences' is that over a step of 2^-9 or less.
      if (!(distance <= expected.error)) {
        const values = `${found[i]} by the derivation, ${expected.value} by central differences`;
        throw new Error(`central differences: ${name}[${i}] is ${values}, apart ${distance}, bound ${expected.error}`);
      }
      result.ratio = Math.max(result.ratio, distance / expected.error);
      result.largestBound = Math.max(result.largestBound, expected.error);
      if (Math.abs(expected.value) > expected.error) result.nonzero++;
    }
  }
  return result;
}

/** By the largest step that changes no unit's side of its kink; undefined where a kink is too near. */
function difference(problem: RnnProblem<NumericArray>, name: Parameters<typeof variableOf>[1], i: number) {
  const moved = copyOf(problem);
  const data = variableOf(moved, name).data;
  const original = data[i];
  const { pattern } = plainRun(problem);
  for (let step = largestStep; step >= smallestStep; step /= 4) {
    let crossed = false;
    const estimate = centralDifference((h) => {
      data[i] = original + h;
      const run = plainRun(moved);
      crossed ||= run.pattern !== pattern;
      return { value: run.loss, error: run.error };
    }, step);
    if (!crossed) return estimate;
  }
  return undefined;
}
