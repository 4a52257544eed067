import { describe, expect, test } from "vitest";
import type { NumericArray, Shape } from "../src/numeric-array.ts";
import { allBlindSpots, type BlindSpot, blindSpots, firstBlindSpot, vacuousSpots } from "../src/rnn/blind-spots.ts";
import type { RnnProblem } from "../src/rnn/problem.ts";

const array = (shape: Shape, ...data: number[]): NumericArray => ({ shape, data: Float64Array.from(data) });
const filled = (shape: Shape, value: number) =>
  array(shape, ...new Array<number>(shape.reduce((size, length) => size * length, 1)).fill(value));

type Squares = Extract<RnnProblem, { loss: "mse" }>;

/** T = B = I = H = O = 2, relu with units on and off, and no blind spot. */
const sighted: Squares = {
  nonlinearity: "relu",
  loss: "mse",
  reduction: "sum",
  parameters: {
    Wxh: array([2, 2], 1, 0.5, -1, 0.25),
    Whh: array([2, 2], 0.5, 1, -0.25, 0.5),
    Why: array([2, 2], 1, 2, 3, 4),
  },
  x: array([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
  h0: array([2, 2], 1, 0.5, 0.25, 0.75),
  target: array([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
};
const { Wxh, Whh } = sighted.parameters;

const tanh: RnnProblem = { ...sighted, nonlinearity: "tanh" };
const linear = (outputs: NumericArray, states?: NumericArray): RnnProblem => ({
  ...sighted,
  loss: "linear",
  reduction: "sum",
  target: { outputs, states },
});
const off = array([2, 2], -1, -1, -1, -1);

/** A problem for each blind spot, and the others that come with it. */
const cases: Readonly<Record<BlindSpot, readonly (readonly [RnnProblem, ...BlindSpot[]])[]>> = {
  "zero-mask": [[{ ...sighted, mask: filled([2, 2], 0) }, "zero-errors"]],
  "single-class": [
    [
      {
        ...sighted,
        loss: "cross_entropy",
        parameters: { Wxh, Whh, Why: array([1, 2], 1, 2) },
        target: Int32Array.of(0, 0, 0, 0),
      },
      "single-output",
    ],
  ],
  "zero-errors": [
    [
      {
        ...sighted,
        parameters: { Wxh, Whh, Why: filled([2, 2], 0), by: array([2], 1, 2) },
        target: array([2, 2, 2], 1, 2, 1, 2, 1, 2, 1, 2),
      },
    ],
    [linear(filled([2, 2, 2], 0))],
    [{ ...linear(array([2, 2, 2], 0, 0, 0, 0, 1, 1, 1, 1)), mask: array([2, 2], 1, 1, 0, 0) }],
  ],
  "all-units-off": [
    [{ ...sighted, parameters: { ...sighted.parameters, Wxh: off, Whh: array([2, 2], -1, -2, -3, -4) } }],
  ],
  "single-step": [[{ ...sighted, x: array([1, 2, 2], 1, 2, 3, 4), target: array([1, 2, 2], 1, 2, 3, 4) }]],
  "single-sequence": [
    [{ ...sighted, x: array([2, 1, 2], 1, 2, 3, 4), h0: array([1, 2], 1, 2), target: array([2, 1, 2], 1, 2, 3, 4) }],
  ],
  "single-input": [
    [{ ...sighted, parameters: { ...sighted.parameters, Wxh: array([2, 1], 1, -1) }, x: array([2, 2, 1], 1, 2, 3, 4) }],
  ],
  "single-unit": [
    [
      {
        ...sighted,
        nonlinearity: "tanh",
        parameters: { Wxh: array([1, 2], 0.1, -0.1), Whh: array([1, 1], 0.5), Why: array([2, 1], 1, 2) },
        h0: array([2, 1], 1, 2),
      },
    ],
  ],
  "single-output": [
    [{ ...sighted, parameters: { Wxh, Whh, Why: array([1, 2], 1, 2) }, target: array([2, 2, 1], 1, 2, 3, 4) }],
  ],
  "zero-state": [[{ ...sighted, h0: filled([2, 2], 0) }]],
  "zero-inputs": [[{ ...tanh, x: filled([2, 2, 2], 0) }, "equal-inputs"]],
  "equal-inputs": [[{ ...sighted, x: array([2, 2, 2], 1, 2, 3, 4, 1, 2, 3, 4) }]],
  "symmetric-recurrence": [
    [{ ...sighted, parameters: { ...sighted.parameters, Whh: array([2, 2], 0.5, 1, 1, 0.25) } }],
  ],
  "late-loss": [
    [{ ...sighted, mask: array([2, 2], 0, 0, 0.5, 1) }],
    [linear(array([2, 2, 2], 0, 0, 0, 0, 1, 0, 0, 1), filled([2, 2, 2], 0))],
    [{ ...linear(filled([2, 2, 2], 1), array([2, 2, 2], 1, 1, 1, 1, 0, 0, 0, 0)), mask: array([2, 2], 0, 0, 1, 1) }],
  ],
  "early-loss": [
    [{ ...sighted, mask: array([2, 2], 0.5, 1, 0, 0) }],
    [linear(array([2, 2, 2], 0, 1, 1, 0, 0, 0, 0, 0))],
  ],
  "lone-sequence": [
    [{ ...sighted, mask: array([2, 2], 0, 1, 0, 2) }],
    [linear(array([2, 2, 2], 1, 2, 0, 0, 3, 4, 0, 0))],
  ],
  "unit-mask": [[{ ...sighted, mask: filled([2, 2], 1) }]],
  "zero-preactivations": [
    [{ ...tanh, x: filled([2, 2, 2], 0), h0: filled([2, 2], 0) }, "zero-inputs", "equal-inputs", "zero-state"],
  ],
  saturated: [[{ ...tanh, parameters: { ...sighted.parameters, Wxh: array([2, 2], 8, 8, -9, -9) } }]],
  "all-units-on": [[{ ...sighted, parameters: { ...sighted.parameters, Wxh: array([2, 2], 1, 2, 3, 4) } }]],
  "near-kink": [
    [
      {
        ...sighted,
        h0: array([2, 2], 1, -2.5, 0.25, 0.75),
        parameters: { ...sighted.parameters, Wxh: array([2, 2], 1, 0.5 + 2 ** -12, -1, 0.25) },
      },
    ],
  ],
};

test("a problem without blind spots has none", () => {
  expect(blindSpots(sighted)).toEqual([]);
  expect(blindSpots(linear(filled([2, 2, 2], 1)))).toEqual([]);
  expect(blindSpots({ ...sighted, mask: array([2, 2], 1, 0, 1, 2) })).toEqual([]);
  expect(allBlindSpots.slice(0, vacuousSpots.length)).toEqual(vacuousSpots);
});

describe("a problem that has one", () => {
  test.each(Object.entries(cases))("%s", (spot, problems) => {
    for (const [problem, ...others] of problems) {
      expect(new Set(blindSpots(problem))).toEqual(new Set([spot, ...others]));
      expect(firstBlindSpot(problem, [spot as BlindSpot])).toBe(spot);
      expect(
        firstBlindSpot(
          problem,
          allBlindSpots.filter((one) => one !== spot && !others.includes(one)),
        ),
      ).toBeUndefined();
    }
  });
});

test("an Elman RNN run by hand: u = W_xh x + b_xh + b_hh + W_hh h", () => {
  // One unit, two steps: u_1 = 2 · 1 + 0.5 + 0.25 + 3 · 0.125 = 3.125, h_1 = u_1; u_2 = 2 · (-4) + 0.75 + 3 · 3.125 = 2.125.
  const relu = (h0: number): RnnProblem => ({
    nonlinearity: "relu",
    loss: "half_squared_error",
    reduction: "mean",
    parameters: {
      Wxh: array([1, 1], 2),
      Whh: array([1, 1], 3),
      Why: array([1, 1], 4),
      bxh: array([1], 0.5),
      bhh: array([1], 0.25),
      by: array([1], -1),
    },
    x: array([2, 1, 1], 1, -4),
    h0: array([1, 1], h0),
    target: array([2, 1, 1], 4 * 3.125 - 1, 4 * 2.125 - 1),
  });
  expect(blindSpots(relu(0.125))).toContain("zero-errors");
  expect(blindSpots(relu(0.125))).toContain("all-units-on");
  expect(blindSpots(relu(0.25))).not.toContain("zero-errors");
});
