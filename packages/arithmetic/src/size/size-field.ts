import { logSumExp, softmax } from "../composed.ts";
import { LiftError } from "../errors.ts";
import type { BinaryOperation, BinarySlot, Field } from "../field.ts";
import { float64 } from "../float.ts";
import { float64Field } from "../float64-field.ts";
import type { Tensor } from "../tensor.ts";
import type { Questions } from "./asked.ts";
import type { Denominators } from "./denominators.ts";
import type { Measure } from "./measure.ts";
import { sizeFunctions } from "./size-functions.ts";
import {
  boundOf,
  copySize,
  denominatorOf,
  isZero,
  put,
  type SizeStore,
  shadowAt,
  sizeOperations,
  sizeStore,
  weightOf,
  width,
} from "./size-operations.ts";

/** Sizes as elements, each beside the float64 shadow that a program sees. */
export function sizeField(
  measure: Measure,
  denominators: Denominators,
  asked: Questions,
  linked: boolean,
): Field<SizeStore> {
  const operations = sizeOperations(measure, denominators);
  const { sum, product, reciprocal } = operations;
  const unary = sizeFunctions(measure, denominators, operations, asked, linked);
  const [scratch, row] = [sizeStore(1), sizeStore(1)];
  const binary: Record<BinaryOperation, BinarySlot<SizeStore>> = {
    add: sum,
    subtract: sum,
    multiply: product,
    divide(o, i, a, j, b, k) {
      reciprocal(scratch, 0, b, k);
      product(o, i, a, j, scratch, 0);
    },
    maximum(o, i, a, j, b, k) {
      asked.comparisons.add(boundOf(a, j));
      asked.comparisons.add(boundOf(b, k));
      operations.either(o, i, a, j, b, k);
    },
  };

  function lift(o: SizeStore, i: number, x: number): void {
    if (!Number.isFinite(x)) throw new LiftError(measure.name, x, "a finite number");
    operations.number(o, i, x);
    o[width * i + shadowAt] = x;
  }

  /** softmax and log-sum-exp are asked the differences to the first element of a row. */
  function askRow(name: string, a: SizeStore, j: number, stride: number, length: number): void {
    copySize(row, 0, a, j);
    for (let n = 1; n < length; n++) sum(row, 0, row, 0, a, j + n * stride);
    asked.call(name, boundOf(row, 0));
  }

  return {
    name: measure.name,
    unitRoundoff: 0,
    store: sizeStore,
    copy(o, i, a, j) {
      copySize(o, i, a, j);
      o[width * i + shadowAt] = a[width * j + shadowAt];
    },
    lift,
    round: lift,
    lower: (a, i) => (isZero(a, i) ? 0 : a[width * i + shadowAt]),
    same: (a, i, b, j) => weightOf(a, i) === weightOf(b, j) && denominatorOf(a, i) === denominatorOf(b, j),
    poison(o, i) {
      put(o, i, Number.NaN, 0);
      o[width * i + shadowAt] = Number.NaN;
    },
    // An operation that is not known has no slot.
    unary(operation) {
      const [size, shadow] = [unary[operation], float64Field.unary(operation)];
      return (
        size &&
        ((o, i, a, j) => {
          size(o, i, a, j);
          shadow(o, width * i + shadowAt, a, width * j + shadowAt);
        })
      );
    },
    binary(operation) {
      const [size, shadow] = [binary[operation], float64Field.binary(operation)];
      return (
        size &&
        ((o, i, a, j, b, k) => {
          size(o, i, a, j, b, k);
          shadow(o, width * i + shadowAt, a, width * j + shadowAt, b, width * k + shadowAt);
        })
      );
    },
    multiplyAdd(o, i, a, j, b, k) {
      product(scratch, 0, a, j, b, k);
      sum(o, i, o, i, scratch, 0);
      o[width * i + shadowAt] += a[width * j + shadowAt] * b[width * k + shadowAt];
    },
    // p_n is an indeterminate for n >= 1, and p_0 = 1 − Σ p_n has as many terms as the row.
    softmaxRow(o, i, oStride, a, j, aStride, length) {
      askRow("softmax", a, j, aStride, length);
      softmax(float64, shadows(o, i, oStride, length), shadows(a, j, aStride, length));
      put(o, i, measure.symbol + measure.number(length), 0);
      for (let n = 1; n < length; n++) put(o, i + n * oStride, measure.symbol, 0);
      if (length === 1) operations.number(o, i, 1);
    },
    // z_0 plus an indeterminate; of one number, itself.
    logSumExpRow(o, i, a, j, aStride, length) {
      askRow("logSumExp", a, j, aStride, length);
      logSumExp(float64, shadows(o, i, 1, 1), shadows(a, j, aStride, length));
      put(scratch, 0, measure.symbol, 0);
      if (length === 1) copySize(o, i, a, j);
      else sum(o, i, a, j, scratch, 0);
    },
  };
}

/** The shadows of a row. */
function shadows(store: SizeStore, i: number, stride: number, length: number): Tensor<SizeStore> {
  return { store, offset: width * i + shadowAt, shape: [length], strides: [width * stride] };
}
