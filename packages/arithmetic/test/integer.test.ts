import { describe, expect, test } from "vitest";
import { logSumExp, softmax } from "../src/composed.ts";
import { dense } from "../src/dense.ts";
import { LiftError, OperationError } from "../src/errors.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import { float32, float64 } from "../src/float.ts";
import { type IntegerStore, integer } from "../src/integer.ts";
import { random } from "../src/random.ts";

const field = integer(24);
const limit = 2 ** 24;

function stored(...values: number[]): IntegerStore {
  const store = field.store(values.length);
  for (const [i, value] of values.entries()) field.lift(store, i, value);
  return store;
}
function unary(operation: UnaryOperation, x: number): number {
  const a = stored(x);
  field.unary(operation)(a, 0, a, 0);
  return field.lower(a, 0);
}
function binary(operation: BinaryOperation, x: number, y: number): number {
  const a = stored(x, y);
  field.binary(operation)(a, 0, a, 0, a, 1);
  return field.lower(a, 0);
}
function multiplyAdd(onto: number, x: number, y: number): number {
  const a = stored(onto, x, y);
  field.multiplyAdd(a, 0, a, 1, a, 2);
  return field.lower(a, 0);
}

describe("in and out", () => {
  test("lift takes integers up to 2^bits and refuses fractions, larger ones and what is not finite", () => {
    for (const x of [0, -0, 1, -7, limit, -limit]) expect(field.lower(stored(x), 0)).toBe(x === 0 ? 0 : x);
    for (const x of [0.5, limit + 1, -limit - 1, 2 ** 60, NaN, Infinity, -Infinity])
      expect(() => stored(x)).toThrow(LiftError);
    expect(() => stored(0.5)).toThrow("lift: integer cannot hold 0.5 exactly; expected an integer of at most 2^24");
  });

  test("round goes to the nearest integer, halves to even", () => {
    const a = field.store(1);
    const cases = [
      [0.4, 0],
      [0.5, 0],
      [0.6, 1],
      [1.5, 2],
      [2.5, 2],
      [-0.5, 0],
      [-0.6, -1],
      [-1.5, -2],
      [-2.5, -2],
      [-2.6, -3],
    ];
    for (const [x, expected] of cases) {
      field.round(a, 0, x);
      expect(field.lower(a, 0), `${x}`).toBe(expected);
    }
    expect(() => field.round(a, 0, NaN)).toThrow(LiftError);
    expect(() => field.round(a, 0, 2 ** 25)).toThrow(LiftError);
  });

  test("bits must be from 1 to 53", () => {
    for (const bits of [0, 54, 2.5, NaN]) expect(() => integer(bits)).toThrow(RangeError);
    expect(integer().unitRoundoff).toBe(0);
    const a = integer().store(1);
    integer().lift(a, 0, -(2 ** 53));
    expect(integer().lower(a, 0)).toBe(-(2 ** 53));
  });
});

describe("operations", () => {
  test("are exact", () => {
    expect([unary("negate", 5), unary("square", -9), unary("oneMinus", 9), unary("reciprocal", -1)]).toEqual([
      -5, 81, -8, -1,
    ]);
    expect([unary("relu", 4), unary("relu", 0), unary("relu", -4)]).toEqual([4, 0, 0]);
    expect([unary("step", 4), unary("step", 0), unary("step", -4)]).toEqual([1, 0, 0]);
    expect([binary("add", 3, -5), binary("subtract", 3, -5), binary("multiply", 3, -5)]).toEqual([-2, 8, -15]);
    expect([binary("divide", -12, 4), binary("divide", 0, 4), multiplyAdd(7, 3, -5)]).toEqual([-3, 0, -8]);
  });

  test("divide with a remainder, and by zero, are refused", () => {
    expect(() => binary("divide", 1, 3)).toThrow("divide: integer has no 1 / 3");
    expect(() => binary("divide", 1, 0)).toThrow(OperationError);
    expect(() => binary("divide", 0, 0)).toThrow(OperationError);
    expect(() => unary("reciprocal", 2)).toThrow(OperationError);
    expect(() => unary("reciprocal", 0)).toThrow(OperationError);
  });

  test("2^bits is held, one more overflows, in every operation that can grow", () => {
    expect(binary("add", limit - 1, 1)).toBe(limit);
    expect(() => binary("add", limit, 1)).toThrow("add: integer overflows: 16777217 exceeds 2^24");
    expect(() => binary("subtract", -limit, 1)).toThrow(OperationError);
    expect(binary("multiply", 4096, -4096)).toBe(-limit);
    expect(() => binary("multiply", 4097, 4096)).toThrow("overflows");
    expect(unary("square", 4096)).toBe(limit);
    expect(() => unary("square", 4097)).toThrow("overflows");
    expect(() => unary("oneMinus", -limit)).toThrow("overflows");
  });

  test("multiplyAdd checks its product and its sum", () => {
    expect(multiplyAdd(-limit, 4096, 4096)).toBe(0);
    expect(() => multiplyAdd(-limit, 4097, 4096)).toThrow("overflows");
    expect(() => multiplyAdd(1, 4096, 4096)).toThrow("overflows");
  });

  test("an accumulator of gemm is checked between terms", () => {
    const A = dense(field);
    const [row, column, out] = [A.lift([4096, 1, 4096], [1, 3]), A.lift([4096, 1, -4096], [3, 1]), A.empty([1, 1])];
    expect(() => A.gemm(out, row, column, "write")).toThrow(OperationError);
  });

  test("has no transcendental functions and says what to do", () => {
    for (const operation of ["tanh", "sigmoid", "exp", "log", "sqrt"] as const) {
      for (const x of [0, 1, 4]) {
        expect(() => unary(operation, x)).toThrow(
          `${operation}: integer has no such function; replace it withFunctions`,
        );
      }
    }
    const A = dense(field);
    const z = A.lift([1, 1], [2]);
    expect(() => softmax(A, A.empty([2]), z)).toThrow("softmax: integer has no such function");
    expect(() => logSumExp(A, A.empty([1]), z)).toThrow("logSumExp: integer has no such function");
  });

  test("same compares values", () => {
    const a = stored(2, 2, 3, 0, -0);
    expect([field.same(a, 0, a, 1), field.same(a, 0, a, 2), field.same(a, 3, a, 4)]).toEqual([true, false, true]);
  });
});

test("unwritten and poisoned memory cannot be read by anything", () => {
  const fresh = field.store(1);
  const poisoned = stored(3);
  field.poison(poisoned, 0);
  for (const bad of [fresh, poisoned]) {
    const good = stored(1, 1);
    const reads: (() => unknown)[] = [
      () => field.lower(bad, 0),
      () => field.copy(good, 0, bad, 0),
      () => field.same(good, 0, bad, 0),
      () => field.same(bad, 0, bad, 0),
      () => field.multiplyAdd(bad, 0, good, 0, good, 1),
      () => field.multiplyAdd(good, 0, bad, 0, good, 1),
      () => field.multiplyAdd(good, 0, good, 1, bad, 0),
    ];
    for (const operation of ["negate", "square", "oneMinus", "reciprocal", "relu", "step"] as const) {
      reads.push(() => field.unary(operation)(good, 0, bad, 0));
    }
    for (const operation of ["add", "subtract", "multiply", "divide"] as const) {
      reads.push(() => field.binary(operation)(good, 0, bad, 0, good, 1));
      reads.push(() => field.binary(operation)(good, 0, good, 1, bad, 0));
    }
    for (const read of reads) expect(read).toThrow("read memory that was never written");
  }
});

test("random products of small integer matrices equal those of float32 and float64; beyond the bits they need not", () => {
  const source = random(20261122);
  const cases = [
    { floats: float32, integers: dense(integer(24)) },
    { floats: float64, integers: dense(integer(53)) },
  ];
  for (let n = 0; n < 50; n++) {
    const [rows, inner, columns] = [source.integer(1, 5), source.integer(1, 20), source.integer(1, 5)];
    const left = Array.from({ length: rows * inner }, () => source.integer(-800, 800));
    const right = Array.from({ length: inner * columns }, () => source.integer(-800, 800));
    for (const { floats, integers } of cases) {
      const expected = integers.empty([rows, columns]);
      integers.gemm(expected, integers.lift(left, [rows, inner]), integers.lift(right, [inner, columns]), "write");
      const found = product(floats as typeof float64, left, right, [rows, inner, columns]);
      expect(found.every((value, i) => value === integers.lower(expected)[i])).toBe(true);
    }
  }
  // the control: 4097² is odd and above 2^24, so float32 rounds it, and the integers say so
  expect(product(float32 as unknown as typeof float64, [4097], [4097], [1, 1, 1])[0]).not.toBe(4097 ** 2);
  expect(() => binary("multiply", 4097, 4097)).toThrow("overflows");
});

function product(
  A: typeof float64,
  left: number[],
  right: number[],
  [m, k, n]: readonly [number, number, number],
): Float64Array {
  const out = A.empty([m, n]);
  A.gemm(out, A.lift(left, [m, k]), A.lift(right, [k, n]), "write");
  return A.lower(out);
}
