import { type Arithmetic, float32, float64, random, sizeOf } from "@gradproof/arithmetic";
import { bptt, forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { flipped } from "../src/branch-search.ts";
import { evaluate } from "../src/branches.ts";
import { judge } from "../src/judge.ts";
import type { GivenGradient } from "../src/judgement.ts";
import { mistakes } from "../src/mistakes/mistakes.ts";
import type { GradientName } from "../src/spread.ts";

const seed = 20261122;

interface Settings {
  readonly T: number;
  readonly H: number;
  readonly gain: number;
  readonly nonlinearity?: "tanh" | "relu";
  readonly lastStepOnly?: boolean;
  readonly constantInput?: boolean;
}

/** A problem of numbers that float32 holds: multiples of 2^-12; two sequences, two inputs, three outputs, squared error. */
function drawProblem({
  T,
  H,
  gain,
  nonlinearity = "tanh",
  lastStepOnly,
  constantInput,
}: Settings): RnnProblem<NumericArray> {
  const [B, I, O] = [2, 2, 3];
  const source = random(seed);
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.round(scale * source.normal() * 4096) / 4096),
  });
  const x = normal(1, T, B, I);
  if (constantInput) for (let t = 1; t < T; t++) x.data.copyWithin(t * B * I, 0, B * I);
  const mask = Float64Array.from({ length: T * B }, (_, i) => (i >= (T - 1) * B ? 1 : 0));
  return {
    nonlinearity,
    loss: "mse",
    reduction: "sum",
    parameters: {
      Wxh: normal(1 / Math.sqrt(I), H, I),
      Whh: normal(gain / Math.sqrt(H), H, H),
      Why: normal(1 / Math.sqrt(H), O, H),
      bxh: normal(0.25, H),
    },
    x,
    h0: normal(0.5, B, H),
    target: normal(1, T, B, O),
    ...(lastStepOnly && { mask: { shape: [T, B], data: mask } }),
  };
}

/** The gradient that BPTT gives in an arithmetic, as a file would hold it. */
function gradientIn<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<NumericArray>,
  dtype: "F64" | "F32",
  equations = bptt<S>(),
) {
  const { gradient } = evaluate(A, liftProblem(A, problem), undefined, equations);
  return Object.entries(gradient).map(
    ([of, tensor]): GivenGradient => ({
      name: of,
      of: of as GradientName,
      dtype,
      shape: tensor.shape,
      data: A.lower(tensor),
    }),
  );
}

const ordinary = drawProblem({ T: 9, H: 5, gain: 1 });

describe("an ordinary problem", () => {
  test("float64 and float32 gradients match, with every mistake that shows named as caught", () => {
    for (const gradients of [gradientIn(float64, ordinary, "F64"), gradientIn(float32, ordinary, "F32")]) {
      const { verdict, gradients: verdicts, power } = judge({ problem: ordinary, gradients }, { seed });
      expect(verdict).toBe("match");
      expect(Math.max(...verdicts.map(({ errorInSigma }) => errorInSigma ?? Infinity))).toBeLessThan(7);
      expect(Math.max(...verdicts.map(({ resolution }) => resolution ?? Infinity))).toBeLessThan(1e-3);
      expect(power.caught).toContain("window-3");
      expect(power.inert).toContain("mask-ignored");
      expect(power.caught.length + power.inert.length).toBe(mistakes.length);
      expect(power.visibleLag).toBe(8);
    }
  });

  test("a float32 gradient said to be float64 is wrong, and the note says what would excuse it", () => {
    const gradients = gradientIn(float32, ordinary, "F64");
    const { verdict, gradients: verdicts } = judge({ problem: ordinary, gradients }, { seed });
    expect(verdict).toBe("mismatch");
    expect(verdicts[0].reason).toContain("rounding in float32 could explain it");
  });

  test("one element off by 4Kσ is found, at its index", () => {
    const gradients = gradientIn(float64, ordinary, "F64");
    const { worst } = judge({ problem: ordinary, gradients }, { seed }).gradients[1];
    const position = worst.index[0] * 5 + worst.index[1];
    const data = gradients[1].data.slice();
    data[position] += 4 * 32 * worst.sigma;
    const wrong = gradients.map((gradient, i) => (i === 1 ? { ...gradient, data } : gradient));
    const judgement = judge({ problem: ordinary, gradients: wrong }, { seed });
    expect(judgement.gradients.map(({ verdict }) => verdict === "mismatch")).toEqual(gradients.map((_, i) => i === 1));
    expect(judgement.gradients[1].worst.index).toEqual(worst.index);
  });

  test("the same seed gives the same judgement, another one another σ", () => {
    const gradients = gradientIn(float64, ordinary, "F64");
    const judged = (own: number) => judge({ problem: ordinary, gradients }, { seed: own });
    expect(judged(5)).toEqual(judged(5));
    expect(judged(5).gradients[0].worst.sigma).not.toBe(judged(6).gradients[0].worst.sigma);
  });

  test("a gradient of another shape, or of what the problem has not, is refused", () => {
    const [first] = gradientIn(float64, ordinary, "F64");
    const judged = (gradient: GivenGradient) => () => judge({ problem: ordinary, gradients: [gradient] });
    expect(judged({ ...first, shape: [2, 5] })).toThrow("judge: gradient Wxh has shape [2, 5]");
    expect(judged({ ...first, of: "by" })).toThrow("judge: gradient Wxh of by, which the problem does not have");
  });
});

describe("what rounding does to correct gradients", () => {
  test("errors that are alike and add up (constant input, 1,000 steps) match", () => {
    const problem = drawProblem({ T: 1000, H: 3, gain: 0.6, constantInput: true });
    const gradients = gradientIn(float32, problem, "F32");
    const { verdict, gradients: verdicts } = judge({ problem, gradients }, { seed });
    expect(verdict).toBe("match");
    const largest = Math.max(...verdicts.map(({ errorInSigma }) => errorInSigma ?? Infinity));
    expect(largest).toBeLessThan(16);
  }, 30_000);

  test("a gradient that underflows to 0 in float32 matches", () => {
    const problem = drawProblem({ T: 120, H: 4, gain: 0.1, lastStepOnly: true });
    const gradients = gradientIn(float32, problem, "F32");
    const h0 = gradients.find(({ of }) => of === "h0") as GivenGradient;
    expect(h0.data.every((value) => value === 0)).toBe(true);
    const reference = gradientIn(float64, problem, "F64").find(({ of }) => of === "h0") as GivenGradient;
    expect(reference.data.some((value) => value !== 0)).toBe(true);
    expect(judge({ problem, gradients }, { seed }).verdict).toBe("match");
  });

  test("σ of an element as small as 1e-200 is no less than what its rounding does", () => {
    const right = drawProblem({ T: 5, H: 4, gain: 1 });
    const classes = Int32Array.from({ length: 10 }, (_, i) => i % 2);
    const parameters = { ...right.parameters, by: { shape: [3], data: Float64Array.of(460, 460, 0) } };
    const problem: RnnProblem<NumericArray> = { ...right, parameters, loss: "cross_entropy", target: classes };
    const gradients = gradientIn(float64, problem, "F64");
    const Why = gradients.find(({ of }) => of === "Why") as GivenGradient;
    expect(Math.abs(Why.data[8])).toBeLessThan(1e-190);
    expect(judge({ problem, gradients }, { seed }).verdict).toBe("match");
    const { worst } = judge({ problem, gradients: [Why] }, { seed }).gradients[0];
    const data = Why.data.map((value, i) => (i === 8 ? value * (1 + 1e-9) : value));
    expect(judge({ problem, gradients: [{ ...Why, data }] }, { seed }).verdict).toBe("mismatch");
    expect(worst.sigma).toBeGreaterThan(0);
  });

  test("a gradient that overflows where float32 does is inconclusive, with the first place", () => {
    const problem = drawProblem({ T: 60, H: 4, gain: 30, nonlinearity: "relu" });
    const { Whh } = problem.parameters;
    Whh.data.forEach((value, i) => {
      Whh.data[i] = Math.abs(value);
    });
    const gradients = gradientIn(float32, problem, "F32");
    expect(gradients.some(({ data }) => !data.every(Number.isFinite))).toBe(true);
    const { verdict, gradients: verdicts } = judge({ problem, gradients }, { seed });
    expect(verdict).toBe("inconclusive");
    expect(verdicts.find((one) => one.verdict === "inconclusive")?.reason).toMatch(
      /float32 overflows: first in u at \[\d+, \d, \d\]/,
    );
  });

  test("NaN where nothing overflows is a mismatch, with its place", () => {
    const gradients = gradientIn(float32, ordinary, "F32");
    const data = gradients[1].data.slice();
    data[7] = Number.NaN;
    const wrong = gradients.map((gradient, i) => (i === 1 ? { ...gradient, data } : gradient));
    const { verdict, gradients: verdicts } = judge({ problem: ordinary, gradients: wrong }, { seed });
    expect(verdict).toBe("mismatch");
    expect(verdicts[1].reason).toBe("NaN at [1, 2] although nothing overflows in float32");
  });
});

describe("relu units at their kink", () => {
  /** Unit 0 has u = 0 at the first step by its bias; but for rounding, where inputs are not multiples of 2^-12. */
  function kinkProblem(inputScale: number): RnnProblem<NumericArray> {
    const problem = drawProblem({ T: 6, H: 4, gain: 0.8, nonlinearity: "relu" });
    problem.x.data.forEach((value, i) => {
      problem.x.data[i] = inputScale * value;
    });
    balance(problem);
    return problem;
  }

  function balance(problem: RnnProblem<NumericArray>): void {
    const { preactivations } = forward(float64, liftProblem(float64, problem));
    (problem.parameters.bxh as NumericArray).data[0] -= float64.lower(preactivations)[0];
  }

  function preactivationsOf(problem: RnnProblem<NumericArray>): Float64Array {
    return float64.lower(forward(float64, liftProblem(float64, problem)).preactivations);
  }

  /** Gradients with unit 0 at the first step off, the units with u > 0 on, and then some flipped. */
  function gradientsWithFlips(problem: RnnProblem<NumericArray>, units: readonly number[]): GivenGradient[] {
    const branches = Uint8Array.from(preactivationsOf(problem), (u, unit) => (u > 0 && unit > 0 ? 1 : 0));
    const { gradient } = evaluate(float64, liftProblem(float64, problem), flipped(branches, ...units));
    return Object.entries(gradient).map(
      ([of, tensor]): GivenGradient => ({
        name: of,
        of: of as GradientName,
        dtype: "F64",
        shape: tensor.shape,
        data: float64.lower(tensor),
      }),
    );
  }

  /** Gradients with unit 0 at the first step off and on. */
  function gradientsOfBothSides(problem: RnnProblem<NumericArray>): GivenGradient[][] {
    return [gradientsWithFlips(problem, []), gradientsWithFlips(problem, [0])];
  }

  /** A unit of the second step that is on beyond doubt. */
  function firstSettledUnit(problem: RnnProblem<NumericArray>): number {
    return preactivationsOf(problem).findIndex((u, unit) => unit >= 8 && u > 0.01);
  }

  test("either side of the kink is a right gradient", () => {
    const problem = kinkProblem(Math.SQRT1_2);
    const sides = gradientsOfBothSides(problem);
    expect(sides[0][0].data).not.toEqual(sides[1][0].data);
    for (const gradients of sides) {
      const judgement = judge({ problem, gradients }, { seed });
      expect(judgement.contestedUnits).toBe(1);
      expect(judgement.verdict).toBe("match");
    }
    const mixed = sides[0].map((gradient, i) => (i === 0 ? (sides[1][0] as GivenGradient) : gradient));
    expect(judge({ problem, gradients: mixed }, { seed }).verdict).toBe("mismatch");
  });

  test("a unit that comes to life on its other side has a σ there", () => {
    const problem = kinkProblem(Math.SQRT1_2);
    // Unit 0 alone feeds the readout, at the first step alone: on its natural side all gradients are 0 and exactly so.
    const { Why, Whh } = problem.parameters as { Why: NumericArray; Whh: NumericArray };
    for (let i = 0; i < Why.data.length; i++) if (i % 4 !== 0) Why.data[i] = 0;
    Whh.data.fill(0);
    balance(problem);
    (problem.parameters.bxh as NumericArray).data[0] -= 2 ** -53; // just off
    const mask = { shape: [6, 2], data: Float64Array.from({ length: 12 }, (_, i) => (i === 0 ? 1 : 0)) };
    const [off, on] = gradientsOfBothSides({ ...problem, mask });
    expect(off.find(({ of }) => of === "x")?.data.some((value) => value !== 0)).toBe(false);
    expect(on.find(({ of }) => of === "x")?.data.some((value) => value !== 0)).toBe(true);
    // Its state is rounding and nothing else; another order of summation makes it three times as large.
    const larger = on.map((gradient) =>
      gradient.of === "Why"
        ? { ...gradient, data: gradient.data.map((value, i) => (i % 4 === 0 ? 3 * value : value)) }
        : gradient,
    );
    expect(larger).not.toEqual(on);
    for (const gradients of [off, on, larger]) {
      const judgement = judge({ problem: { ...problem, mask }, gradients }, { seed });
      expect([judgement.contestedUnits, judgement.verdict]).toEqual([1, "match"]);
    }
  });

  test("a unit whose input is the rounding of another one is contested too", () => {
    const problem = kinkProblem(Math.SQRT1_2);
    // Unit 1 sees nothing but the state of unit 0: at the second step of the first sequence that is 0 or rounding.
    const { Wxh, Whh, bxh, bhh } = problem.parameters;
    const inputs = Wxh.shape[1];
    Wxh.data.fill(0, inputs, 2 * inputs);
    Whh.data.set([1, 0, 0, 0], 4);
    for (const bias of [bxh, bhh]) if (bias) bias.data[1] = 0;
    balance(problem);
    const later = (1 * 2 + 0) * 4 + 1;
    for (const [name, units, verdict] of [
      ["both off", [], "match"],
      ["both on", [0, later], "match"],
      ["on, and another that no rounding reaches", [0, later, firstSettledUnit(problem)], "mismatch"],
    ] as const) {
      const gradients = gradientsWithFlips(problem, units);
      const judgement = judge({ problem, gradients }, { seed });
      expect([name, judgement.contestedUnits, judgement.verdict]).toEqual([name, 2, verdict]);
    }
    expect(gradientsWithFlips(problem, [0])).not.toEqual(gradientsWithFlips(problem, [0, later]));
  });

  test("only one side is right where no order of summation rounds", () => {
    const problem = kinkProblem(1);
    const judgements = gradientsOfBothSides(problem).map((gradients) => judge({ problem, gradients }, { seed }));
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["match", "mismatch"]);
    expect(judgements.map(({ contestedUnits }) => contestedUnits)).toEqual([0, 0]);
  });

  test("a wrong gradient is not excused by a contested unit", () => {
    const problem = kinkProblem(Math.SQRT1_2);
    const dropped = mistakes.find(({ name }) => name === "recurrent-not-transposed");
    const gradients = gradientIn(float64, problem, "F64", {
      ...bptt<Float64Array>(),
      ...dropped?.equations<Float64Array>(),
    });
    expect(judge({ problem, gradients }, { seed }).verdict).toBe("mismatch");
  });
});
