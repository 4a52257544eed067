import { type Arithmetic, complex, complexParts, dense, float32, float64, setImaginary } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, divide, multiply, negate, square, subtract } from "../src/operations/elementwise.ts";
import { max, maximum } from "../src/operations/extremes.ts";
import { cos, exp, log, sigmoid, silu, sin, softplus, tanh } from "../src/operations/functions.ts";
import { stack } from "../src/operations/joining.ts";
import { reshape } from "../src/operations/layout.ts";
import { matmul } from "../src/operations/matmul.ts";
import { norm } from "../src/operations/norm.ts";
import { greater, relu, where } from "../src/operations/piecewise.ts";
import { pow } from "../src/operations/power.ts";
import { cumprod, cumsum, prod } from "../src/operations/products.ts";
import { gather, pad } from "../src/operations/rearranging.ts";
import { mean, sum } from "../src/operations/reduction.ts";
import { take } from "../src/operations/selection.ts";
import { logSumExp, softmax, softmaxCrossEntropy } from "../src/operations/softmax.ts";
import { hessian, jacobian } from "../src/transforms/jacobian.ts";
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
  const logSigmoid = (x: X) => negate(softplus(negate(x)));
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

describe("powers at 0", () => {
  const slope = (f: (x: Floats) => Floats, x: number) => numbers(grad((y: Floats) => sum(f(y)))(v([x])))[0];
  test.each([
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 0],
  ])("x^%s at 0 has the finite gradient %s, its second derivative too", (exponent, expected) => {
    expect(slope((x) => pow(x, exponent), 0)).toBe(expected);
    expect(slope((x) => grad((y: Floats) => sum(pow(y, exponent)))(x), 0)).toBe(exponent === 2 ? 2 : 0);
  });

  test("0⁰ is 1, and exponents 0, ½ and −1 have the derivatives 0, ½ x^−½ and −x⁻²", () => {
    expect(numbers(pow(v([0]), 0))).toEqual([1]);
    expect([slope((x) => pow(x, 0), 4), slope((x) => pow(x, 0.5), 4), slope((x) => pow(x, -1), 4)]).toEqual([
      0, 0.25, -0.0625,
    ]);
    expect(slope((x) => pow(x, 0.5), 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

test("2ᵇ at b = 0 moves with b by the complex step too, as the rule says, and 0ᵇ is 1 there", () => {
  const C = dense(complex);
  const [two, zero] = [variable(C, [2, 0]), variable(C, [0, 0])];
  setImaginary(zero.value.store, zero.value.offset, 1e-30);
  const { value } = pow(two, zero);
  const [real, imaginary] = complexParts(value.store, value.offset);
  expect([real, imaginary / 1e-30, ...C.lower(value)]).toEqual([1, Math.LN2, 1, 1]);
  expect(numbers(grad((b: Floats) => sum(pow(v([2]), b)))(v([0])))).toEqual([Math.LN2]);
});

test("prod and cumprod with a factor 0: [6, 0, 0] for [0, 2, 3], and the second derivative", () => {
  const product = (x: Floats) => prod(x);
  expect(numbers(grad(product)(v([0, 2, 3])))).toEqual([6, 0, 0]);
  expect(numbers(hessian(product)(v([0, 2, 3])))).toEqual([0, 3, 2, 3, 0, 0, 2, 0, 0]);
  // y = [x₀, x₀ x₁, x₀ x₁ x₂]
  expect(numbers(jacobian((x: Floats) => cumprod(x))(v([2, 0, 3])))).toEqual([1, 0, 0, 0, 2, 0, 0, 6, 0]);
});

test("norm at 0 has the gradient 0, and 0 among others is like any number", () => {
  expect(numbers(grad((x: Floats) => norm(x))(v([0, 0])))).toEqual([0, 0]);
  expect(numbers(grad((x: Floats) => norm(x))(v([3, 0, 4])))).toEqual([0.6, 0, 0.8]);
});

test("cumsum along an axis that is not the last", () => {
  const x = v([1, 2, 3, 4, 5, 6], [3, 2]);
  expect(numbers(cumsum(x, 0))).toEqual([1, 2, 4, 6, 9, 12]);
  const weights = v([1, 10, 100, 1000, 10_000, 100_000], [3, 2]);
  const gradient = grad((y: Floats) => sum(multiply(weights, cumsum(y, 0))))(x);
  expect(numbers(gradient)).toEqual([10_101, 101_010, 10_100, 101_000, 10_000, 100_000]);
});

test("mirror padding: the gradient adds the reflected parts", () => {
  const padded = (widths: readonly [number, number]) => (x: Floats) => sum(pad(x, [widths], { mode: "reflect" }));
  expect(numbers(grad(padded([1, 1]))(v([5, 6, 7])))).toEqual([1, 3, 1]);
  expect(numbers(grad(padded([2, 0]))(v([5, 6, 7])))).toEqual([1, 2, 2]);
});

test("maximum broadcasts in the backward sweep", () => {
  const [da, db] = grad(([x, y]: readonly Floats[]) => sum(maximum(x, y)))([v([1, 5, 3, 7], [2, 2]), v([2, 6])]);
  expect([numbers(da), numbers(db)]).toEqual([
    [0, 0, 1, 1],
    [1, 1],
  ]);
});

test("max(x, x) has gradient 1 in total", () => {
  expect(numbers(grad((x: Floats) => maximum(x, x))(scalar(3)))).toEqual([1]);
  expect(numbers(grad((x: Floats) => max(stack([x, x])))(scalar(3)))).toEqual([1]);
});

test("gather with repeated indices accumulates; an index out of range is an error", () => {
  const picked = (x: Floats) => sum(multiply(gather(x, { data: [1, 1, 0], shape: [3] }), v([1, 10, 100])));
  expect(numbers(grad(picked)(v([5, 6])))).toEqual([100, 11]);
  expect(() => gather(v([5, 6]), { data: [2], shape: [1] })).toThrow(
    "gather: index 0 is 2; expected an integer in [0, 2)",
  );
  expect(() => take(v([5, 6]), [-1])).toThrow(RangeError);
});

test("tanh(1e-9) = 1e-9, and the float64 functions err by about a unit in the last place", () => {
  expect(numbers(tanh(scalar(1e-9)))[0]).toBe(1e-9);
  // Decimals of the true values.
  const exact: readonly [(x: Floats) => Floats, number, number][] = [
    [tanh, 0.5, 0.46211715726000974],
    [sigmoid, 1, 0.7310585786300049],
    [exp, 1, Math.E],
    [log, 10, Math.LN10],
    [sin, 1, 0.8414709848078965],
    [cos, 1, 0.5403023058681398],
    [softplus, -10, 4.539889921686465e-5],
  ];
  for (const [f, x, expected] of exact) {
    expect(Math.abs(numbers(f(scalar(x)))[0] / expected - 1)).toBeLessThan(2 ** -51);
  }
});

test("a branch that the result does not use leaves the rest alone; a gradient taken twice is the same", () => {
  const f = (x: Floats) => {
    exp(multiply(x, x));
    return multiply(scalar(6), multiply(x, x));
  };
  const { pullback } = vjp(f, scalar(1));
  expect([1, 2].map(() => numbers(pullback(scalar(1)))[0])).toEqual([12, 12]);
});
