import { isContiguous, sizeOf, type Tensor } from "./tensor.ts";

/** What is done with a row of each of three tensors: where it begins and its stride there, and its length. */
type RowKernel = (i: number, is: number, j: number, js: number, k: number, ks: number, length: number) => void;

/**
 * Calls `row` for every row (last axis) of three tensors of one shape, in row-major order. A scalar is one row.
 *
 * @param axis - rows of the axes before it are at i, j and k.
 */
export function eachRow(
  shape: readonly number[],
  a: Tensor<unknown>,
  b: Tensor<unknown>,
  c: Tensor<unknown>,
  row: RowKernel,
  axis = 0,
  i = a.offset,
  j = b.offset,
  k = c.offset,
): void {
  const [length = 1, is = 0, js = 0, ks = 0] = [shape[axis], a.strides[axis], b.strides[axis], c.strides[axis]];
  if (axis + 1 < shape.length) {
    for (let n = 0; n < length; n++) eachRow(shape, a, b, c, row, axis + 1, i + n * is, j + n * js, k + n * ks);
  } else row(i, is, j, js, k, ks, length);
}

/** {@link eachRow}, all elements being one row where they lie one behind the other in all three. */
export function eachStretch(a: Tensor<unknown>, b: Tensor<unknown>, c: Tensor<unknown>, row: RowKernel): void {
  if (isContiguous(a) && isContiguous(b) && (c === b || isContiguous(c))) {
    row(a.offset, 1, b.offset, 1, c.offset, 1, sizeOf(a.shape));
  } else eachRow(a.shape, a, b, c, row);
}

/** Length of the last axis; 1 for a scalar. */
export function rowLength(shape: readonly number[]): number {
  return shape.length === 0 ? 1 : shape[shape.length - 1];
}
