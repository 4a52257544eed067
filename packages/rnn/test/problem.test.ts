import { float32, float64, LiftError } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { lossAndGradient } from "../src/backward.ts";
import {
  checkProblem,
  dimensions,
  liftProblem,
  mapParameters,
  mapProblem,
  type NumericArray,
  ProblemError,
  type RnnProblem,
} from "../src/problem.ts";
import { array } from "./arrays.ts";

const zeros = (...shape: number[]): NumericArray =>
  array(shape, new Float64Array(shape.reduce((size, length) => size * length, 1)));

/** T 4, B 3, I 2, H 5, O 6: all different, so that no shape can be taken for another. */
const parameters = { Wxh: zeros(5, 2), Whh: zeros(5, 5), Why: zeros(6, 5), bxh: zeros(5), bhh: zeros(5), by: zeros(6) };
const common = { nonlinearity: "tanh", parameters, x: zeros(4, 3, 2), h0: zeros(3, 5), mask: zeros(4, 3) } as const;
const mse: RnnProblem<NumericArray> = { ...common, loss: "mse", reduction: "mean", target: zeros(4, 3, 6) };
const classes: RnnProblem<NumericArray> = {
  ...common,
  loss: "cross_entropy",
  reduction: "sum",
  target: Int32Array.from({ length: 12 }, (_, i) => i % 6),
};
const linear: RnnProblem<NumericArray> = {
  ...common,
  loss: "linear",
  reduction: "sum",
  target: { outputs: zeros(4, 3, 6), states: zeros(4, 3, 5) },
};
const { Why: _, by: __, ...withoutReadout } = parameters;

test.each([mse, classes, linear])("a problem whose parts fit together passes: $loss", (problem) => {
  checkProblem(problem);
  expect(dimensions(problem)).toEqual({ T: 4, B: 3, I: 2, H: 5, O: 6 });
});

test("a loss of the states alone needs no readout", () => {
  const problem = { ...linear, parameters: withoutReadout, target: { states: zeros(4, 3, 5) } } as const;
  checkProblem(problem);
  expect(dimensions(problem).O).toBe(0);
});

/** A problem with one array replaced. */
function replaced(problem: RnnProblem<NumericArray>, part: string, value: NumericArray): RnnProblem<NumericArray> {
  return mapProblem(problem, (old, name) => (name === part ? value : old));
}

function withNumber(part: string, place: number, value: number): RnnProblem<NumericArray> {
  return mapProblem(part.startsWith("target.") ? linear : mse, (old, name) => {
    if (name !== part) return old;
    const data = Float64Array.from(old.data);
    data[place] = value;
    return { ...old, data };
  });
}

const untyped = (changes: Record<string, unknown>): RnnProblem<NumericArray> =>
  ({ ...mse, ...changes }) as unknown as RnnProblem<NumericArray>;

const wrong: readonly { problem: RnnProblem<NumericArray>; part: string; message: string }[] = [
  { problem: replaced(mse, "x", zeros(4, 6)), part: "x", message: "x has shape [4,6]; expected [T, B, I]" },
  { problem: replaced(mse, "h0", zeros(15)), part: "h0", message: "h0 has shape [15]; expected [B, H]" },
  {
    problem: replaced(mse, "x", zeros(0, 3, 2)),
    part: "x and h0",
    message: "x and h0 have an axis of length 0; expected T, B, I, H >= 1",
  },
  {
    problem: replaced(mse, "h0", zeros(3, 0)),
    part: "x and h0",
    message: "x and h0 have an axis of length 0; expected T, B, I, H >= 1",
  },
  { problem: replaced(mse, "h0", zeros(2, 5)), part: "h0", message: "h0 has shape [2, 5]; expected [3, 5]" },
  { problem: replaced(mse, "Wxh", zeros(2, 5)), part: "Wxh", message: "Wxh has shape [2, 5]; expected [5, 2]" },
  { problem: replaced(mse, "Whh", zeros(5, 4)), part: "Whh", message: "Whh has shape [5, 4]; expected [5, 5]" },
  { problem: replaced(mse, "Why", zeros(6, 2)), part: "Why", message: "Why has shape [6, 2]; expected [6, 5]" },
  { problem: replaced(mse, "Why", zeros(0, 5)), part: "Why", message: "Why has shape [0, 5]; expected O >= 1" },
  { problem: replaced(mse, "bxh", zeros(5, 1)), part: "bxh", message: "bxh has shape [5, 1]; expected [5]" },
  { problem: replaced(mse, "bhh", zeros(6)), part: "bhh", message: "bhh has shape [6]; expected [5]" },
  { problem: replaced(mse, "by", zeros(5)), part: "by", message: "by has shape [5]; expected [6]" },
  { problem: replaced(mse, "mask", zeros(3, 4)), part: "mask", message: "mask has shape [3, 4]; expected [4, 3]" },
  {
    problem: replaced(mse, "target", zeros(4, 3, 5)),
    part: "target",
    message: "target has shape [4, 3, 5]; expected [4, 3, 6]",
  },
  {
    problem: replaced(linear, "target.outputs", zeros(4, 3, 5)),
    part: "target.outputs",
    message: "target.outputs has shape [4, 3, 5]; expected [4, 3, 6]",
  },
  {
    problem: replaced(linear, "target.states", zeros(4, 3, 6)),
    part: "target.states",
    message: "target.states has shape [4, 3, 6]; expected [4, 3, 5]",
  },
  {
    problem: replaced(mse, "Whh", { shape: [5, 5], data: new Float64Array(24) }),
    part: "Whh",
    message: "Whh has 24 numbers; expected 25",
  },
  { problem: withNumber("x", 7, Number.NaN), part: "x", message: "x has NaN at [1, 0, 1]; expected finite numbers" },
  {
    problem: withNumber("Why", 29, Number.POSITIVE_INFINITY),
    part: "Why",
    message: "Why has Infinity at [5, 4]; expected finite numbers",
  },
  {
    problem: withNumber("target.states", 0, Number.NEGATIVE_INFINITY),
    part: "target.states",
    message: "target.states has -Infinity at [0, 0, 0]; expected finite numbers",
  },
  {
    problem: { ...mse, parameters: withoutReadout },
    part: "Why",
    message: "Why is missing; expected for the loss mse",
  },
  {
    problem: { ...linear, parameters: withoutReadout },
    part: "Why",
    message: "Why is missing; expected for the loss linear",
  },
  {
    problem: { ...linear, parameters: { ...withoutReadout, by: zeros(6) }, target: { states: zeros(4, 3, 5) } },
    part: "by",
    message: "by is there without Why; expected both or neither",
  },
  { problem: { ...linear, target: {} }, part: "target", message: "target is empty; expected outputs or states" },
  {
    problem: { ...classes, target: new Int32Array(4) },
    part: "target",
    message: "target has 4 classes; expected T·B = 12",
  },
  {
    problem: { ...classes, target: Int32Array.from({ length: 12 }, (_, i) => (i === 7 ? 6 : 0)) },
    part: "target",
    message: "target has class 6 at 7; expected 0 to 5",
  },
  {
    problem: { ...classes, target: new Int32Array(12).fill(-1) },
    part: "target",
    message: "target has class -1 at 0; expected 0 to 5",
  },
  {
    problem: untyped({ nonlinearity: "sigmoid" }),
    part: "nonlinearity",
    message: 'nonlinearity is "sigmoid"; expected tanh or relu',
  },
  {
    problem: untyped({ loss: "cross-entropy" }),
    part: "loss",
    message: 'loss is "cross-entropy"; expected cross_entropy or mse or half_squared_error or linear',
  },
  { problem: untyped({ reduction: "none" }), part: "reduction", message: 'reduction is "none"; expected sum or mean' },
  {
    problem: untyped({ ...linear, reduction: "mean" }),
    part: "reduction",
    message: 'reduction is "mean"; expected sum',
  },
];

describe("a problem is refused:", () => {
  test.each(wrong)("$message", ({ problem, part, message }) => {
    for (const refuse of [() => checkProblem(problem), () => liftProblem(float64, problem)]) {
      let error: unknown;
      try {
        refuse();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(ProblemError);
      expect(error).toMatchObject({ name: "ProblemError", part, message: `problem: ${message}` });
    }
  });
});

test("float32 refuses a number that it would round, and takes one that it holds", () => {
  const tenth = mapProblem(mse, (value, name) => (name === "Whh" ? array([5, 5], new Array(25).fill(0.1)) : value));
  expect(() => lossAndGradient(float32, tenth)).toThrow(LiftError);
  expect(() => lossAndGradient(float32, tenth)).toThrow("float32 cannot hold 0.1 exactly");
  expect(lossAndGradient(float64, tenth).loss).toBe(0);
  expect(lossAndGradient(float32, mse).loss).toBe(0);
});

test("parameters are mapped by name, and absent ones stay absent", () => {
  const names: string[] = [];
  const mapped = mapParameters(withoutReadout, (value, name) => {
    names.push(name);
    return value.shape.length;
  });
  expect(mapped).toEqual({ Wxh: 2, Whh: 2, bxh: 1, bhh: 1 });
  expect(names).toEqual(["Wxh", "Whh", "bxh", "bhh"]);
});
