import type { Arithmetic } from "./arithmetic.ts";
import { checkLogSumExp, checkRows, checkSoftmax } from "./checks.ts";
import * as op from "./operations.ts";
import type { Tensor } from "./tensor.ts";
import { at, slice } from "./view.ts";

/**
 * Kernels that are made of others, unless an arithmetic brings its own: functions, so that who does not call them does not
 * ship them.
 */

/**
 * Softmax along the last axis, exp(a - max) over its sum; out may be a.
 *
 * @throws ShapeError unless out and a have one shape [..., N], N at least 1.
 */
export function softmax<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>): void {
  if (A.softmax) A.softmax(out, a);
  else {
    checkSoftmax(out, a);
    A.scope(() => {
      const column = largestOf(A, a);
      A.binary(op.subtract, out, a, column);
      A.unary(op.exp, out, out);
      A.sum(column, out, "write");
      A.binary(op.divide, out, out, column);
    });
  }
}

/**
 * log Σ exp along the last axis, max + log Σ exp(a - max), or the largest element itself where it is infinite or NaN.
 *
 * @throws ShapeError unless out is [..., 1] for a [..., N], N at least 1.
 */
export function logSumExp<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>): void {
  if (A.logSumExp) A.logSumExp(out, a);
  else {
    checkLogSumExp(out, a);
    A.scope(() => {
      const largest = largestOf(A, a);
      // Infinity less infinity would be NaN.
      const finite = A.lower(largest).map((x) => (Number.isFinite(x) ? x : 0));
      const [shift, terms] = [A.round(finite, largest.shape), A.empty(a.shape)];
      A.binary(op.subtract, terms, a, shift);
      A.unary(op.exp, terms, terms);
      A.sum(out, terms, "write");
      A.unary(op.log, out, out);
      A.binary(op.add, out, shift, out);
    });
  }
}

/** The largest element of each row: [..., 1] from a [..., N], N at least 1. */
function largestOf<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  const last = a.shape.length - 1;
  const largest = A.empty(a.shape.with(last, 1));
  A.copy(largest, slice(a, 0, 1, last));
  for (let n = 1; n < a.shape[last]; n++) A.binary(op.maximum, largest, largest, slice(a, n, n + 1, last));
  return largest;
}

/**
 * out[i] ← a[rows[i]] along the first axis.
 *
 * @throws ShapeError unless out has as many rows as there are indices, of the shape of a's; RangeError for a row that a does not have.
 */
export function take<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, rows: ArrayLike<number>): void {
  if (A.take) A.take(out, a, rows);
  else {
    checkRows("take", a, rows, out);
    for (let i = 0; i < rows.length; i++) A.copy(at(out, i), at(a, rows[i]));
  }
}

/**
 * out[rows[i]] ← out[rows[i]] + a[i], i ascending; rows may repeat.
 *
 * @throws ShapeError and RangeError as {@link take}.
 */
export function addAt<S>(A: Arithmetic<S>, out: Tensor<S>, rows: ArrayLike<number>, a: Tensor<S>): void {
  if (A.addAt) A.addAt(out, rows, a);
  else {
    checkRows("addAt", out, rows, a);
    for (let i = 0; i < rows.length; i++) {
      const row = at(out, rows[i]);
      A.binary(op.add, row, row, at(a, i));
    }
  }
}
