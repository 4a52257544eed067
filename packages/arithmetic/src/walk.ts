import type { Tensor } from "./tensor.ts";

/**
 * Calls `row` for every row (last axis) of a shape, in row-major order, with the offset in each of three tensors of
 * that shape where the row begins. A scalar is one row.
 */
export function eachRow(
  shape: readonly number[],
  a: Tensor<unknown>,
  b: Tensor<unknown>,
  c: Tensor<unknown>,
  row: (a: number, b: number, c: number) => void,
): void {
  if (shape.includes(0)) return;
  const axes = shape.length - 1;
  const index = new Array<number>(Math.max(axes, 0)).fill(0);
  let i = a.offset;
  let j = b.offset;
  let k = c.offset;
  for (;;) {
    row(i, j, k);
    let axis = axes - 1;
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
export function rowStride(t: Tensor<unknown>): number {
  return t.strides.length === 0 ? 0 : t.strides[t.strides.length - 1];
}
