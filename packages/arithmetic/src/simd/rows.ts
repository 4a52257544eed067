import { checkRows } from "../checks.ts";
import type { FloatArray } from "../operations.ts";
import type { Tensor } from "../tensor.ts";
import { eachRow } from "../walk.ts";

/** Rows of floats taken and added where indices say; written out, as a kernel call for each row costs more than a short row. */

/** out[m] ← a[rows[m]] */
export function takeRows(out: Tensor<FloatArray>, a: Tensor<FloatArray>, rows: ArrayLike<number>): void {
  checkRows("take", a, rows, out);
  const [o, x, oStep, aStep] = [out.store, a.store, out.strides[0], a.strides[0]];
  const row = first(a);
  eachRow(row.shape, first(out), row, row, (i, os, j, as, _k, _ks, length) => {
    // The inner loop would cost more than what it moves.
    if (length === 1) for (let m = 0; m < rows.length; m++) o[i + m * oStep] = x[j + rows[m] * aStep];
    else {
      for (let m = 0; m < rows.length; m++) {
        for (let n = 0; n < length; n++) o[i + m * oStep + n * os] = x[j + rows[m] * aStep + n * as];
      }
    }
  });
}

/** out[rows[m]] ← out[rows[m]] + a[m] */
export function addRowsAt(out: Tensor<FloatArray>, rows: ArrayLike<number>, a: Tensor<FloatArray>): void {
  checkRows("addAt", out, rows, a);
  const [o, x, oStep, aStep] = [out.store, a.store, out.strides[0], a.strides[0]];
  const row = first(a);
  eachRow(row.shape, first(out), row, row, (i, os, j, as, _k, _ks, length) => {
    if (length === 1) for (let m = 0; m < rows.length; m++) o[i + rows[m] * oStep] += x[j + m * aStep];
    else {
      for (let m = 0; m < rows.length; m++) {
        for (let n = 0; n < length; n++) o[i + rows[m] * oStep + n * os] += x[j + m * aStep + n * as];
      }
    }
  });
}

/** Where the first element of the first axis would begin, on an empty axis too. */
function first<S>({ store, offset, shape, strides }: Tensor<S>): Tensor<S> {
  return { store, offset, shape: shape.slice(1), strides: strides.slice(1) };
}
