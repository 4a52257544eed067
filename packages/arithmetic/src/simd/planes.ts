import type { Tensor } from "../tensor.ts";

/** Two axes of up to three tensors seen in one shape, and where in each they begin; offsets and strides count elements. */
export interface Plane {
  rows: number;
  columns: number;
  readonly offsets: number[];
  readonly rowStrides: number[];
  readonly columnStrides: number[];
}

/** Given to every visit anew: these calls are too many to make an object for each. */
const plane: Plane = { rows: 1, columns: 1, offsets: [0, 0, 0], rowStrides: [0, 0, 0], columnStrides: [0, 0, 0] };

/**
 * Goes through tensors broadcast to one shape, two axes at a time, in row-major order. Axes of length 1 go, and neighbours
 * that lie one behind the other in every tensor are one axis; with `keepsLast` the last axis stays by itself.
 *
 * @param visit - must not keep the plane, which the next visit changes.
 */
export function eachPlane(
  shape: readonly number[],
  tensors: readonly Tensor<unknown>[],
  keepsLast: boolean,
  visit: (plane: Plane) => void,
): void {
  if (shape.includes(0)) return;
  if (fit(shape, tensors, keepsLast)) {
    visit(plane);
    return;
  }
  const inner = shape.slice(1);
  for (let i = 0; i < shape[0]; i++) {
    const parts = tensors.map((t) => ({
      store: t.store,
      offset: t.offset + i * strideOf(t, 0, shape),
      shape: inner,
      strides: inner.map((_, axis) => strideOf(t, axis + 1, shape)),
    }));
    eachPlane(inner, parts, keepsLast, visit);
  }
}

/** Sets the plane, if two axes are enough. */
function fit(shape: readonly number[], tensors: readonly Tensor<unknown>[], keepsLast: boolean): boolean {
  const { rowStrides, columnStrides, offsets } = plane;
  let axes = 0;
  plane.rows = 1;
  plane.columns = 1;
  for (let t = 0; t < tensors.length; t++) {
    offsets[t] = tensors[t].offset;
    rowStrides[t] = 0;
    columnStrides[t] = 0;
  }
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis];
    const isKept = keepsLast && axis === shape.length - 1;
    if (length === 1 && !isKept) continue;
    if (axes === 0) {
      plane.columns = length;
      setStrides(columnStrides, axis, shape, tensors);
      axes = 1;
    } else if (axes === 1 && !keepsLast && continues(columnStrides, plane.columns, axis, shape, tensors)) {
      plane.columns *= length;
    } else if (axes === 1) {
      plane.rows = length;
      setStrides(rowStrides, axis, shape, tensors);
      axes = 2;
    } else if (continues(rowStrides, plane.rows, axis, shape, tensors)) {
      plane.rows *= length;
    } else {
      return false;
    }
  }
  return true;
}

function setStrides(
  strides: number[],
  axis: number,
  shape: readonly number[],
  tensors: readonly Tensor<unknown>[],
): void {
  for (let t = 0; t < tensors.length; t++) strides[t] = strideOf(tensors[t], axis, shape);
}

/** Whether in every tensor an axis goes on where one of those strides and that length ends. */
function continues(
  strides: readonly number[],
  length: number,
  axis: number,
  shape: readonly number[],
  tensors: readonly Tensor<unknown>[],
): boolean {
  for (let t = 0; t < tensors.length; t++) {
    if (strideOf(tensors[t], axis, shape) !== strides[t] * length) return false;
  }
  return true;
}

/** The stride of a tensor along an axis of the shape that it is broadcast to. */
function strideOf(t: Tensor<unknown>, axis: number, shape: readonly number[]): number {
  const own = axis - shape.length + t.shape.length;
  return own < 0 || (t.shape[own] === 1 && shape[axis] !== 1) ? 0 : t.strides[own];
}
