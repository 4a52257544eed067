import {
  type Arithmetic,
  at,
  float64,
  type PrimeField,
  primeField,
  random,
  reshape,
  slice,
  type Tensor,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { runs, seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backward, lossAndGradient } from "../src/backward.ts";
import { bptt, type Equations, segmentLength, segments } from "../src/bptt.ts";
import { forward } from "../src/forward.ts";
import { initialise } from "../src/initialise.ts";
import { outputError } from "../src/loss.ts";
import type { RnnGradient, RnnProblem } from "../src/problem.ts";
import { type ProblemShape, residueProblem } from "./arbitraries.ts";
import { array, gradientEntries } from "./arrays.ts";
import { copyOfTensor, expectSame, stepsOf, sumOf } from "./tensors.ts";

type Residues = Tensor<Float64Array>;
type Derivation = Equations<Float64Array>;

test("segments cover the sequence once, the last first, none longer than segmentLength", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20000 }), (T) => {
      const parts = segments(T);
      expect(parts.at(0)?.end).toBe(T);
      expect(parts.at(-1)?.start).toBe(0);
      parts.forEach(({ start, end }, i) => {
        expect(end - start).toBeGreaterThan(0);
        expect(end - start).toBeLessThanOrEqual(segmentLength(T));
        if (i > 0) expect(end).toBe(parts[i - 1].start);
      });
    }),
    runs(100),
  );
});

test("a segment has 64 steps, and √T of a sequence longer than 4096", () => {
  expect([1, 64, 65, 4096, 4097, 10000].map(segmentLength)).toEqual([64, 64, 64, 64, 65, 100]);
  expect(segments(130)).toEqual([
    { start: 128, end: 130 },
    { start: 64, end: 128 },
    { start: 0, end: 64 },
  ]);
});

/**
 * The gradient of a linear loss, put together from runs over at most `longest` steps, each a single sweep: the last part
 * first, whose gradient with respect to its initial state is a cotangent of the last state of the part before it.
 */
function byParts<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, longest: number): RnnGradient<Tensor<S>> {
  const T = problem.x.shape[0];
  const { states } = forward(A, problem);
  const x = A.empty(problem.x.shape);
  let total: RnnGradient<Tensor<S>> | undefined;
  for (let end = T; end > 0; end -= longest) {
    const start = Math.max(0, end - longest);
    const part = stepsOf(problem, start, end, at(states, start));
    if (part.loss !== "linear" || !part.target.states) throw new TypeError("byParts: expected a linear loss of states");
    const cotangent = copyOfTensor(A, part.target.states);
    if (total) {
      const last = at(cotangent, end - start - 1);
      A.binary(op.add, last, last, total.h0);
    }
    const given = { ...part, target: { ...part.target, states: cotangent } };
    const gradient = backward(A, given, forward(A, given));
    A.copy(slice(x, start, end), gradient.x);
    const sums = gradientEntries(gradient).map(([name, value]) => {
      if (name === "x") return [name, x];
      const before = total?.[name];
      return [name, name === "h0" || !before ? value : sumOf(A, before, value)];
    });
    total = Object.fromEntries(sums) as unknown as RnnGradient<Tensor<S>>;
  }
  return total as RnnGradient<Tensor<S>>;
}

function linearProblem(F: PrimeField, T: number, nonlinearity: "tanh" | "relu", from: number): RnnProblem<Residues> {
  const parts = { bxh: true, bhh: true, by: true, mask: false, of: "both" } as const;
  const shape: ProblemShape = { T, B: 2, I: 2, H: 3, O: 2, nonlinearity, loss: "linear", reduction: "sum", ...parts };
  return residueProblem(F, shape, random(from));
}

function checkSegments(equations: Derivation, T: number, nonlinearity: "tanh" | "relu", longest: number): void {
  const F = primeField(seed + T);
  const problem = linearProblem(F, T, nonlinearity, seed + T);
  const whole = backward(F, problem, forward(F, problem), equations);
  const parts = byParts(F, problem, longest);
  for (const [name, value] of gradientEntries(whole)) {
    expectSame(F, `segments of ${T} steps`, name, value, parts[name] as Residues);
  }
}

describe("the gradient in segments is that of a single sweep, exactly", () => {
  test.each([1, 2, 63, 64, 65, 127, 128, 129, 130, 200])("T = %i", (T) => {
    for (const nonlinearity of ["tanh", "relu"] as const) {
      for (const longest of [64, 37]) checkSegments(bptt(), T, nonlinearity, longest);
    }
  });

  test("T = 4160, in segments of 65 steps", () => {
    checkSegments(bptt(), 4160, "tanh", 61);
  });

  const { sweep } = bptt<Float64Array>();
  const wrong: readonly { mistake: string; from: number; equations: Partial<Derivation> }[] = [
    { mistake: "the first segment's sums alone", from: 65, equations: { sweep: { ...sweep, join: "write" } } },
    {
      mistake: "nothing carried between segments",
      from: 65,
      equations: { sweep: { ...sweep, carry: (A, carried) => A.copy(carried, A.ratio(0, 1)) } },
    },
    {
      mistake: "the last step's δ carried",
      // With 65 steps the last segment has a single one, its first and its last.
      from: 66,
      equations: {
        sweep: {
          ...sweep,
          carry: (A, carried, { delta, start, end }) => A.copy(carried, at(delta, end - start - 1)),
        },
      },
    },
  ];
  test.each(wrong)("refuses $mistake, from $from steps on", ({ from, equations }) => {
    const derivation = { ...bptt<Float64Array>(), ...equations };
    checkSegments(derivation, from - 1, "tanh", 37);
    for (const T of [from, 129, 200]) {
      expect(() => checkSegments(derivation, T, "tanh", 37)).toThrow(`segments of ${T} steps`);
    }
  });

  test("refuses an order that goes forward in time, from 2 steps on", () => {
    const order = function* (start: number, end: number) {
      for (let t = start; t < end; t++) yield t;
    };
    const derivation = { ...bptt<Float64Array>(), sweep: { ...sweep, order } };
    for (const T of [2, 64]) expect(() => checkSegments(derivation, T, "tanh", 37)).toThrow(`segments of ${T} steps`);
  });
});

describe("a loss over several segments is the linear loss with its errors of the outputs as cotangents", () => {
  const losses = ["cross_entropy", "mse", "half_squared_error", "linear"] as const;
  const cases = losses.flatMap((loss) => [true, false].map((mask) => ({ loss, mask })));

  test.each(cases)("$loss, mask $mask", ({ loss, mask }) => {
    for (const T of [65, 130]) {
      const F = primeField(seed + T);
      const dimensions = { T, B: 2, I: 1, H: 2, O: 3, nonlinearity: "tanh", reduction: "sum" } as const;
      const shape: ProblemShape = { ...dimensions, loss, mask, bxh: false, bhh: false, by: true, of: "both" };
      const problem = residueProblem(F, shape, random(seed + T));
      const trajectory = forward(F, problem);
      const weighted = (cotangent: Residues | undefined): Residues | undefined => {
        if (!cotangent || !problem.mask) return cotangent;
        const out = F.empty(cotangent.shape);
        F.binary(op.multiply, out, cotangent, reshape(problem.mask, [T, 2, 1]));
        return out;
      };
      const errors = F.empty([T, 2, 3]);
      if (trajectory.outputs) outputError(F, errors, problem, trajectory.outputs, 0, T);
      const states = problem.loss === "linear" ? weighted(problem.target.states) : undefined;
      const linear: RnnProblem<Residues> = {
        ...problem,
        mask: undefined,
        loss: "linear",
        reduction: "sum",
        target: { outputs: errors, states },
      };
      const whole = backward(F, problem, trajectory);
      const same = backward(F, linear, trajectory);
      for (const [name, value] of gradientEntries(whole)) expectSame(F, `${loss}`, name, value, same[name] as Residues);
    }
  });
});

test("5000 steps run in float64", () => {
  const [T, H] = [5000, 8];
  const source = random(seed);
  const values = (length: number) => Float64Array.from({ length }, () => source.integer(-64, 64) / 64);
  const problem: RnnProblem<ReturnType<typeof array>> = {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "mean",
    parameters: initialise({ seed, I: 2, H, O: 1, kind: "orthogonal" }),
    x: array([T, 1, 2], values(2 * T)),
    h0: array([1, H], values(H)),
    target: array([T, 1, 1], values(T)),
  };
  const { loss, gradient } = lossAndGradient(float64, problem);
  expect(loss).toBeGreaterThan(0);
  for (const [name, { data }] of gradientEntries(gradient)) {
    expect(data.every(Number.isFinite), name).toBe(true);
    expect(
      data.some((value) => value !== 0),
      name,
    ).toBe(true);
  }
});
