import { ShapeError } from "./errors.ts";
import { sameShape, sizeOf, type Tensor } from "./tensor.ts";
import { broadcastTo } from "./view.ts";

/** Shape checks of the kernels; each throws {@link ShapeError}. */
export function checkValues(operation: string, values: ArrayLike<number>, shape: readonly number[]): void {
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) {
    throw new ShapeError(operation, "lengths that are integers of at least 0", shape);
  }
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError(operation, `${values.length} elements, as many as there are values`, shape);
  }
}

export function checkGemm(out: Tensor<unknown>, a: Tensor<unknown>, b: Tensor<unknown>): void {
  const fits =
    out.shape.length === 2 &&
    a.shape.length === 2 &&
    b.shape.length === 2 &&
    a.shape[1] === b.shape[0] &&
    out.shape[0] === a.shape[0] &&
    out.shape[1] === b.shape[1];
  if (!fits) throw new ShapeError("gemm", "out [M, N], a [M, K], b [K, N]", out.shape, a.shape, b.shape);
}

export function checkReduce(out: Tensor<unknown>, a: Tensor<unknown>): void {
  const fits =
    out.shape.length === a.shape.length &&
    out.shape.every((length, axis) => length === 1 || length === a.shape[axis]);
  if (!fits) throw new ShapeError("reduce", "as many axes in out as in a, each equal or of length 1", out.shape, a.shape);
}

/** `out` seen in the shape of `a`: an axis that is summed has stride 0. */
export function reductionView<S>(out: Tensor<S>, a: Tensor<S>): Tensor<S> {
  checkReduce(out, a);
  return broadcastTo(out, a.shape);
}

export function checkSameShape(operation: string, out: Tensor<unknown>, a: Tensor<unknown>): void {
  if (!sameShape(out.shape, a.shape)) throw new ShapeError(operation, "out of a's shape", out.shape, a.shape);
}

export function checkLogSumExp(out: Tensor<unknown>, a: Tensor<unknown>): void {
  const fits = a.shape.length > 0 && sameShape(out.shape, [...a.shape.slice(0, -1), 1]);
  if (!fits) throw new ShapeError("logSumExp", "out [..., 1] for a [..., N]", out.shape, a.shape);
}

export function checkRows(operation: string, table: Tensor<unknown>, rows: ArrayLike<number>, t: Tensor<unknown>): void {
  if (table.shape.length === 0 || !sameShape(t.shape, [rows.length, ...table.shape.slice(1)])) {
    throw new ShapeError(operation, `[${rows.length} rows, the rest of the table's axes]`, t.shape, table.shape);
  }
  for (let i = 0; i < rows.length; i++) {
    if (!(Number.isInteger(rows[i]) && rows[i] >= 0 && rows[i] < table.shape[0])) {
      throw new RangeError(`${operation}: row ${i} is ${rows[i]}; expected an integer in [0, ${table.shape[0]})`);
    }
  }
}

export function checkRatio(numerator: number, denominator: number): void {
  if (!(Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator) && denominator !== 0)) {
    throw new RangeError(`ratio: ${numerator} / ${denominator}; expected integers, the denominator not 0`);
  }
}
