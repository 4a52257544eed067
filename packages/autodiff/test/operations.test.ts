import { dense, doubleDouble, float32, float64, primeField, ShapeError } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { at, broadcastTo, reshape, slice, sum, sumTo, take, transpose } from "../src/movement.ts";
import {
  add,
  logSumExp,
  matmul,
  multiply,
  negate,
  relu,
  softmax,
  softmaxCrossEntropy,
  square,
  subtract,
  tanh,
} from "../src/operations.ts";
import { grad, vjp } from "../src/transforms.ts";
import { type Variable, variable } from "../src/variable.ts";
import { operations } from "./operation-table.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
const scalar = (value: number) => v([value], []);
const a = v([1, -2, 3, -4, 5, -6], [2, 3]);
const b = v([2, 3, 5, 7, 11, 13], [2, 3]);
const e = Math.E;

describe("values", () => {
  test.each<[name: string, found: Floats, shape: number[], expected: number[]]>([
    ["add", add(a, b), [2, 3], [3, 1, 8, 3, 16, 7]],
    ["subtract", subtract(a, b), [2, 3], [-1, -5, -2, -11, -6, -19]],
    ["multiply", multiply(a, b), [2, 3], [2, -6, 15, -28, 55, -78]],
    ["negate", negate(a), [2, 3], [-1, 2, -3, 4, -5, 6]],
    ["square", square(a), [2, 3], [1, 4, 9, 16, 25, 36]],
    ["tanh", tanh(v([0.5, -1])), [2], [Math.tanh(0.5), Math.tanh(-1)]],
    ["relu", relu(a), [2, 3], [1, 0, 3, 0, 5, 0]],
    ["matmul", matmul(a, transpose(b)), [2, 2], [11, 24, -23, -51]],
    ["softmax", softmax(v([1, 0, 0, 1], [2, 2])), [2, 2], [e / (e + 1), 1 / (e + 1), 1 / (e + 1), e / (e + 1)]],
    ["logSumExp", logSumExp(v([0, 0, 1, 1], [2, 2])), [2, 1], [Math.log(2), 1 + Math.log(2)]],
    ["softmaxCrossEntropy", softmaxCrossEntropy(v([0, 0, 7, 7], [2, 2]), [0, 1]), [2], [Math.log(2), Math.log(2)]],
    ["transpose", transpose(a), [3, 2], [1, -4, -2, 5, 3, -6]],
    ["reshape", reshape(transpose(a), [6]), [6], [1, -4, -2, 5, 3, -6]],
    ["broadcastTo", broadcastTo(v([1, 2], [2, 1]), [2, 2, 2]), [2, 2, 2], [1, 1, 2, 2, 1, 1, 2, 2]],
    ["sumTo", sumTo(a, [2, 1]), [2, 1], [2, -5]],
    ["sumTo of a square", sumTo(v([1, 2, 3, 4], [2, 2]), [1, 2]), [1, 2], [4, 6]],
    ["sum", sum(a), [], [-3]],
    ["slice", slice(b, 1, 2), [1, 3], [7, 11, 13]],
    ["at", at(b, 1), [3], [7, 11, 13]],
    ["take", take(b, [1, 0, 1]), [3, 3], [7, 11, 13, 2, 3, 5, 7, 11, 13]],
  ])("of %s", (_, found, shape, expected) => {
    expect(found.shape).toEqual(shape);
    // The exact ones are exact; those of functions are within an ulp or two of what is written.
    numbers(found).forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(Number.isInteger(expected[i]) ? 0 : 2 ** -51);
    });
  });

  test("of every operation of the table are checked", () => {
    const checked = [
      "add",
      "subtract",
      "multiply",
      "negate",
      "square",
      "tanh",
      "relu",
      "matmul",
      "softmax",
      "logSumExp",
    ];
    const moves = ["softmaxCrossEntropy", "transpose", "reshape", "broadcastTo", "sumTo", "sum", "slice", "at", "take"];
    expect(operations.map(({ name }) => name)).toEqual([...checked, ...moves]);
  });
});

describe("kinks and edges", () => {
  const slope = (f: (x: Floats) => Floats, x: number) => numbers(grad((y: Floats) => f(y))(scalar(x)))[0];

  test("relu′ is 0 at 0 and below, 1 above; at -0 too", () => {
    expect([-1, -0, 0, 2 ** -1074, 1].map((x) => slope(relu, x))).toEqual([0, 0, 0, 1, 1]);
  });

  test("tanh saturates without NaN, and is exact near 0", () => {
    for (const x of [1e3, -1e3, 1e308])
      expect([numbers(tanh(scalar(x)))[0], slope(tanh, x)]).toEqual([Math.sign(x), 0]);
    expect([numbers(tanh(scalar(1e-9)))[0], slope(tanh, 1e-9)]).toEqual([1e-9, 1]);
  });

  test("max(x, 0) + max(x, 0) has twice the slope", () => {
    expect(slope((x) => add(relu(x), relu(x)), 1)).toBe(2);
  });

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

  test("take accumulates the cotangents of a row that repeats, and keeps its own copy of the rows", () => {
    const rows = new Int32Array([1, 1, 0, 1]);
    const { pullback } = vjp((x: Floats) => take(x, rows), v([10, 20, 30]));
    rows.fill(2);
    expect(numbers(pullback(v([1, 2, 4, 8])))).toEqual([4, 11, 0]);
  });

  test("axes of length 0 pass through", () => {
    const empty = v([], [0, 2]);
    expect(numbers(sum(empty))).toEqual([0]);
    expect(grad((x: Floats) => sum(square(x)))(empty).shape).toEqual([0, 2]);
    expect(slice(empty, 0, 0).shape).toEqual([0, 2]);
    expect(numbers(matmul(v([], [2, 0]), v([], [0, 3])))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(grad((x: Floats) => sum(take(x, [])))(v([1, 2])).shape).toEqual([2]);
  });
});

describe("what does not fit is refused, by name", () => {
  const F = primeField(1);
  const dd = dense(doubleDouble);
  const shapeErrors: readonly [message: string, found: () => unknown][] = [
    ["matmul: shapes [2, 3] and [2, 3]; expected [M, K] and [K, N]", () => matmul(a, b)],
    ["matmul: shapes [2] and [2, 3]; expected [M, K] and [K, N]", () => matmul(v([1, 2]), b)],
    ["matmul: shapes [2, 3] and []; expected [M, K] and [K, N]", () => matmul(a, scalar(1))],
    ["add: shapes [2, 3] and [2]; expected axes equal from the last, or of length 1", () => add(a, v([1, 2]))],
    ["softmax: shapes []; expected at least one axis", () => softmax(scalar(1))],
    ["logSumExp: shapes []; expected at least one axis", () => logSumExp(scalar(1))],
    [
      "softmaxCrossEntropy: shapes [2, 3] and [1]; expected logits [N, O] and N classes",
      () => softmaxCrossEntropy(a, [0]),
    ],
    [
      "softmaxCrossEntropy: shapes [2] and [2]; expected logits [N, O] and N classes",
      () => softmaxCrossEntropy(v([1, 2]), [0, 1]),
    ],
    ["transpose: shapes [2]; expected at least two axes", () => transpose(v([1, 2]))],
    ["reshape: shapes [2, 3] and [4]; expected the same number of elements", () => reshape(a, [4])],
    ["broadcastTo: shapes [2, 3] and [2, 4]; expected axes equal from the last", () => broadcastTo(a, [2, 4])],
    ["sumTo: shapes [2, 3] and [2]; expected a shape that broadcasts to the first", () => sumTo(a, [2])],
    ["slice(1, 3): shapes [2, 3]; expected 0 <= start <= end <= the first axis", () => slice(a, 1, 3)],
    ["at(2): shapes [2, 3]; expected an index of the first axis", () => at(a, 2)],
    ["at(-1): shapes [2, 3]; expected an index of the first axis", () => at(a, -1)],
  ];
  test.each(shapeErrors)("%s", (message, found) => {
    expect(found).toThrow(ShapeError);
    expect(found).toThrow(message);
  });

  test.each<[message: string, found: () => unknown]>([
    ["take: row 1 is 2; expected an integer in [0, 2)", () => take(a, [0, 2])],
    ["take: row 0 is -1; expected an integer in [0, 2)", () => take(a, [-1])],
    ["take: row 0 is 0.5; expected an integer in [0, 2)", () => take(a, [0.5])],
    ["softmaxCrossEntropy: class 3 at row 1; expected an integer in [0, 3)", () => softmaxCrossEntropy(a, [0, 3])],
    ["softmaxCrossEntropy: class -1 at row 0; expected an integer in [0, 3)", () => softmaxCrossEntropy(a, [-1, 0])],
  ])("%s", (message, found) => {
    expect(found).toThrow(new RangeError(message));
  });

  test.each(["add", "subtract", "multiply", "matmul"] as const)("%s of two arithmetics", (name) => {
    const operation = { add, subtract, multiply, matmul }[name];
    const residues = variable(F, [1, 2, 3, 4], [2, 2]);
    const floats = v([1, 2, 3, 4], [2, 2]);
    const names = "variables of two arithmetics, float64 and primeField; expected both of the same instance";
    expect(() => operation(floats, residues)).toThrow(new TypeError(`${name}: ${names}`));
    // Two instances of one arithmetic do not share their memory, and two fields not even their primes.
    const [first, second] = [variable(dd, [1], [1, 1]), variable(dense(doubleDouble), [1], [1, 1])];
    expect(() => operation(first, second)).toThrow("two arithmetics, doubleDouble and doubleDouble");
  });
});
