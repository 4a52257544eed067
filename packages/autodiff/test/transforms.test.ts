import { float64, primeField, type Tensor } from "@gradproof/arithmetic";
import { runs, seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, multiply, square, subtract } from "../src/operations/elementwise.ts";
import { tanh } from "../src/operations/functions.ts";
import { matmul } from "../src/operations/matmul.ts";
import { relu } from "../src/operations/piecewise.ts";
import { sum } from "../src/operations/reduction.ts";
import { softmax, softmaxCrossEntropy } from "../src/operations/softmax.ts";
import { grad, valueAndGrad, vjp } from "../src/transforms/reverse.ts";
import { node, type Variable, variable, wrap } from "../src/variable.ts";
import { centralDifference } from "./checks/central-difference.ts";
import { binary, numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
const scalar = (value: number) => v([value], []);
const one = scalar(1);

describe("what the gradient is taken with respect to", () => {
  const x = v([1, 2]);
  const y = v([3, 5]);

  test("a variable", () => {
    expect(numbers(grad((a: Floats) => sum(square(a)))(x))).toEqual([2, 4]);
  });

  test("a list", () => {
    const [dx, dy] = grad(([a, b]: readonly Floats[]) => sum(multiply(a, b)))([x, y]);
    expect([numbers(dx), numbers(dy)]).toEqual([
      [3, 5],
      [1, 2],
    ]);
  });

  test("a record", () => {
    const { a, b } = grad((inputs: { a: Floats; b: Floats }) => sum(multiply(square(inputs.a), inputs.b)))({
      a: x,
      b: y,
    });
    expect([numbers(a), numbers(b)]).toEqual([
      [6, 20],
      [1, 4],
    ]);
  });

  test("the first argument alone, the others being passed on", () => {
    const f = (a: Floats, b: Floats, times: number) => sum(multiply(multiply(a, b), scalar(times)));
    expect(numbers(grad(f)(x, y, 10))).toEqual([30, 50]);
    const { value, gradient } = valueAndGrad(f)(x, y, 10);
    expect([numbers(value), numbers(gradient)]).toEqual([[130], [30, 50]]);
  });

  test("the same variable twice: each place has its own gradient", () => {
    const [first, second] = grad(([a, b]: readonly Floats[]) => sum(multiply(a, square(b))))([x, x]);
    expect([numbers(first), numbers(second)]).toEqual([
      [1, 4],
      [2, 8],
    ]);
  });

  test("nothing", () => {
    expect(grad((_: readonly Floats[]) => one)([])).toEqual([]);
  });

  test("the result itself", () => {
    expect(numbers(grad((a: Floats) => a)(scalar(7)))).toEqual([1]);
  });
});

describe("how cotangents meet", () => {
  test("a repeated argument accumulates: d(x + x)/dx = 2, d(x x x)/dx = 3 x²", () => {
    expect(numbers(grad((x: Floats) => add(x, x))(scalar(3)))).toEqual([2]);
    expect(numbers(grad((x: Floats) => multiply(multiply(x, x), x))(scalar(3)))).toEqual([27]);
  });

  test("two uses of one x: tanh x + x²", () => {
    const h = Math.tanh(0.5);
    expect(numbers(grad((x: Floats) => add(tanh(x), square(x)))(scalar(0.5)))).toEqual([1 - h * h + 1]);
  });

  test("a diamond is swept once: 2^60 ways through 60 doublings", () => {
    const doublings = (x: Floats) => {
      let y = x;
      for (let i = 0; i < 60; i++) y = add(y, y);
      return y;
    };
    expect(numbers(grad(doublings)(one))).toEqual([2 ** 60]);
  });

  test("ways of different length: inputs wait for the longest", () => {
    const f = (x: Floats) => multiply(x, square(square(add(x, one))));
    // d/dx x (x + 1)⁴ = (x + 1)⁴ + 4 x (x + 1)³
    expect(numbers(grad(f)(scalar(1)))).toEqual([16 + 32]);
  });

  test("a branch that the result does not use contributes nothing", () => {
    const f = (x: Floats) => {
      square(multiply(x, x));
      return multiply(x, scalar(5));
    };
    expect(numbers(grad(f)(scalar(2)))).toEqual([5]);
  });

  test("an input that the result does not use gets zeros of its shape", () => {
    const { a, b } = grad((inputs: { a: Floats; b: Floats }) => sum(inputs.a))({
      a: v([1, 2]),
      b: v([1, 2, 3, 4], [2, 2]),
    });
    expect([a.shape, numbers(a)]).toEqual([[2], [1, 1]]);
    expect([b.shape, numbers(b)]).toEqual([
      [2, 2],
      [0, 0, 0, 0],
    ]);
    expect(numbers(grad((_: Floats) => one)(v([1, 2])))).toEqual([0, 0]);
  });

  test("a constant is not differentiated, nor its rule called", () => {
    const weights = v([2, 3]);
    expect(numbers(grad((x: Floats) => sum(multiply(weights, x)))(v([1, 1])))).toEqual([2, 3]);
    const never = () => {
      throw new Error("the rule of a constant was called");
    };
    const f = (x: Floats) => sum(node(float64, "first", x.value, [x, weights], [(ct) => ct, never], []));
    expect(numbers(grad(f)(v([1, 1])))).toEqual([1, 1]);
  });
});

describe("a pullback", () => {
  const network = ([w, x]: readonly Floats[]) => tanh(matmul(w, x));
  const inputs = [v([0.5, -1, 0.25, 2, 1, -0.5], [2, 3]), v([1, -2, 0.5, 0.75, -1, 1], [3, 2])];

  test("called twice gives the same bits, and so does a second run", () => {
    const { value, pullback } = vjp(network, inputs);
    const ct = v([1, -2, 3, 0.5], [2, 2]);
    const first = pullback(ct).map(({ value: part }) => float64.lower(part));
    const second = pullback(ct).map(({ value: part }) => float64.lower(part));
    const again = vjp(network, inputs);
    expect(second).toEqual(first);
    expect(again.pullback(ct).map(({ value: part }) => float64.lower(part))).toEqual(first);
    expect(float64.same(again.value.value, value.value)).toBe(true);
  });

  test("is linear, exactly over the prime field", () => {
    fc.assert(
      fc.property(fc.nat(), (from) => {
        const F = primeField(from);
        const leaves = [wrap(F, F.uniform([2, 3])), wrap(F, F.uniform([3, 4]))];
        const { value, pullback } = vjp(([w, x]: readonly Floats[]) => softmax(tanh(matmul(w, x))), leaves);
        const [c, d, factor] = [F.uniform(value.shape), F.uniform(value.shape), F.uniform([])];
        const combine = (a: Tensor<Float64Array>, b: Tensor<Float64Array>) =>
          binary(F, "add", binary(F, "multiply", a, factor), b);
        const [left, right, both] = [c, d, combine(c, d)].map((ct) => pullback(wrap(F, ct)));
        both.forEach((part, i) => {
          expect(F.same(part.value, combine(left[i].value, right[i].value))).toBe(true);
        });
      }),
      runs(20),
    );
  });

  test("leaves values and cotangent as they were", () => {
    const before = inputs.map((input) => numbers(input));
    const ct = v([1, -2, 3, 0.5], [2, 2]);
    const { value, pullback } = vjp(network, inputs);
    const output = numbers(value);
    pullback(ct);
    expect(inputs.map((input) => numbers(input))).toEqual(before);
    expect(numbers(ct)).toEqual([1, -2, 3, 0.5]);
    expect(numbers(value)).toEqual(output);
  });

  test("refuses a cotangent of another shape or arithmetic, and grad a result that is no scalar", () => {
    const { pullback } = vjp(network, inputs);
    expect(() => pullback(v([1, 2]))).toThrow(
      "pullback: shapes [2] and [2, 2]; expected a cotangent of the value's shape",
    );
    expect(() => pullback(one)).toThrow("pullback: shapes [] and [2, 2]");
    const F = primeField(seed);
    expect(() => pullback(wrap(F, F.uniform([2, 2])))).toThrow("pullback: variables of float64 and primeField");
    expect(() => grad((x: Floats) => square(x))(v([1, 2]))).toThrow("grad: shapes [2]; expected a scalar result");
  });
});

describe("gradients of gradients", () => {
  const second = (f: (x: Floats) => Floats, x: number) => numbers(grad((y: Floats) => grad(f)(y))(scalar(x)))[0];
  const [t, u] = [Math.tanh(0.5), 1 - Math.tanh(0.5) ** 2];

  test.each([
    { name: "tanh″ at ½", f: tanh, x: 0.5, expected: -2 * t * u, digits: -0.7268 },
    { name: "(x³)″ at 3", f: (x: Floats) => multiply(x, square(x)), x: 3, expected: 18, digits: 18 },
    { name: "(x relu x)″ at 1", f: (x: Floats) => multiply(x, relu(x)), x: 1, expected: 2, digits: 2 },
  ])("$name is $digits", ({ f, x, expected, digits }) => {
    // Some twenty roundings of numbers of size 1.
    expect(Math.abs(second(f, x) - expected)).toBeLessThan(20 * 2 ** -53);
    expect(Math.trunc(expected * 1e4)).toBe(Math.round(digits * 1e4));
  });

  test("the fourth derivative of h = tanh x is 16 h − 40 h³ + 24 h⁵", () => {
    let f: (x: Floats) => Floats = tanh;
    for (let order = 0; order < 4; order++) {
      const inner = f;
      f = (x) => grad(inner)(x);
    }
    const h = Math.tanh(0.25);
    expect(Math.abs(numbers(f(scalar(0.25)))[0] - (16 * h - 40 * h ** 3 + 24 * h ** 5))).toBeLessThan(2 ** -46);
  });

  test("no perturbation is taken for another: d/dx [x d/dy (x + y)] = 1", () => {
    const f = (x: Floats) => multiply(x, grad((y: Floats) => add(x, y))(one));
    expect(numbers(grad(f)(scalar(3)))).toEqual([1]);
  });

  test("the outer variable is captured: d/dx [d/dy (x² y³)] = 2 x · 3 y²", () => {
    const inner = (x: Floats) => grad((y: Floats) => multiply(square(x), multiply(y, square(y))))(scalar(2));
    expect(numbers(grad(inner)(scalar(5)))).toEqual([2 * 5 * 3 * 4]);
  });

  test("the same variable inside and outside: d/dx [x d/dy (x y)|y=x] = 2 x", () => {
    const f = (x: Floats) => multiply(x, grad((y: Floats) => multiply(x, y))(x));
    expect(numbers(grad(f)(scalar(7)))).toEqual([14]);
  });

  test("through a cotangent: d/dc of a pullback is its Jacobian", () => {
    const f = (c: Floats) => sum(vjp((x: Floats) => square(x), v([1, 2, 3])).pullback(c));
    expect(numbers(grad(f)(v([1, 1, 1])))).toEqual([2, 4, 6]);
  });

  test("through the value beside a gradient: d/dx [f f′] = f′² + f f″", () => {
    const f = (x: Floats) => {
      const { value, gradient } = valueAndGrad((y: Floats) => multiply(y, square(y)))(x);
      return multiply(value, gradient);
    };
    expect(numbers(grad(f)(scalar(2)))).toEqual([12 ** 2 + 8 * 12]);
  });

  test("a Hessian of a network is symmetric, exactly over the prime field", () => {
    const F = primeField(seed);
    const [x, w] = [wrap(F, F.uniform([2, 3])), wrap(F, F.uniform([3, 3]))];
    const loss = (weights: Floats) => sum(softmaxCrossEntropy(tanh(matmul(x, weights)), [1, 2]));
    const product = (direction: Floats) => grad((weights: Floats) => sum(multiply(grad(loss)(weights), direction)))(w);
    const [a, b] = [wrap(F, F.uniform([3, 3])), wrap(F, F.uniform([3, 3]))];
    const [left, right] = [sum(multiply(product(a), b)), sum(multiply(product(b), a))];
    expect(F.same(left.value, right.value)).toBe(true);
    expect(F.same(left.value, F.ratio(0, 1))).toBe(false);
  });
});

describe("what is kept", () => {
  const loss = (w: Floats) => sum(square(subtract(tanh(w), v([0.5, -0.5]))));

  test("a gradient that nothing around it differentiates has no history, one inside another has", () => {
    const { value, gradient } = valueAndGrad(loss)(v([1, 2]));
    for (const variableOutside of [value, gradient]) {
      expect(variableOutside.inputs).toEqual([]);
      expect(variableOutside.order).toBe(0);
    }
    grad((w: Floats) => {
      const inside = valueAndGrad(loss)(w);
      expect(inside.gradient.order).toBeGreaterThan(0);
      expect(inside.value.order).toBeGreaterThan(0);
      return sum(inside.gradient);
    })(v([1, 2]));
  });

  test("a thousand steps of descent leave a leaf", () => {
    const rate = scalar(0.125);
    let w = v([1, 2]);
    const before = numbers(loss(w))[0];
    for (let step = 0; step < 1000; step++) w = subtract(w, multiply(rate, grad(loss)(w)));
    expect(numbers(loss(w))[0]).toBeLessThan(before / 1e6);
    expect(w.inputs).toEqual([]);
  });
});

describe("long chains", () => {
  test("1,000,000 nodes are differentiated without recursion, to the bits of a loop", () => {
    const length = 1_000_000;
    const start = performance.now();
    const gradient = grad((x: Floats) => {
      let y = x;
      for (let i = 0; i < length; i++) y = tanh(y);
      return y;
    })(scalar(0.5));
    const seconds = (performance.now() - start) / 1000;
    console.log(`a chain of ${length} nodes and its gradient: ${seconds.toFixed(1)} s`);

    const states = new Float64Array(length + 1);
    states[0] = 0.5;
    for (let i = 0; i < length; i++) states[i + 1] = Math.tanh(states[i]);
    let product = 1;
    for (let i = length; i > 0; i--) product *= 1 - states[i] * states[i];
    expect(numbers(gradient)).toEqual([product]);
    expect(product).toBeGreaterThan(1e-9);
  });

  test("10,000 nodes are differentiated twice", () => {
    const chain = (x: Floats) => {
      let y = x;
      for (let i = 0; i < 10_000; i++) y = multiply(y, scalar(i % 2 === 0 ? 2 : 0.5));
      return multiply(y, y);
    };
    expect(numbers(grad((x: Floats) => grad(chain)(x))(scalar(3)))).toEqual([2]);
  });
});

describe("a sweep that assigns instead of adding", () => {
  /** What brain.js does: the last use of a variable alone has a gradient. */
  const assigning = (x: Floats) => node(float64, "lastUse", x.value, [x], [(ct) => ct], []);
  test("is told from the right one by a repeated argument", () => {
    const f = (x: Floats) => add(tanh(x), square(x));
    const right = numbers(grad(f)(scalar(0.5)))[0];
    const wrong = numbers(grad((x: Floats) => add(tanh(wrap(float64, x.value)), square(assigning(x))))(scalar(0.5)))[0];
    const difference = centralDifference(float64, (h) => f(scalar(0.5 + h)).value, 2 ** -6, 2 ** -51);
    const expected = float64.lower(difference.value)[0];
    expect(Math.abs(right - expected)).toBeLessThan(difference.error);
    expect(Math.abs(wrong - expected)).toBeGreaterThan(0.1);
  });
});
