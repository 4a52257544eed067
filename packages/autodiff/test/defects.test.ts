import { type Arithmetic, float32, float64 } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, divide, multiply, negate, square, subtract } from "../src/operations/elementwise.ts";
import { exp, log, sigmoid, tanh } from "../src/operations/functions.ts";
import { reshape } from "../src/operations/layout.ts";
import { matmul } from "../src/operations/matmul.ts";
import { greater, relu, where } from "../src/operations/piecewise.ts";
import { mean, sum } from "../src/operations/reduction.ts";
import { logSumExp, softmax, softmaxCrossEntropy } from "../src/operations/softmax.ts";
import { grad, vjp } from "../src/transforms/reverse.ts";
import { type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

/** What published JavaScript packages get wrong, one test each; all of it follows from closed forms. */

type Floats = Variable<Float64Array>;

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
const scalar = (value: number) => v([value], []);
const σ = (x: number) => 1 / (1 + Math.exp(-x));

describe("second derivatives where an argument is used again", () => {
  const second = (f: (x: Floats) => Floats, x: number) => numbers(grad((y: Floats) => grad(f)(y))(scalar(x)))[0];
  const [t, u] = [Math.tanh(0.5), 1 - Math.tanh(0.5) ** 2];
  const [half, third] = [σ(0.5), σ(0.3)];
  const logits = (x: Floats) => matmul(reshape(x, [1, 1]), v([1, 0], [1, 2]));
  const swish = 2 * half * (1 - half) + 0.5 * half * (1 - half) * (1 - 2 * half);
  const sigmoidBySoftmax = (x: Floats) => sum(multiply(softmax(logits(x)), v([1, 0])));

  test.each([
    {
      name: "(x tanh x)″ at ½",
      f: (x: Floats) => multiply(x, tanh(x)),
      x: 0.5,
      expected: 2 * u - t * u,
      digits: 1.2094,
    },
    {
      name: "(x eˣ)″ at ½",
      f: (x: Floats) => multiply(x, exp(x)),
      x: 0.5,
      expected: 2.5 * Math.exp(0.5),
      digits: 4.1218,
    },
    { name: "(x sigmoid x)″ at ½", f: (x: Floats) => multiply(x, sigmoid(x)), x: 0.5, expected: swish, digits: 0.4412 },
    {
      name: "(x sigmoid x)″ at ½, sigmoid as softmax of two",
      f: (x: Floats) => multiply(x, sigmoidBySoftmax(x)),
      x: 0.5,
      expected: swish,
      digits: 0.4412,
    },
    {
      name: "sigmoid cross entropy″ at 0.3",
      f: (x: Floats) => negate(log(sigmoid(x))),
      x: 0.3,
      expected: third * (1 - third),
      digits: 0.2444,
    },
    {
      name: "sigmoid cross entropy″ at 0.3, by log-sum-exp",
      f: (x: Floats) => sum(softmaxCrossEntropy(logits(x), [1])),
      x: 0.3,
      expected: third * (1 - third),
      digits: 0.2444,
    },
  ])("$name is $digits", ({ f, x, expected, digits }) => {
    // Some thirty roundings of numbers of size 1 to 4.
    expect(Math.abs(second(f, x) - expected)).toBeLessThan(120 * 2 ** -53);
    expect(Math.abs(expected - digits)).toBeLessThan(1e-4);
  });
});

test("d(tanh x + sigmoid x)/dx at the same x is the sum of both", () => {
  const [found] = numbers(grad((x: Floats) => add(tanh(x), sigmoid(x)))(scalar(0.5)));
  const expected = 1 - Math.tanh(0.5) ** 2 + σ(0.5) * (1 - σ(0.5));
  expect(Math.abs(found - expected)).toBeLessThan(8 * 2 ** -53);
});

test("sum over axis 1 of a square input, axes not kept: the gradient is not transposed", () => {
  const weights = v([1, 10]);
  const gradient = (reduce: (x: Floats, axis: number) => Floats, axis: number) =>
    numbers(grad((x: Floats) => sum(multiply(weights, reduce(x, axis))))(v([1, 2, 3, 4], [2, 2])));
  expect(gradient(sum, 1)).toEqual([1, 1, 10, 10]);
  expect(gradient(sum, 0)).toEqual([1, 10, 1, 10]);
});

test("mean over axis 1 of a square input, axes not kept: the gradient is not transposed", () => {
  const weights = v([1, 10]);
  const gradient = (axis: number) =>
    numbers(grad((x: Floats) => sum(multiply(weights, mean(x, axis))))(v([1, 2, 3, 4], [2, 2])));
  expect(gradient(1)).toEqual([0.5, 0.5, 5, 5]);
  expect(gradient(0)).toEqual([0.5, 5, 0.5, 5]);
});

describe.each([
  { name: "float64", A: float64 as Arithmetic<unknown> },
  { name: "float32", A: float32 as Arithmetic<unknown> },
])("saturated functions in $name", ({ A }) => {
  type X = Variable<unknown>;
  const constant = (n: number) => wrap(A, A.ratio(n, 1));
  const at = (f: (x: X) => X, x: number) => {
    const { value, pullback } = vjp(f, variable(A, [x], []));
    return [numbers(value)[0], numbers(pullback(constant(1)))[0]];
  };
  /** log (1 + eˣ) and the rest in forms that do not overflow. */
  const softplus = (x: X) => logSumExp(add(multiply(x, variable(A, [1, 0])), variable(A, [0, 0])));
  const logSigmoid = (x: X) => negate(softplus(negate(x)));
  const silu = (x: X) => multiply(x, sigmoid(x));
  const elu = (x: X) => where(greater(x, constant(0)), x, subtract(exp(negate(relu(negate(x)))), constant(1)));

  test("sigmoid(-100) has gradient 0 or what is left of it, sigmoid(100) too", () => {
    const left = A === float32 ? Math.fround(Math.exp(-100)) : Math.exp(-100);
    const [low, lowSlope] = at(sigmoid, -100);
    expect([low / left, lowSlope / left]).toEqual([1, 1]);
    expect(at(sigmoid, 100)).toEqual([1, 0]);
  });

  test.each([
    { name: "silu(-100)", f: silu, x: -100, slope: 0 },
    { name: "softplus(100)", f: softplus, x: 100, slope: 1 },
    { name: "log-sigmoid(-100)", f: logSigmoid, x: -100, slope: 1 },
    { name: "elu(100)", f: elu, x: 100, slope: 1 },
    { name: "elu(-100)", f: elu, x: -100, slope: 0 },
  ])("$name has gradient $slope", ({ f, x, slope }) => {
    const [value, gradient] = at(f, x);
    expect(Number.isFinite(value)).toBe(true);
    expect(Math.abs(gradient - slope)).toBeLessThan(1e-40);
  });

  test("|x| = 800: value and gradient of sigmoid, tanh, softplus, log-sigmoid and exp", () => {
    const found = [sigmoid, tanh, softplus, logSigmoid].map((f) => [...at(f, 800), ...at(f, -800)].map((x) => x + 0));
    expect(found).toEqual([
      [1, 0, 0, 0],
      [1, 0, -1, 0],
      [800, 1, 0, 0],
      [0, 0, -800, 1],
    ]);
    expect(at(exp, -800)).toEqual([0, 0]);
    expect(at(exp, 800)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    const twice = (f: (x: X) => X, x: number) =>
      numbers(grad((y: X) => grad((z: X) => f(z))(y))(variable(A, [x], [])))[0];
    for (const f of [sigmoid, tanh, softplus, logSigmoid]) {
      for (const x of [800, -800]) expect(twice(f, x) + 0).toBe(0);
    }
  });

  test("softmax([1000, 1000, -1000]) and its gradients are finite", () => {
    const row = variable(A, [1000, 1000, -1000]);
    expect(numbers(softmax(row))).toEqual([0.5, 0.5, 0]);
    const first = (x: X) => sum(multiply(variable(A, [1, 3, 5]), softmax(x)));
    // p ⊙ (w − Σ p w), and its derivative along itself
    expect(numbers(grad(first)(row)).map((x) => x + 0)).toEqual([-0.5, 0.5, 0]);
    const again = grad((x: X) => sum(square(grad(first)(x))))(row);
    expect(numbers(again).every(Number.isFinite)).toBe(true);
  });
});

test("softmax cross entropy with respect to its labels: −log p", () => {
  const [logits, labels] = [v([1, 2, 4]), v([0.25, 0.25, 0.5])];
  const loss = ([z, y]: readonly Floats[]) => negate(sum(multiply(y, subtract(z, logSumExp(z)))));
  const [dz, dy] = grad(loss)([logits, labels]).map(numbers);
  const p = numbers(softmax(logits));
  p.forEach((pi, i) => {
    expect(Math.abs(dz[i] - (pi - [0.25, 0.25, 0.5][i]))).toBeLessThan(16 * 2 ** -53);
    expect(Math.abs(dy[i] + Math.log(pi))).toBeLessThan(16 * 2 ** -53);
  });
});

test("where(x < y, …) differentiates: each argument where it was chosen", () => {
  const [x, y] = [v([1, 5, 2, 8]), v([4, 3, 2, 9])];
  const smaller = ([a, b]: readonly Floats[]) => sum(where(greater(b, a), square(a), multiply(a, b)));
  // a² where a < b, a b elsewhere
  const [dx, dy] = grad(smaller)([x, y]).map(numbers);
  expect([dx, dy]).toEqual([
    [2, 3, 2, 16],
    [0, 5, 2, 0],
  ]);
});

test("squared difference and batched matmul broadcast in the backward sweep", () => {
  const [a, b] = [v([1, 2, 3, 4], [2, 2]), v([1, 0])];
  const [da, db] = grad(([x, y]: readonly Floats[]) => sum(square(subtract(x, y))))([a, b]).map(numbers);
  expect([da, db]).toEqual([
    [0, 4, 4, 8],
    [-4, -12],
  ]);
  const cube = v([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
  const [dc, dm] = grad(([x, y]: readonly Floats[]) => sum(matmul(x, y)))([cube, v([1, 2, 3, 4], [2, 2])]).map(numbers);
  expect([dc, dm]).toEqual([
    [3, 7, 3, 7, 3, 7, 3, 7],
    [16, 16, 20, 20],
  ]);
});

test("a variable divided by itself has gradient 0: both uses count", () => {
  expect(numbers(grad((x: Floats) => divide(x, x))(scalar(3)))[0] + 0).toBe(0);
});
