import { at, float64, primeField, reshape, type Tensor } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { forward } from "../src/forward.ts";
import { errorShares } from "../src/lag-contributions.ts";
import { omega, omegaGradient } from "../src/omega.ts";
import { liftProblem, mapProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";
import { array } from "./arrays.ts";
import example from "./worked-example.json" with { type: "json" };

const problem: RnnProblem<NumericArray> = {
  nonlinearity: "tanh",
  loss: "half_squared_error",
  reduction: "sum",
  parameters: {
    Wxh: array([3, 2], example.Wxh.flat()),
    Whh: array([3, 3], example.Whh.flat()),
    Why: array([2, 3], example.Why.flat()),
  },
  x: array([4, 1, 2], example.x.flat()),
  h0: array([1, 3], example.h0),
  target: array([4, 1, 2], example.y.flat()),
};
const lifted = liftProblem(float64, problem);
const trajectory = forward(float64, lifted);

describe("the worked example", () => {
  test("Ω and its ratios", () => {
    const { value, ratios } = omega(float64, lifted, trajectory);
    // Known to 16 digits; a dozen operations of relative error 2^-53 each.
    expect(Math.abs(float64.lower(value)[0] - 0.6712984257494041)).toBeLessThan(1e-14);
    [0.67604857, 0.58892863, 0.64151314, 0.48148154].forEach((expected, t) => {
      expect(Math.abs(float64.lower(ratios)[t] - expected)).toBeLessThan(6e-9);
    });
  });

  test("what the last loss contributes by way of each earlier state", () => {
    const length = (t: Tensor<Float64Array>) => Math.hypot(...float64.lower(t));
    const taken: number[][] = [];
    for (const { k, share } of errorShares(float64, lifted, trajectory, 4)) {
      taken.push([length(share) * length(at(lifted.x, k - 1)), length(share) * length(at(trajectory.states, k - 1))]);
    }
    expect(taken).toHaveLength(4);
    [
      [0.53248302, 0.28477831],
      [0.174462, 0.14830063],
      [0.13978824, 0.11312162],
      [0.11438656, 0.04279953],
    ].forEach((expected, lag) => {
      expected.forEach((value, i) => {
        expect(Math.abs(taken[lag][i] - value), `lag ${lag}`).toBeLessThan(6e-9);
      });
    });
    expect(() => [...errorShares(float64, lifted, trajectory, 5)]).toThrow(
      "errorShares: t is 5; expected an integer from 1 to T = 4",
    );
  });

  test("the full gradient is that of Ω by central differences, the immediate one is not", () => {
    const { full, immediate } = omegaGradient(float64, lifted, trajectory);
    const h = 2 ** -17;
    const moved = (part: string, i: number, by: number) => {
      const there = mapProblem(problem, (value, name) => {
        const data = value.data.slice();
        if (name === part) data[i] += by;
        return { ...value, data };
      });
      const once = liftProblem(float64, there);
      return float64.lower(omega(float64, once, forward(float64, once)).value)[0];
    };
    const numeric = (part: string, length: number) =>
      Float64Array.from({ length }, (_, i) => (moved(part, i, h) - moved(part, i, -h)) / (2 * h));
    for (const part of ["Wxh", "Whh", "Why", "h0", "x"] as const) {
      const found = float64.lower(full[part] as Tensor<Float64Array>);
      const expected = numeric(part, found.length);
      const largest = Math.max(...expected.map(Math.abs));
      expect(largest).toBeGreaterThan(1e-3);
      // Truncation is h² = 6e-11 times third derivatives of size 10, rounding 1e-16 / h.
      found.forEach((value, i) => {
        expect(Math.abs(value - expected[i]), `${part}[${i}]`).toBeLessThan(1e-8);
      });
    }
    const distances = float64.lower(immediate).map((value, i) => value - float64.lower(full.Whh)[i]);
    expect(Math.max(...distances.map(Math.abs))).toBeGreaterThan(0.1);
  });
});

test("where an error is exactly 0, its term can be left out: in floats and over the prime field", () => {
  const mask = array([4, 1], [1, 1, 1, 0]);
  for (const A of [float64, primeField(5)]) {
    const padded = liftProblem(A, { ...problem, mask });
    const shorter = liftProblem(A, {
      ...problem,
      x: array([3, 1, 2], example.x.slice(0, 3).flat()),
      target: array([3, 1, 2], example.y.slice(0, 3).flat()),
    });
    const counted = A.lift([1, 1, 1, 0], [4, 1]);
    const long = omegaGradient(A, padded, forward(A, padded), { counted });
    const short = omegaGradient(A, shorter, forward(A, shorter));
    expect(A.same(long.value, short.value)).toBe(true);
    expect(A.same(long.immediate, short.immediate)).toBe(true);
    for (const name of ["Wxh", "Whh", "Why", "h0"] as const) {
      const [a, b] = [long.full[name], short.full[name]] as Tensor<Float64Array>[];
      if (A !== float64) expect(A.same(a, b), name).toBe(true);
      const [left, right] = [A.lower(reshape(a, a.shape)), A.lower(b)];
      left.forEach((value, i) => {
        expect(Math.abs(value - right[i])).toBeLessThan(1e-13);
      });
    }
  }
  const padded = liftProblem(float64, { ...problem, mask });
  expect(float64.lower(omega(float64, padded, forward(float64, padded)).value)[0]).toBeNaN();
});
