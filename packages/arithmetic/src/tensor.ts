import { ShapeError } from "./errors.ts";

/**
 * A dense, strided tensor over a number system whose elements live in a store `S`.
 * Opaque to derivations: only an {@link Arithmetic} reads or writes elements.
 * `offset` and `strides` count elements, not bytes; a transpose or a broadcast is a view, never a copy.
 */
export interface Tensor<S> {
  readonly store: S;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Number of elements of a tensor of that shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Row-major (C order) strides of a contiguous tensor of that shape. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 1; axis > 0; axis--) strides[axis - 1] = strides[axis] * shape[axis];
  return strides;
}

/** Whether the elements of `t` lie one behind the other in row-major order. */
export function isContiguous<S>(t: Tensor<S>): boolean {
  let expected = 1;
  for (let axis = t.shape.length - 1; axis >= 0; axis--) {
    if (t.shape[axis] !== 1 && t.strides[axis] !== expected) return t.shape.includes(0);
    expected *= t.shape[axis];
  }
  return true;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Throws {@link ShapeError} where a length is not an integer of at least 0. */
export function checkShape(operation: string, shape: readonly number[]): void {
  for (const length of shape) {
    if (!(Number.isInteger(length) && length >= 0)) {
      throw new ShapeError(operation, "integers of at least 0", shape);
    }
  }
}
