import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NumericArray, Shape } from "../src/numeric-array.ts";
import { allBlindSpots, blindSpots, vacuousSpots } from "../src/rnn/blind-spots.ts";
import { dimensions, type RnnProblem } from "../src/rnn/problem.ts";
import { type RnnProblemOptions, rnnProblem } from "../src/rnn/rnn-problem.ts";
import { smallest, wandering } from "./counterexample.ts";
import { frequencies, outside, sample } from "./frequencies.ts";

/** Arrays of a problem with the shapes that they must have. */
function arraysOf(problem: RnnProblem): [NumericArray | undefined, Shape, string][] {
  const { T, B, I, H, O } = dimensions(problem);
  const { Wxh, Whh, Why, bxh, bhh, by } = problem.parameters;
  return [
    [Wxh, [H, I], "Wxh"],
    [Whh, [H, H], "Whh"],
    [Why, [O, H], "Why"],
    [bxh, [H], "bxh"],
    [bhh, [H], "bhh"],
    [by, [O], "by"],
    [problem.x, [T, B, I], "x"],
    [problem.h0, [B, H], "h0"],
    [problem.mask, [T, B], "mask"],
    ...(problem.loss === "linear"
      ? ([
          [problem.target.outputs, [T, B, O], "outputs"],
          [problem.target.states, [T, B, H], "states"],
        ] as [NumericArray | undefined, Shape, string][])
      : problem.loss === "cross_entropy"
        ? []
        : ([[problem.target, [T, B, O], "target"]] as [NumericArray, Shape, string][])),
  ];
}

/** What is wrong with a problem. */
function breaches(problem: RnnProblem, { limit = 1, halvings = 6 }: RnnProblemOptions = {}): string[] {
  const { T, B, O } = dimensions(problem);
  const broken: string[] = [];
  for (const [array, shape, name] of arraysOf(problem)) {
    if (!array) continue;
    const size = shape.reduce((product, length) => product * length, 1);
    if (String(array.shape) !== String(shape) || array.data.length !== size) broken.push(`shape of ${name}`);
    const isWeight = name === "mask";
    const [most, digits] = isWeight ? [2, 2] : [limit, halvings];
    const isNumber = (value: number) => Number.isInteger(value * 2 ** digits) && Math.abs(value) <= most;
    if (!array.data.every(isNumber) || (isWeight && array.data.some((weight) => weight < 0)))
      broken.push(`numbers of ${name}`);
  }
  const needsReadout = problem.loss !== "linear" || problem.target.outputs !== undefined;
  if (needsReadout && !problem.parameters.Why) broken.push("readout missing");
  if (problem.parameters.by && !problem.parameters.Why) broken.push("by without Why");
  if (problem.loss === "linear" && problem.reduction !== "sum") broken.push("reduction of a linear loss");
  if (problem.loss === "cross_entropy") {
    if (problem.target.length !== T * B) broken.push("number of classes");
    if (problem.target.some((label) => label < 0 || label >= O)) broken.push("classes");
  }
  return broken;
}

function labels(problem: RnnProblem): string[] {
  const { Why, bxh, bhh, by } = problem.parameters;
  const parts = Object.entries({ Why, bxh, bhh, by }).flatMap(([name, part]) => (part ? [name] : []));
  const mask = !problem.mask ? "no mask" : isRagged(problem) ? "lengths" : "weights";
  return [problem.nonlinearity, problem.loss, problem.reduction, mask, ...parts];
}

/** Ones up to the length of each sequence, at least 1, and zeros behind it. */
function isRagged({ mask, x: { shape } }: RnnProblem): boolean {
  if (!mask) return false;
  const [T, B] = shape;
  return Array.from({ length: B }, (_, b) => Array.from({ length: T }, (_unused, t) => mask.data[t * B + b])).every(
    (weights) => /^1+0*$/.test(weights.join("")),
  );
}

describe("rnnProblem", () => {
  test("draws sound problems, shrunk or not, within what is asked for", () => {
    const ranges = fc.record({
      T: fc.integer({ min: 1, max: 9 }),
      B: fc.integer({ min: 1, max: 3 }),
      O: fc.integer({ min: 2, max: 4 }),
      limit: fc.constantFrom(1, 0.5, 8),
      halvings: fc.integer({ min: 3, max: 10 }),
    });
    const law = fc.property(
      ranges.chain((given) => fc.tuple(fc.constant(given), rnnProblem({ ...given, H: { min: 2, max: 3 } }))),
      ([given, problem]) => {
        expect(breaches(problem, given)).toEqual([]);
        const { T, B, H, O } = dimensions(problem);
        expect([T, B]).toEqual([given.T, given.B]);
        expect(H >= 2 && H <= 3 && (O === given.O || O === 0)).toBe(true);
      },
    );
    fc.assert(law, runs(300));
    for (const { value } of wandering(rnnProblem(), 40)) {
      expect(breaches(value)).toEqual([]);
      expect(blindSpots(value).filter((spot) => (vacuousSpots as readonly string[]).includes(spot))).toEqual([]);
    }
  });

  test("the check refuses what is not sound", () => {
    const [problem] = sample(
      rnnProblem({ loss: ["mse"], T: 2, B: 3, H: 2, exclude: ["zero-state", "zero-inputs"] }),
      1,
    );
    const wrong = (changes: Partial<RnnProblem>) => breaches({ ...problem, ...changes } as RnnProblem);
    const third = { shape: problem.h0.shape, data: problem.h0.data.map((value) => value / 3) };
    expect(wrong({ h0: third })).toEqual(["numbers of h0"]);
    const { shape, data } = problem.x;
    expect(wrong({ mask: { shape: [shape[1], shape[0]], data: new Float64Array(3) } })).toContain("shape of mask");
    expect(wrong({ x: { shape, data: data.map((value) => 64 * value) } })).toEqual(["numbers of x"]);
    const { Why: _, ...others } = problem.parameters;
    expect(wrong({ parameters: others })).toContain("readout missing");
  });

  test("draws every kind of loss, reduction, mask and part at known frequencies", () => {
    const bands = {
      tanh: [0.45, 0.55],
      relu: [0.45, 0.55],
      half_squared_error: [0.2, 0.3],
      mse: [0.2, 0.3],
      linear: [0.2, 0.3],
      cross_entropy: [0.2, 0.3],
      sum: [0.58, 0.68],
      mean: [0.32, 0.42],
      "no mask": [0.27, 0.37],
      lengths: [0.28, 0.4],
      weights: [0.3, 0.42],
      Why: [0.93, 0.98],
      bxh: [0.45, 0.55],
      bhh: [0.45, 0.55],
      by: [0.43, 0.53],
    } as const;
    expect(outside(frequencies(sample(rnnProblem(), 4000), labels), bands)).toEqual([]);
    const without = rnnProblem({ mask: ["none"] });
    expect(outside(frequencies(sample(without, 1000), labels), bands)).not.toEqual([]);
  });

  test("draws each blind spot at a known frequency, the vacuous ones only if asked", () => {
    const bands = {
      "single-step": [0.09, 0.16],
      "single-sequence": [0.09, 0.16],
      "single-input": [0.09, 0.16],
      "single-unit": [0.09, 0.16],
      "single-output": [0.05, 0.13],
      "zero-state": [0.09, 0.16],
      "zero-inputs": [0.015, 0.05],
      "equal-inputs": [0.05, 0.11],
      "symmetric-recurrence": [0.035, 0.085],
      "early-loss": [0.005, 0.05],
      "late-loss": [0.035, 0.1],
      "lone-sequence": [0.005, 0.05],
      "unit-mask": [0.045, 0.1],
      "zero-preactivations": [0, 0.005],
      saturated: [0, 0.005],
      "all-units-on": [0.005, 0.035],
      "near-kink": [0.002, 0.025],
    } as const;
    const drawn = sample(rnnProblem(), 4000);
    expect(outside(frequencies(drawn, blindSpots), bands)).toEqual([]);
    const sighted = drawn.filter((problem) => blindSpots(problem).length === 0).length / drawn.length;
    expect(sighted).toBeGreaterThan(0.28);
    expect(sighted).toBeLessThan(0.42);
    const vacuous = {
      "zero-mask": [0.02, 0.06],
      "single-class": [0.015, 0.05],
      "zero-errors": [0.03, 0.075],
      "all-units-off": [0.005, 0.04],
    } as const;
    const all = frequencies(sample(rnnProblem({ exclude: [] }), 4000), blindSpots);
    expect(outside(all, { ...bands, ...vacuous })).toEqual([]);
    const saturating = frequencies(sample(rnnProblem({ limit: 64, nonlinearity: ["tanh"] }), 500), blindSpots);
    expect(saturating.get("saturated")).toBeGreaterThan(0.04);
  });

  test.each(allBlindSpots)("without %s, shrunk or not, if it is excluded", (spot) => {
    const given = rnnProblem({ exclude: [spot], T: { min: 1, max: 3 }, H: { min: 1, max: 2 } });
    for (const problem of sample(given, 200)) expect(blindSpots(problem)).not.toContain(spot);
    for (const { value } of wandering(given, 5)) expect(blindSpots(value)).not.toContain(spot);
  });

  test("without any, if all are", () => {
    const given = rnnProblem({ exclude: allBlindSpots });
    for (const problem of sample(given, 500)) expect(blindSpots(problem)).toEqual([]);
    const dimensionsOf = dimensions(smallest(given, () => true));
    expect(dimensionsOf).toEqual({ T: 2, B: 2, I: 2, H: 2, O: 2 });
  });

  test("gives the choices that are asked for, and no others", () => {
    const given = { loss: ["linear"], nonlinearity: ["relu"], mask: ["lengths"], biases: "none" } as const;
    for (const problem of sample(rnnProblem(given), 200)) {
      const seen = labels(problem).filter((label) => label !== "Why");
      expect(seen).toEqual(["relu", "linear", "sum", "lengths"]);
    }
    for (const { parameters } of sample(rnnProblem({ biases: "all", loss: ["mse"] }), 50)) {
      expect([parameters.bxh, parameters.bhh, parameters.by]).not.toContain(undefined);
    }
    const single = sample(rnnProblem({ exactIn: "float32", limit: 1, halvings: 20 }), 100);
    for (const { x } of single) expect(x.data).toEqual(Float64Array.from(Float32Array.from(x.data)));
  });

  test.each<[RnnProblemOptions, string]>([
    [{ T: 0 }, "T is 0 to 0"],
    [{ H: { min: 3, max: 2 } }, "H is 3 to 2"],
    [{ T: 1, exclude: ["single-step"] }, "T is 1 to 1; expected integers of at least 1 without single-step"],
    [{ O: 1, loss: ["cross_entropy"] }, "none: see exclude"],
    [{ loss: [] }, "loss is empty"],
    [{ mask: ["ragged" as never] }, "mask is ragged"],
    [{ exclude: ["boring" as never] }, "exclude names boring"],
    [{ limit: 0 }, "limit is 0"],
  ])("refuses %o", (given, message) => {
    expect(() => rnnProblem(given)).toThrow(message);
  });

  test("says so where none of many problems is without what is excluded", () => {
    const never = rnnProblem({ T: 1, mask: ["lengths"], exclude: ["unit-mask"] });
    expect(() => fc.sample(never, 1)).toThrow(
      "rnnProblem: drew a problem with unit-mask, which is excluded; none of 1000 draws was accepted",
    );
  });
});

describe("an RNN problem shrinks to", () => {
  const one = (shape: Shape, ...data: number[]) => ({ shape, data: Float64Array.from(data) });

  test("one of each dimension, tanh, half the squared error, a sum, no biases and no mask; numbers all different", () => {
    expect(smallest(rnnProblem(), () => true)).toEqual({
      nonlinearity: "tanh",
      loss: "half_squared_error",
      reduction: "sum",
      parameters: { Wxh: one([1, 1], 0.125), Whh: one([1, 1], 0.25), Why: one([1, 1], 0.375) },
      x: one([1, 1, 1], 0.5),
      h0: one([1, 1], 0.625),
      target: one([1, 1, 1], 0.75),
    });
  });

  test("the smallest dimensions that fail, then the structure that fails, then simple numbers", () => {
    const problem = smallest(rnnProblem({ limit: 16 }), ({ x: { shape }, h0, mask }) => {
      return shape[0] >= 3 && h0.shape[1] >= 2 && mask !== undefined;
    });
    expect(problem).toEqual({
      nonlinearity: "tanh",
      loss: "half_squared_error",
      reduction: "sum",
      parameters: { Wxh: one([2, 1], 1, 2), Whh: one([2, 2], 3, 4, 5, 6), Why: one([1, 2], 7, 8) },
      x: one([3, 1, 1], 9, 10, 11),
      h0: one([1, 2], 12, 13),
      mask: one([3, 1], 0.5, 1, 1.5),
      target: one([3, 1, 1], 14, 15, 16),
    });
  });

  test("lengths that differ, and the last class", () => {
    const lengths = smallest(
      rnnProblem({ mask: ["lengths"] }),
      ({ mask }) => (mask?.shape[1] ?? 0) >= 2 && isUneven(mask),
    );
    expect([lengths.mask?.shape, [...(lengths.mask?.data ?? [])]]).toEqual([
      [2, 2],
      [1, 1, 1, 0],
    ]);
    const last = smallest(rnnProblem(), (problem) => problem.loss === "cross_entropy" && problem.target.includes(2));
    expect([dimensions(last), last.target]).toEqual([{ T: 1, B: 1, I: 1, H: 1, O: 3 }, Int32Array.of(2)]);
  });

  test("a zero state only where no other fails", () => {
    const { h0 } = smallest(rnnProblem(), (problem) => problem.h0.shape[1] === 2);
    expect(h0.data.includes(0)).toBe(false);
    const zero = smallest(rnnProblem(), (problem) => problem.h0.data.every((value) => value === 0));
    expect(zero.h0).toEqual(one([1, 1], 0));
  });

  function isUneven(mask: NumericArray | undefined): boolean {
    return mask?.data.includes(0) ?? false;
  }
});
