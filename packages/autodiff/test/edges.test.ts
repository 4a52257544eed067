import { dense, doubleDouble, float32, float64 } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { exp, log, sqrt, tanh } from "../src/operations/functions.ts";
import { concat, stack } from "../src/operations/joining.ts";
import { matmul } from "../src/operations/matmul.ts";
import { greater, relu, where } from "../src/operations/piecewise.ts";
import { mean, sum } from "../src/operations/reduction.ts";
import { slice, take } from "../src/operations/selection.ts";
import { logSumExp, softmax, softmaxCrossEntropy } from "../src/operations/softmax.ts";
import { grad, vjp } from "../src/transforms/reverse.ts";
import { type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
/** Not finite numbers too. */
const any = (values: readonly number[]) => wrap(float64, float64.round(values, [values.length]));
const scalar = (value: number) => v([value], []);
const slope = (f: (x: Floats) => Floats, x: number) => numbers(grad((y: Floats) => f(y))(scalar(x)))[0];

describe("kinks", () => {
  test("relu′ is 0 at 0 and below, 1 above; at -0 too", () => {
    expect([-1, -0, 0, 2 ** -1074, 1].map((x) => slope(relu, x))).toEqual([0, 0, 0, 1, 1]);
  });

  test("max(x, 0) + max(x, 0) has twice the slope", () => {
    expect(slope((x) => add(relu(x), relu(x)), 1)).toBe(2);
  });

  test("tanh saturates without NaN, and is exact near 0", () => {
    for (const x of [1e3, -1e3, 1e308])
      expect([numbers(tanh(scalar(x)))[0], slope(tanh, x)]).toEqual([Math.sign(x), 0]);
    expect([numbers(tanh(scalar(1e-9)))[0], slope(tanh, 1e-9)]).toEqual([1e-9, 1]);
  });

  test("sqrt′ is infinite at 0, log′ too; a cotangent of 0 there gives NaN", () => {
    expect([slope(sqrt, 0), slope(log, 0)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([slope(sqrt, 2 ** -1000), slope(log, 2 ** -1000)]).toEqual([2 ** 499, 2 ** 1000]);
    expect(slope((x) => multiply(scalar(0), sqrt(x)), 0)).toBeNaN();
  });
});

describe("choosing", () => {
  test("greater of equal and of infinite numbers, and of NaN", () => {
    const inf = Number.POSITIVE_INFINITY;
    const found = greater(any([1, -0, inf, -inf, 2 ** -1074, 1e308]), any([1, 0, 1, 1, 0, -1e308]));
    expect(numbers(found)).toEqual([0, 0, 1, 0, 1, 1]);
    // Where the difference is NaN, so is the answer, and where takes it for false.
    const condition = greater(any([inf, -inf, Number.NaN]), any([inf, -inf, 0]));
    expect(numbers(condition)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(numbers(where(condition, v([1, 1, 1]), v([2, 2, 2])))).toEqual([2, 2, 2]);
  });

  test("greater and the condition of where are not differentiated", () => {
    expect(slope((x) => greater(x, scalar(0)), 1)).toBe(0);
    expect(slope((x) => where(x, scalar(3), scalar(5)), 1)).toBe(0);
  });

  test("what is not chosen counts for nothing, be it NaN or infinite, in the value and in the rule", () => {
    const bad = any([Number.NaN, Number.POSITIVE_INFINITY, Number.NaN]);
    const good = v([1, 2, 3]);
    expect(numbers(where(v([0, 0, 0]), bad, good))).toEqual([1, 2, 3]);
    expect(numbers(where(v([1, 1, 1]), good, bad))).toEqual([1, 2, 3]);
    const { pullback } = vjp((x: Floats) => where(v([0, 1, 0]), x, good), good);
    expect(numbers(pullback(bad))).toEqual([0, Number.POSITIVE_INFINITY, 0]);
  });

  test("max(x, x) has gradient 1 in total, and so has min", () => {
    const max = (a: Floats, b: Floats) => where(greater(a, b), a, b);
    const min = (a: Floats, b: Floats) => where(greater(b, a), a, b);
    expect([slope((x) => max(x, x), 3), slope((x) => min(x, x), 3)]).toEqual([1, 1]);
  });
});

describe("rows of any size", () => {
  const arithmetics = [
    { name: "float64", logits: [1000, -1000, 999], A: float64 },
    { name: "float32", logits: [1000, -1000, 999], A: float32 },
    { name: "double-double", logits: [1000, -1000, 999], A: dense(doubleDouble) },
    { name: "float64, |x| near the largest", logits: [1e308, -1e308, 1e308], A: float64 },
  ] as const;
  test.each(arithmetics)(
    "softmax and log-sum-exp of extreme logits are finite, and so are their gradients: $name",
    (setting) => {
      const check = <S>(A: Variable<S>["arithmetic"]) => {
        const logits = variable(A, setting.logits, [1, 3]);
        const weights = variable(A, [1, 2, 4], [1, 3]);
        const p = softmax(logits);
        const total = numbers(p).reduce((left, right) => left + right);
        expect(Math.abs(total - 1)).toBeLessThan(4 * A.unitRoundoff + 2 ** -52);
        const outputs = [
          numbers(p),
          numbers(logSumExp(logits)),
          numbers(grad((x: Variable<S>) => sum(multiply(weights, softmax(x))))(logits)),
          numbers(grad((x: Variable<S>) => sum(logSumExp(x)))(logits)),
          numbers(grad((x: Variable<S>) => sum(grad((y: Variable<S>) => sum(logSumExp(y)))(x)))(logits)),
        ];
        for (const values of outputs) expect(values.every(Number.isFinite), `${values}`).toBe(true);
        expect(numbers(grad((x: Variable<S>) => sum(logSumExp(x)))(logits))).toEqual(numbers(p));
      };
      check(setting.A as Variable<unknown>["arithmetic"]);
    },
  );

  test.each([0, 1])("softmax cross entropy of logits [800, -800], class %i", (label) => {
    const logits = v([800, -800], [1, 2]);
    const loss = (x: Floats) => sum(softmaxCrossEntropy(x, [label]));
    expect(numbers(loss(logits))).toEqual([label === 0 ? 0 : 1600]);
    expect(numbers(grad(loss)(logits)).map((x) => x + 0)).toEqual(label === 0 ? [0, 0] : [1, -1]);
  });

  test("one class has loss 0 and gradient 0", () => {
    const loss = (x: Floats) => sum(softmaxCrossEntropy(x, [0, 0]));
    expect(numbers(loss(v([3, -5], [2, 1])))).toEqual([0]);
    expect(numbers(grad(loss)(v([3, -5], [2, 1])))).toEqual([0, 0]);
  });
});

test("take accumulates the cotangents of a row that repeats, and keeps its own copy of the rows", () => {
  const rows = new Int32Array([1, 1, 0, 1]);
  const { pullback } = vjp((x: Floats) => take(x, rows), v([10, 20, 30]));
  rows.fill(2);
  expect(numbers(pullback(v([1, 2, 4, 8])))).toEqual([4, 11, 0]);
});

test("concat and stack keep their own copy of a list that grows", () => {
  for (const join of [stack, concat]) {
    const f = (x: Floats) => {
      const states = [x, square(x)];
      const joined = join(states);
      states.reverse().push(x);
      return sum(multiply(joined, variable(float64, [1, 10], joined.shape)));
    };
    // x + 10 x² at 3
    expect(numbers(grad(f)(v([3], join === stack ? [] : [1])))).toEqual([61]);
  }
});

describe("axes of length 0", () => {
  const empty = v([], [0, 2]);

  test("pass through", () => {
    expect(numbers(sum(empty))).toEqual([0]);
    expect(grad((x: Floats) => sum(square(x)))(empty).shape).toEqual([0, 2]);
    expect(slice(empty, 0, 0).shape).toEqual([0, 2]);
    expect(numbers(matmul(v([], [2, 0]), v([], [0, 3])))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(matmul(v([], [0, 2, 3]), v([1, 2, 3], [3, 1])).shape).toEqual([0, 2, 1]);
    expect(grad((x: Floats) => sum(take(x, [])))(v([1, 2])).shape).toEqual([2]);
    expect(exp(empty).shape).toEqual([0, 2]);
    expect(where(v([], [0, 2]), empty, scalar(1)).shape).toEqual([0, 2]);
    expect(numbers(sum(empty, 0))).toEqual([0, 0]);
    expect(stack([empty, empty], 1).shape).toEqual([0, 2, 2]);
    expect(numbers(concat([empty, v([1, 2], [1, 2]), empty]))).toEqual([1, 2]);
  });

  test("have a sum of 0 and no mean", () => {
    expect(numbers(mean(empty))).toEqual([Number.NaN]);
    expect(numbers(mean(empty, 0))).toEqual([Number.NaN, Number.NaN]);
    expect(mean(empty, 1).shape).toEqual([0]);
  });
});
