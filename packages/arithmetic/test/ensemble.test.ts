import { describe, expect, test } from "vitest";
import type { Arithmetic } from "../src/arithmetic.ts";
import { addAt, logSumExp, softmax, take } from "../src/composed.ts";
import { dense } from "../src/dense.ts";
import { doubleDouble, doubleDoubleParts, setDoubleDouble } from "../src/double-double.ts";
import { ensemble, laneOf } from "../src/ensemble.ts";
import type { BinaryOperation, NudgedField, UnaryOperation } from "../src/field.ts";
import { float64Field } from "../src/float64-field.ts";
import { type Rounding, roundingOf } from "../src/noise.ts";
import * as op from "../src/operations.ts";
import { random } from "../src/random.ts";
import { stochastic } from "../src/stochastic.ts";
import type { Tensor } from "../src/tensor.ts";
import { transpose } from "../src/view.ts";
import { seed } from "./seed.ts";

const seeds = [seed, seed + 1, seed + 2, 7, 8] as const;
const size = 6;

/** Results of every kernel and operation, whose inputs are of a size; the largest of each row is so without doubt. */
function results<S>(A: Arithmetic<S>, scale: number): Tensor<S>[] {
  const source = random(seed);
  const draw = () =>
    Float64Array.from(
      { length: size * size },
      (_, i) => scale * ((i % 5 === 0 ? 0 : 1) * source.unit() + 0.25 * (i % size)),
    );
  const [a, b] = [A.lift(draw(), [size, size]), A.lift(draw(), [size, size])];
  const made: Tensor<S>[] = [];
  const next = (shape: readonly number[] = [size, size]) => {
    const out = A.empty(shape);
    made.push(out);
    return out;
  };
  const unary: UnaryOperation[] = [
    "negate",
    "square",
    "oneMinus",
    "reciprocal",
    "tanh",
    "sigmoid",
    "exp",
    "relu",
    "step",
  ];
  for (const operation of unary) A.unary(op[operation], next(), operation === "reciprocal" ? made[1] : a);
  for (const operation of ["add", "subtract", "multiply", "divide"] as BinaryOperation[])
    A.binary(op[operation], next(), a, b);
  A.gemm(next(), a, transpose(b), "write");
  A.gemm(made[1], transpose(made[0]), b, "accumulate");
  A.sum(next([1, size]), made[1], "write");
  softmax(A, next(), a);
  logSumExp(A, next([size, 1]), a);
  take(A, next([2, size]), b, [3, 1]);
  addAt(A, made[0], [0, 2, 0], A.lift(draw().subarray(0, 3 * size), [3, size]));
  return made;
}

/** Every element as hi and lo. */
function parts<S>(field: NudgedField<S>, t: Tensor<S>): [number, number][] {
  const contiguous = dense(field).empty(t.shape);
  dense(field).copy(contiguous, t);
  const { store } = contiguous;
  return Array.from(dense(field).lower(t), (hi, i): [number, number] =>
    field === (doubleDouble as unknown) ? doubleDoubleParts(store as Float64Array, i) : [hi, 0],
  );
}

/** The largest relative difference between lanes and the single runs with their seeds, or with others that much away. */
function largestDifference<S>(field: NudgedField<S>, rounding: Rounding, scale: number, shift = 0): number {
  const lanes = results(dense(ensemble(field, rounding, seeds)), scale);
  let largest = 0;
  for (const [lane, own] of seeds.entries()) {
    const single = results(dense(stochastic(field, rounding, own + shift)), scale);
    for (const [n, tensor] of single.entries()) {
      const expected = parts(field, tensor);
      parts(field, laneOf(lanes[n], lane, seeds.length)).forEach(([hi, lo], i) => {
        const difference = Math.abs(hi - expected[i][0] + (lo - expected[i][1]));
        // NaN beside NaN is no difference; beside a number it is one.
        if (difference > 0) largest = Math.max(largest, difference / Math.abs(expected[i][0]));
        if (Number.isNaN(hi) !== Number.isNaN(expected[i][0])) largest = Number.POSITIVE_INFINITY;
      });
    }
  }
  return largest;
}

describe("each lane is the single run with its seed", () => {
  // Down to where products and sums underflow and err by the smallest normal number too, and up to where they overflow.
  const float32Scales = [1, 2 ** -40, 2 ** -62, 2 ** -70, 2 ** 500];
  test.each(float32Scales)("bit for bit over float64, numbers of size %d", (scale) => {
    expect(largestDifference(float64Field, roundingOf.float32, scale)).toBe(0);
    expect(largestDifference(float64Field, roundingOf.float32, scale, 100)).toBeGreaterThan(2 ** -30);
  });

  // A fused multiply-add here leaves out a few 2^-106 of its addends, of which there are at most 2 · 6 and one cancels by half.
  test.each([1, 2 ** -300, 2 ** -481, 2 ** -490, 2 ** -520, 2 ** 400])(
    "to 2^-98 over double-double, numbers of size %d",
    (scale) => {
      expect(largestDifference(doubleDouble, roundingOf.float64, scale)).toBeLessThan(2 ** -98);
      expect(largestDifference(doubleDouble, roundingOf.float64, scale, 100)).toBeGreaterThan(2 ** -60);
    },
  );
});

test("what cancels in the high parts keeps its low parts", () => {
  const own = [1, 2, 3];
  const E = ensemble(doubleDouble, roundingOf.float64, own);
  const [o, a, b] = [E.store(1), E.store(1), E.store(1)];
  own.forEach((_, lane) => {
    setDoubleDouble(o, lane, -1, 2 ** -60);
    setDoubleDouble(a, lane, 1, 0);
    setDoubleDouble(b, lane, 1, 0);
  });
  E.multiplyAdd(o, 0, a, 0, b, 0);
  own.forEach((one, lane) => {
    const S = stochastic(doubleDouble, roundingOf.float64, one);
    const single = Float64Array.of(-1, 2 ** -60);
    S.multiplyAdd(single, 0, Float64Array.of(1, 0), 0, Float64Array.of(1, 0), 0);
    expect(o[2 * lane] / single[0]).toBeCloseTo(1, 12);
    expect(single[0]).not.toBe(0);
  });
});

test("without seeds there is nothing to run", () => {
  expect(() => ensemble(float64Field, roundingOf.float32, [])).toThrow("ensemble: there are no seeds");
});
