import { ShapeError } from "./errors.ts";
import { checkShape, contiguousStrides, isContiguous, sameShape, sizeOf, type Tensor } from "./tensor.ts";

/** The axes in another order, axis n of the result being axes[n] of t; without one, the last two axes swapped. */
export function transpose<S>(t: Tensor<S>, axes?: readonly number[]): Tensor<S> {
  if (!axes) return matrixTranspose(t);
  if (axes.length !== t.shape.length || !t.shape.every((_, axis) => axes.includes(axis))) {
    throw new ShapeError(`transpose(${axes.join(", ")})`, "every axis once", t.shape);
  }
  const [shape, strides] = [t.shape, t.strides].map((from) => axes.map((axis) => from[axis]));
  return { store: t.store, offset: t.offset, shape, strides };
}

/** The last two axes swapped. */
export function matrixTranspose<S>({ store, offset, shape, strides }: Tensor<S>): Tensor<S> {
  if (shape.length < 2) throw new ShapeError("transpose", "at least two axes", shape);
  return { store, offset, shape: lastTwoSwapped(shape), strides: lastTwoSwapped(strides) };
}

function lastTwoSwapped(all: readonly number[]): readonly number[] {
  return all.length === 2 ? [all[1], all[0]] : [...all.slice(0, -2), all[all.length - 1], all[all.length - 2]];
}

/** The same elements under another shape of the same size; the tensor must be contiguous. */
export function reshape<S>(t: Tensor<S>, shape: readonly number[]): Tensor<S> {
  checkShape("reshape", shape);
  if (sizeOf(shape) !== sizeOf(t.shape) || !isContiguous(t)) {
    throw new ShapeError("reshape", "a contiguous tensor of as many elements", t.shape, shape);
  }
  return { store: t.store, offset: t.offset, shape, strides: contiguousStrides(shape) };
}

/** The part [start, end) along one axis, the first if none is given. */
export function slice<S>(t: Tensor<S>, start: number, end: number, axis = 0): Tensor<S> {
  const fits = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= t.shape[axis];
  if (!fits) throw new ShapeError(`slice(${start}, ${end})`, `0 <= start <= end <= length of axis ${axis}`, t.shape);
  const shape = replaced(t.shape, axis, end - start);
  return { store: t.store, offset: t.offset + start * t.strides[axis], shape, strides: t.strides };
}

/** Element `index` of one axis, the first if none is given, which goes. */
export function at<S>(t: Tensor<S>, index: number, axis = 0): Tensor<S> {
  if (!(Number.isInteger(index) && 0 <= index && index < t.shape[axis])) {
    throw new ShapeError(`at(${index})`, `an index of axis ${axis}`, t.shape);
  }
  return {
    store: t.store,
    offset: t.offset + index * t.strides[axis],
    shape: without(t.shape, axis),
    strides: without(t.strides, axis),
  };
}

/** Written out for the first of two and three axes, which is what loops over time take. */
function without(all: readonly number[], axis: number): number[] {
  if (axis !== 0) return all.toSpliced(axis, 1);
  if (all.length === 3) return [all[1], all[2]];
  return all.length === 2 ? [all[1]] : all.slice(1);
}

/** The first axis from its end to its beginning. */
export function reverse<S>(t: Tensor<S>): Tensor<S> {
  if (t.shape.length === 0) throw new ShapeError("reverse", "at least one axis", t.shape);
  const [length, stride] = [t.shape[0], t.strides[0]];
  const offset = t.offset + Math.max(length - 1, 0) * stride;
  return { store: t.store, offset, shape: t.shape, strides: replaced(t.strides, 0, -stride) };
}

/** One of the numbers replaced, written out as in {@link without}. */
function replaced(all: readonly number[], axis: number, by: number): number[] {
  if (axis === 0 && all.length === 3) return [by, all[1], all[2]];
  return all.with(axis, by);
}

/** Repeated along new leading axes and along axes of length 1 (NumPy's rule), without a copy. */
export function broadcastTo<S>(t: Tensor<S>, shape: readonly number[], operation = "broadcastTo"): Tensor<S> {
  if (sameShape(t.shape, shape)) return t;
  checkShape(operation, shape);
  const lead = shape.length - t.shape.length;
  let fits = lead >= 0;
  const strides = shape.map((length, axis) => {
    const own = t.shape[axis - lead] ?? 1;
    fits &&= own === 1 || own === length;
    return own === 1 && length !== 1 ? 0 : (t.strides[axis - lead] ?? 0);
  });
  if (!fits) throw new ShapeError(operation, "axes equal from the last, or of length 1", t.shape, shape);
  return { store: t.store, offset: t.offset, shape, strides };
}
