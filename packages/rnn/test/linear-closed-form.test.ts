import { float64, random } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { forward } from "../src/forward.ts";
import { liftProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";

type Matrix = readonly (readonly number[])[];
type Vector = readonly number[];

const [z, inputs, hidden, outputs] = [6, 2, 3, 2];

function arrayOf(shape: readonly number[], next: () => number): NumericArray {
  return { shape, data: Float64Array.from({ length: shape.reduce((size, length) => size * length, 1) }, next) };
}

function matrixOf({ shape: [rows, columns], data }: NumericArray): Matrix {
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
}

const times = (m: Matrix, v: Vector): Vector => m.map((row) => row.reduce((sum, a, k) => sum + a * v[k], 0));
const transposed = (m: Matrix): Matrix => m[0].map((_, j) => m.map((row) => row[j]));
const outer = (a: Vector, b: Vector): Matrix => a.map((x) => b.map((y) => x * y));
const plus = (m: Matrix, n: Matrix): Matrix => m.map((row, i) => row.map((a, j) => a + n[i][j]));

/** m^power v */
function powerTimes(m: Matrix, power: number, v: Vector): Vector {
  return power === 0 ? v : times(m, powerTimes(m, power - 1, v));
}

/** Numbers above 0 keep every relu unit on: the network is linear. Small integers keep every sum exact. */
function linearProblem(from: number): RnnProblem<NumericArray> {
  const source = random(from);
  const positive = (shape: readonly number[]) => arrayOf(shape, () => source.integer(1, 4));
  const mask = arrayOf([z, 1], () => 0);
  mask.data[z - 1] = 1;
  return {
    nonlinearity: "relu",
    loss: "half_squared_error",
    reduction: "sum",
    parameters: {
      Wxh: positive([hidden, inputs]),
      Whh: positive([hidden, hidden]),
      Why: positive([outputs, hidden]),
    },
    x: positive([z, 1, inputs]),
    h0: positive([1, hidden]),
    target: arrayOf([z, 1, outputs], () => source.integer(-9, 9)),
    mask,
  };
}

/** Of a loss at the last step alone, ∂J/∂h_z = W_hyᵀ e: ∂J/∂h_0 = (Wᵀ)^z ∂J/∂h_z and ∂J/∂W = Σ_k (Wᵀ)^(z−k) ∂J/∂h_z h_(k−1)ᵀ. */
function closedForm(problem: RnnProblem<NumericArray>, W: Matrix, Wback: Matrix) {
  const { parameters, x, h0, target } = problem;
  const [Wxh, Why] = [matrixOf(parameters.Wxh), matrixOf(parameters.Why as NumericArray)];
  const states: Vector[] = [Array.from(h0.data)];
  for (let t = 0; t < z; t++) {
    const fromInput = times(Wxh, Array.from(x.data.subarray(t * inputs, (t + 1) * inputs)));
    states.push(times(W, states[t]).map((u, i) => u + fromInput[i]));
  }
  const wanted = Array.from((target as NumericArray).data.subarray((z - 1) * outputs));
  const e = times(Why, states[z]).map((output, i) => output - wanted[i]);
  const last = times(transposed(Why), e);
  const terms = Array.from({ length: z }, (_, n) => outer(powerTimes(Wback, z - 1 - n, last), states[n]));
  return { h0: powerTimes(Wback, z, last), Whh: terms.reduce(plus).flat() };
}

test("a linear network has the closed forms, exactly; without the transpose they are not", () => {
  for (let n = 0; n < 20; n++) {
    const problem = linearProblem(seed + n);
    const lifted = liftProblem(float64, problem);
    const { h0, Whh } = backward(float64, lifted, forward(float64, lifted));
    const found = { h0: Array.from(float64.lower(h0)), Whh: Array.from(float64.lower(Whh)) };
    const W = matrixOf(problem.parameters.Whh);
    expect(found.Whh.every(Number.isSafeInteger) && found.Whh.every((value) => value !== 0)).toBe(true);
    expect(found).toEqual(closedForm(problem, W, transposed(W)));
    expect(found).not.toEqual(closedForm(problem, W, W));
  }
});
