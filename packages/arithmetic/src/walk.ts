import type { Tensor } from "./tensor.ts";

/**
 * Calls `row` for every row (last axis) of a shape that three tensors have, in row-major order: with the offset where it
 * begins in each and its stride there, and its length. A scalar is one row.
 */
export function eachRow(
  shape: readonly number[],
  a: Tensor<unknown>,
  b: Tensor<unknown>,
  c: Tensor<unknown>,
  row: (i: number, is: number, j: number, js: number, k: number, ks: number, length: number) => void,
): void {
  if (shape.includes(0)) return;
  const last = shape.length - 1;
  const length = rowLength(shape);
  const is = rowStride(a);
  const js = rowStride(b);
  const ks = rowStride(c);
  const index: number[] = shape.map(() => 0);
  let i = a.offset;
  let j = b.offset;
  let k = c.offset;
  for (;;) {
    row(i, is, j, js, k, ks, length);
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      i += a.strides[axis];
      j += b.strides[axis];
      k += c.strides[axis];
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
      i -= a.strides[axis] * shape[axis];
      j -= b.strides[axis] * shape[axis];
      k -= c.strides[axis] * shape[axis];
    }
    if (axis < 0) return;
  }
}

/** Length of the last axis; 1 for a scalar. */
export function rowLength(shape: readonly number[]): number {
  return shape.length === 0 ? 1 : shape[shape.length - 1];
}

/** Stride along the last axis; 0 for a scalar. */
function rowStride({ strides }: Tensor<unknown>): number {
  return strides.length === 0 ? 0 : strides[strides.length - 1];
}
