import { type Arithmetic, at, dense, doubleDouble, float64, type Tensor } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { forward } from "../src/forward.ts";
import { liftProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";
import { array } from "./arrays.ts";
import example from "./worked-example.json" with { type: "json" };

const T = example.x.length;
const H = example.h0.length;

const problem: RnnProblem<NumericArray> = {
  nonlinearity: "tanh",
  loss: "half_squared_error",
  reduction: "sum",
  parameters: { Wxh: matrix(example.Wxh), Whh: matrix(example.Whh), Why: matrix(example.Why) },
  x: sequence(example.x),
  h0: matrix([example.h0]),
  target: sequence(example.y),
};

/** The values of the example were computed in float64 and checked with 60 digits: the largest error was 2e-16. */
const ofExample = 2e-16;

const arithmetics = [
  // Values are of size 1, each a sum of a dozen products: float64 was seen to be 2 units in the last place of 1 off; 4 are allowed.
  { name: "float64", A: float64 as Arithmetic<Float64Array>, bound: ofExample + 4 * 2 ** -52 },
  // Its own error is below 2^-90; a value below 2 rounded to a double moves by 2^-53 at most, and one below 4 by 2^-52.
  { name: "double-double", A: dense(doubleDouble), bound: ofExample + 2 ** -52 },
];

describe.each(arithmetics)("the worked example in $name", ({ A, bound }) => {
  const lifted = liftProblem(A, problem);
  const trajectory = forward(A, lifted);
  const gradient = backward(A, lifted, trajectory);
  const close = (quantity: string, found: ArrayLike<number>, expected: readonly number[]) => {
    expect(found.length, quantity).toBe(expected.length);
    expected.forEach((value, i) => {
      const distance = Math.abs(found[i] - value);
      expect(distance, `${quantity}[${i}]: ${found[i]} for ${value}`).toBeLessThanOrEqual(bound);
    });
  };

  test("loss", () => {
    close("loss", A.lower(trajectory.loss), [example.loss]);
  });

  test("loss of each step, by a mask of one step", () => {
    example.perStep.forEach((expected, t) => {
      const mask = array(
        [T, 1],
        Array.from({ length: T }, (_, step) => (step === t ? 1 : 0)),
      );
      const { loss } = forward(A, liftProblem(A, { ...problem, mask }));
      close(`loss of step ${t + 1}`, A.lower(loss), [expected]);
    });
  });

  test("hidden states", () => {
    close("h", A.lower(trajectory.states), example.h.flat());
  });

  test("gradient", () => {
    const grad: Record<string, number[] | number[][]> = example.grad;
    for (const name of ["Wxh", "Whh", "Why", "h0"] as const) {
      close(name, A.lower(gradient[name] as Tensor<Float64Array>), grad[name].flat());
    }
  });

  test("Jacobian dh_4/dh_0, a row for each unit as the gradient of that unit", () => {
    const rows = example.Phi40.map((_, i) => {
      const states = array(
        [T, 1, H],
        Array.from({ length: T * H }, (_, j) => (j === (T - 1) * H + i ? 1 : 0)),
      );
      const one = liftProblem(A, { ...problem, loss: "linear", reduction: "sum", target: { states } });
      return [...A.lower(at(backward(A, one, forward(A, one)).h0, 0))];
    });
    close("dh_4/dh_0", rows.flat(), example.Phi40.flat());

    // The singular values of the example: Σ σ² = ‖Φ‖², Π σ = |det Φ|, to the errors of a 3 x 3 matrix with entries below 1.
    const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(squares(rows.flat()) - squares(example.sv))).toBeLessThan(9 * bound);
    const [[a, b, c], [d, e, f], [g, h, i]] = rows;
    const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    const product = example.sv.reduce((left, right) => left * right, 1);
    expect(Math.abs(Math.abs(determinant) - product)).toBeLessThan(6 * bound);
  });
});

function matrix(rows: readonly (readonly number[])[]): NumericArray {
  return array([rows.length, rows[0].length], rows.flat());
}

/** [T, N] as [T, 1, N]. */
function sequence(steps: readonly (readonly number[])[]): NumericArray {
  return array([steps.length, 1, steps[0].length], steps.flat());
}
