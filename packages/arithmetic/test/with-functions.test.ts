import { describe, expect, test } from "vitest";
import type { Arithmetic } from "../src/arithmetic.ts";
import { logSumExp, softmax } from "../src/composed.ts";
import { dense } from "../src/dense.ts";
import { doubleDouble } from "../src/double-double.ts";
import { LiftError, OperationError, ShapeError } from "../src/errors.ts";
import type { UnaryOperation } from "../src/field.ts";
import { float32, float64 } from "../src/float.ts";
import { integer } from "../src/integer.ts";
import * as op from "../src/operations.ts";
import { primeField } from "../src/prime-field.ts";
import { transpose } from "../src/view.ts";
import { type Functions, withFunctions } from "../src/with-functions.ts";
import { subject } from "./arithmetics.ts";
import { smallIntegers } from "./draws.ts";
import { broadcasting, layoutIndependence } from "./laws/kernels.ts";
import { testLaws } from "./laws/law.ts";
import { mayBeAnInput, onlyTheOutput, poisonShows, writesAfresh } from "./laws/outputs.ts";
import { shapesAreChecked } from "./laws/shapes.ts";
import { seed } from "./seed.ts";

const clamp = (x: number): number => Math.max(-2, Math.min(2, x));

/** Integers for integers: tanh clamps, softmax and log-sum-exp count and choose. */
const integerFunctions: Functions = {
  tanh: clamp,
  exp: (x) => x * x + 1,
  softmax: (row) => row.map((x, i) => x + i),
  logSumExp: (row) => row.reduce((sum, x) => sum + x, 7),
};

const unary: readonly UnaryOperation[] = ["negate", "square", "oneMinus", "tanh", "exp", "relu", "step"];

/** The laws that hold for kernels hold for replaced ones. */
testLaws(
  "Arithmetics with functions",
  [broadcasting, layoutIndependence, onlyTheOutput, writesAfresh, mayBeAnInput, poisonShows, shapesAreChecked],
  [float64, float32, dense(doubleDouble), dense(integer(24))].map((arithmetic: Arithmetic<unknown>) =>
    subject({
      arithmetic: withFunctions(arithmetic, integerFunctions),
      unary,
      binary: ["add", "subtract", "multiply"],
      numbers: smallIntegers,
    }),
  ),
);

describe.each<[string, Arithmetic<unknown>]>([
  ["float64", float64],
  ["float32", float32],
  ["doubleDouble", dense(doubleDouble)],
  ["integer", dense(integer(24))],
  ["primeField", primeField(seed)],
])("%s", (_, plain) => {
  const A = withFunctions(plain, integerFunctions);
  const values = [-7, -1, 0, 1, 2, 9];

  function unaryOf(on: Arithmetic<unknown>, operation: UnaryOperation): number[] {
    const out = on.empty([6]);
    on.unary(op[operation], out, on.lift(values, [6]));
    return Array.from(on.lower(out), (x) => x + 0);
  }

  test("replaced functions are used, element by element and row by row", () => {
    expect(unaryOf(A, "tanh")).toEqual(values.map(clamp));
    expect(unaryOf(A, "exp")).toEqual(values.map((x) => x * x + 1));
    const z = A.lift([1, 2, 3, 10, 20, 30], [2, 3]);
    const [p, s] = [A.empty([2, 3]), A.empty([2, 1])];
    softmax(A, p, z);
    logSumExp(A, s, z);
    expect(Array.from(A.lower(p))).toEqual([1, 3, 5, 10, 21, 32]);
    expect(Array.from(A.lower(s))).toEqual([13, 67]);
    expect(A.same(p, A.lift([1, 3, 5, 10, 21, 32], [2, 3]))).toBe(true);
  });

  test("a transposed view is taken row by row of what it shows", () => {
    const z = transpose(A.lift([1, 10, 2, 20, 3, 30], [3, 2]));
    const [p, s] = [A.empty([2, 3]), A.empty([2, 1])];
    softmax(A, p, z);
    logSumExp(A, s, z);
    expect(Array.from(A.lower(p))).toEqual([1, 3, 5, 10, 21, 32]);
    expect(Array.from(A.lower(s))).toEqual([13, 67]);
  });

  test("the others are the arithmetic's own", () => {
    for (const operation of ["negate", "square", "oneMinus", "relu", "step"] as const) {
      expect(unaryOf(A, operation)).toEqual(unaryOf(plain, operation));
    }
    const others = ["name", "unitRoundoff", "scope", "empty", "lift", "round", "ratio", "lower", "same"] as const;
    for (const member of others) expect(A[member]).toBe(plain[member]);
    for (const kernel of ["copy", "gemm", "binary", "sum", "take", "addAt"] as const) {
      expect(A[kernel]).toBe(plain[kernel]);
    }
  });

  test("without replacements every function is the arithmetic's own, refusals included", () => {
    const none = withFunctions(plain, {});
    const outcome = (on: Arithmetic<unknown>, operation: UnaryOperation): unknown => {
      try {
        return unaryOf(on, operation).map(String);
      } catch (error) {
        return String(error);
      }
    };
    for (const operation of ["tanh", "sigmoid", "exp", "log", "sqrt", "reciprocal"] as const) {
      expect(outcome(none, operation)).toEqual(outcome(plain, operation));
    }
  });

  test("what a replacement gives must be a number of the arithmetic, and otherwise nothing is written", () => {
    const bad = withFunctions(plain, {
      tanh: () => Number.NaN,
      softmax: () => [1, Number.POSITIVE_INFINITY],
      logSumExp: () => Number.NEGATIVE_INFINITY,
    });
    const [out, row, a] = [bad.lift([5, 6], [2]), bad.lift([7], [1]), bad.lift([1, 2], [2])];
    expect(() => bad.unary(op.tanh, out, a)).toThrow(LiftError);
    expect(() => softmax(bad, out, a)).toThrow(LiftError);
    expect(() => logSumExp(bad, row, a)).toThrow(LiftError);
    expect([...bad.lower(out), ...bad.lower(row), ...bad.lower(a)]).toEqual([5, 6, 7, 1, 2]);
  });

  test("a softmax that answers a row of another length is refused", () => {
    for (const answer of [[1], [1, 2, 3], []]) {
      const bad = withFunctions(plain, { softmax: () => answer });
      const [out, a] = [bad.lift([5, 6, 7, 8], [2, 2]), bad.lift([1, 2, 3, 4], [2, 2])];
      expect(() => softmax(bad, out, a)).toThrow(ShapeError);
      expect(() => softmax(bad, out, a)).toThrow(
        `softmax: shapes [${answer.length}]; expected a row of 2 from the replacement`,
      );
      expect(Array.from(bad.lower(out))).toEqual([5, 6, 7, 8]);
    }
  });

  test("a replacement is given its element and nothing else, and a row of its own", () => {
    const seen: unknown[][] = [];
    const spying = withFunctions(plain, {
      tanh: (...given: unknown[]) => seen.push(given),
      softmax: (row) => row.fill(9),
    });
    const [out, a] = [spying.empty([2]), spying.lift([3, 4], [2])];
    spying.unary(op.tanh, out, a);
    expect(seen).toEqual([[3], [4]]);
    softmax(spying, out, a);
    expect([...spying.lower(out), ...spying.lower(a)]).toEqual([9, 9, 3, 4]);
  });
});

test("a number that only a wider format holds does not fit", () => {
  const third = { tanh: () => 0.1, exp: () => 2 ** 24 + 1 };
  const a = withFunctions(float32, third);
  expect(() => a.unary(op.tanh, a.empty([1]), a.lift([1], [1]))).toThrow(
    new LiftError("float32", 0.1, "a finite number of single precision; round() rounds"),
  );
  expect(() => a.unary(op.exp, a.empty([1]), a.lift([1], [1]))).toThrow(LiftError);
  const wide = withFunctions(float64, third);
  const out = wide.empty([1]);
  wide.unary(op.tanh, out, wide.lift([1], [1]));
  expect(wide.lower(out)[0]).toBe(0.1);
  const whole = withFunctions(dense(integer(24)), third);
  expect(() => whole.unary(op.tanh, whole.empty([1]), whole.lift([1], [1]))).toThrow(LiftError);
  expect(() => whole.unary(op.exp, whole.empty([1]), whole.lift([1], [1]))).toThrow(LiftError);
});

test("integers have no tanh but the one that is put in", () => {
  const plain = dense(integer(24));
  const out = plain.empty([1]);
  expect(() => plain.unary(op.tanh, out, plain.lift([1], [1]))).toThrow(OperationError);
});
