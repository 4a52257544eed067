import { describe, expect, test } from "vitest";
import { logSumExp, softmax } from "../src/composed.ts";
import { degree } from "../src/degree.ts";
import { LiftError } from "../src/errors.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import { float64 } from "../src/float.ts";
import { height } from "../src/height.ts";
import * as op from "../src/operations.ts";
import { random } from "../src/random.ts";
import type { Measure } from "../src/size/measure.ts";
import { type ProgramSize, type ProgramSizeOptions, programSize } from "../src/size/program-size.ts";
import type { SizeStore } from "../src/size/size-operations.ts";
import type { Tensor } from "../src/tensor.ts";
import { drawProgram, run, type Step } from "./field-program.ts";
import { coefficientSum, exactDegree, type Polynomial, polynomialField } from "./polynomial-field.ts";
import { runs, seed } from "./seed.ts";

const inputs = 4;
const numbers = [3, 2];

/** log2 of a positive integer of any size. */
function bitsOf(n: bigint): number {
  const digits = n.toString(2);
  return Math.log2(Number.parseInt(digits.slice(0, 53), 2)) + Math.max(0, digits.length - 53);
}

/** The last register of a program whose first registers are indeterminates and numbers, exactly and as bounds. */
function sizes(
  steps: readonly Step[],
  measures = [degree(), height()],
): { degree: number; height: number; exact: Polynomial } {
  const exact = polynomialField();
  const { store, last } = run(exact.field, inputs, steps, (first) => {
    for (let i = 0; i < inputs; i++) first[i] = exact.symbol();
    numbers.forEach((x, i) => {
      exact.field.lift(first, i, x);
    });
  });
  const [D, H] = measures.map((A) => {
    const result = run(A.field, inputs, steps, (first) => {
      for (let i = 0; i < inputs; i++) A.field.copy(first, i, A.uniform([], [i + 1]).store, 0);
      numbers.forEach((x, i) => {
        A.field.lift(first, i, x);
      });
    });
    return A.largest({ store: result.store, offset: result.last, shape: [], strides: [] });
  });
  return { degree: D, height: H, exact: exact.cleared(store[last]) };
}

function eachProgram(
  unary: readonly UnaryOperation[],
  binary: readonly BinaryOperation[],
  check: (found: ReturnType<typeof sizes>) => void,
  measures = () => [degree(), height()],
): number {
  const source = random(seed);
  let checked = 0;
  for (let i = 0; i < runs(400); i++) {
    const steps = drawProgram(source, inputs, source.integer(2, 6), unary, binary);
    let found: ReturnType<typeof sizes>;
    try {
      found = sizes(steps, measures());
    } catch (error) {
      if (error instanceof RangeError && error.message.endsWith("1 / 0")) continue;
      throw error;
    }
    check(found);
    checked++;
  }
  return checked;
}

describe(`random programs from seed ${seed} against their polynomials, term by term`, () => {
  test("degree and height are exact where nothing cancels", () => {
    const checked = eachProgram(["square", "tanh"], ["add", "multiply"], ({ degree, height, exact }) => {
      expect(degree).toBe(exactDegree(exact));
      // Rounding of the logarithms: 20 operations or so, each within 2^-50 of some hundred bits.
      expect(height).toBeCloseTo(bitsOf(coefficientSum(exact)), 10);
    });
    expect(checked).toBe(runs(400));
  });

  test("they bound programs with differences, quotients and oracles, denominators cleared", () => {
    let [tight, fractions] = [0, 0];
    const checked = eachProgram(
      ["negate", "square", "oneMinus", "reciprocal", "tanh", "sqrt"],
      ["add", "subtract", "multiply", "divide"],
      ({ degree, height, exact }) => {
        expect(degree).toBeGreaterThanOrEqual(exactDegree(exact));
        expect(height).toBeGreaterThanOrEqual(bitsOf(coefficientSum(exact)) - 1e-10);
        if (degree === exactDegree(exact)) tight++;
        if (exactDegree(exact) >= 2) fractions++;
      },
    );
    console.log(`${checked} programs, of degree 2 and more ${fractions}; the bound is the degree of ${tight}`);
    expect(tight).toBeGreaterThan(checked / 2);
    expect(fractions).toBeGreaterThan(checked / 3);
  });
});

test.each<[string, Partial<Measure>]>([
  ["the degree of a sum is the first addend's", { plus: (a) => a }],
  ["an indeterminate does not count", { symbol: 0 }],
])("the control is caught: %s", (_, mistake) => {
  const wrong = { name: "wrong", symbol: 1, number: () => 0, plus: Math.max, ...mistake };
  let caught = 0;
  eachProgram(
    ["square", "oneMinus", "tanh"],
    ["add", "multiply", "divide"],
    ({ degree, exact }) => {
      if (degree < exactDegree(exact)) caught++;
    },
    () => [programSize(wrong, {}), height()],
  );
  expect(caught).toBeGreaterThan(20);
});

type T = Tensor<SizeStore>;

function formulas(A: ProgramSize) {
  const unary = (operation: UnaryOperation) => (a: T) => {
    const out = A.empty(a.shape);
    A.unary(op[operation], out, a);
    return out;
  };
  const binary = (operation: BinaryOperation) => (a: T, b: T) => {
    const out = A.empty(a.shape);
    A.binary(op[operation], out, a, b);
    return out;
  };
  return {
    x: A.uniform([], [0.5]),
    y: A.uniform([], [0.25]),
    number: (numerator: number, denominator = 1) => A.ratio(numerator, denominator),
    square: unary("square"),
    tanh: unary("tanh"),
    sigmoid: unary("sigmoid"),
    exp: unary("exp"),
    log: unary("log"),
    log1p: unary("log1p"),
    sin: unary("sin"),
    cos: unary("cos"),
    sign: unary("sign"),
    maximum: binary("maximum"),
    relu: unary("relu"),
    reciprocal: unary("reciprocal"),
    add: binary("add"),
    subtract: binary("subtract"),
    multiply: binary("multiply"),
    divide: binary("divide"),
  };
}
type Formulas = ReturnType<typeof formulas>;

const linked: ProgramSizeOptions = { linked: true };
const table: readonly (readonly [
  formula: string,
  of: (f: Formulas) => T,
  degree: number,
  height: number,
  options?: ProgramSizeOptions,
])[] = [
  ["0", (f) => f.number(0), Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ["0 x", (f) => f.multiply(f.number(0), f.x), Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ["5", (f) => f.number(5), 0, Math.log2(5)],
  ["x + 0", (f) => f.add(f.x, f.number(0)), 1, 0],
  ["(x + y)²", (f) => f.square(f.add(f.x, f.y)), 2, 2],
  ["x / 2", (f) => f.multiply(f.x, f.number(1, 2)), 1, 0],
  ["x / 2 + y / 2 = (x + y) / 2", (f) => f.add(f.divide(f.x, f.number(2)), f.divide(f.y, f.number(2))), 1, 1],
  [
    "x / 2 + y / 3 = (3x + 2y) / 6",
    (f) => f.add(f.divide(f.x, f.number(2)), f.divide(f.y, f.number(3))),
    1,
    Math.log2(5),
  ],
  ["1 / x + 1 / y = (y + x) / xy", (f) => f.add(f.reciprocal(f.x), f.reciprocal(f.y)), 1, 1],
  ["1 / (1 / x)", (f) => f.reciprocal(f.reciprocal(f.x)), 1, 0],
  ["tanh(x y)²", (f) => f.square(f.tanh(f.multiply(f.x, f.y))), 2, 0],
  ["(1 + h) / 2", (f) => f.sigmoid(f.x), 1, 1],
  ["relu(x y)", (f) => f.relu(f.multiply(f.x, f.y)), 2, 0],
  ["sign (x y)", (f) => f.sign(f.multiply(f.x, f.y)), 0, 0],
  ["max (x y, 3 x)", (f) => f.maximum(f.multiply(f.x, f.y), f.multiply(f.number(3), f.x)), 2, Math.log2(3)],
  ["2t / (1 + t²)", (f) => f.sin(f.x), 1, 1],
  ["(1 − t²) / (1 + t²)", (f) => f.cos(f.x), 2, 1],
  ["exp log1p x = 1 + x, or its reciprocal", (f) => f.exp(f.log1p(f.x)), 2, 2, linked],
  ["exp x", (f) => f.exp(f.x), 1, 0],
  ["exp x, or 1 / exp −x", (f) => f.exp(f.x), 2, 0, linked],
  ["(E − 1) / (E + 1)", (f) => f.tanh(f.x), 1, 1, linked],
  ["E / (E + 1) or 1 / (E + 1)", (f) => f.sigmoid(f.x), 1, 1, linked],
  ["exp log (x y), or its reciprocal", (f) => f.exp(f.log(f.multiply(f.x, f.y))), 4, 0, linked],
];

const rows = table.map(([formula, of, expectedDegree, expectedHeight, options]) => ({
  formula,
  of,
  expectedDegree,
  expectedHeight,
  options,
}));

test.each(rows)("$formula", ({ of, expectedDegree, expectedHeight, options }) => {
  const [D, H] = [degree(options), height(options)];
  expect(D.largest(of(formulas(D)))).toBe(expectedDegree);
  expect(H.largest(of(formulas(H)))).toBeCloseTo(expectedHeight, 12);
});

test("a difference is measured with the denominators of both", () => {
  const D = degree();
  const { x, y, square, reciprocal } = formulas(D);
  expect(D.largest(square(x), reciprocal(y))).toBe(3);
  expect(D.largest(square(x), square(x))).toBe(2);
});

test("what is asked is counted, with the size of the largest argument", () => {
  const D = degree();
  const row = D.uniform([2, 3], [1, 2, 3, 4, 5, 6]);
  const out = D.empty([2, 3]);
  softmax(D, out, row);
  D.unary(op.tanh, out, out);
  D.binary(op.multiply, out, row, row);
  D.unary(op.relu, out, out);
  expect(Object.fromEntries(D.functions)).toEqual({ softmax: 2, tanh: 6 });
  expect(D.calls.count).toBe(8);
  expect(D.calls.size).toBe(1);
  expect([D.comparisons.count, D.comparisons.size]).toEqual([6, 2]);
});

test("shadows are what float64 computes, so that a program takes the same path", () => {
  const values = [0.5, -2, 3, 0.25, 1, -0.75];
  const compute = <S>(A: typeof float64 | ProgramSize, a: Tensor<S>): number[] => {
    const B = A as unknown as ProgramSize;
    const t = a as unknown as T;
    const [p, s, g] = [B.empty([2, 3]), B.empty([2, 1]), B.empty([2, 2])];
    softmax(B, p, t);
    logSumExp(B, s, t);
    B.gemm(g, t, B.lift([1, 2, 0.5, -1, 3, 2], [3, 2]), "write");
    B.unary(op.sigmoid, p, p);
    B.binary(op.divide, p, p, s);
    return [...B.lower(p), ...B.lower(g)];
  };
  for (const A of [degree(), height()]) {
    expect(compute(A, A.uniform([2, 3], values))).toEqual(compute(float64, float64.lift(values, [2, 3])));
  }
});

test("what is not finite is refused", () => {
  expect(() => degree().lift([Number.NaN], [])).toThrow(LiftError);
});
