import { ShapeError } from "./errors.ts";
import { checkShape, contiguousStrides, isContiguous, sizeOf, type Tensor } from "./tensor.ts";

/** The last two axes swapped. */
export function transpose<S>(t: Tensor<S>): Tensor<S> {
  const rank = t.shape.length;
  if (rank < 2) throw new ShapeError("transpose", "at least two axes", t.shape);
  const shape = [...t.shape];
  const strides = [...t.strides];
  [shape[rank - 2], shape[rank - 1]] = [shape[rank - 1], shape[rank - 2]];
  [strides[rank - 2], strides[rank - 1]] = [strides[rank - 1], strides[rank - 2]];
  return { store: t.store, offset: t.offset, shape, strides };
}

/** The same elements under another shape of the same size; the tensor must be contiguous. */
export function reshape<S>(t: Tensor<S>, shape: readonly number[]): Tensor<S> {
  checkShape("reshape", shape);
  if (sizeOf(shape) !== sizeOf(t.shape)) throw new ShapeError("reshape", "the same number of elements", t.shape, shape);
  if (!isContiguous(t)) throw new ShapeError("reshape", "a contiguous tensor", t.shape, shape);
  return { store: t.store, offset: t.offset, shape, strides: contiguousStrides(shape) };
}

/** The part [start, end) along the first axis. */
export function slice<S>(t: Tensor<S>, start: number, end: number): Tensor<S> {
  const [length, ...rest] = t.shape;
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length)) {
    throw new ShapeError(`slice(${start}, ${end})`, "0 <= start <= end <= the first axis", t.shape);
  }
  return { store: t.store, offset: t.offset + start * t.strides[0], shape: [end - start, ...rest], strides: t.strides };
}

/** Element `index` of the first axis, which goes. */
export function at<S>(t: Tensor<S>, index: number): Tensor<S> {
  if (!(Number.isInteger(index) && 0 <= index && index < t.shape[0])) {
    throw new ShapeError(`at(${index})`, "an index of the first axis", t.shape);
  }
  return {
    store: t.store,
    offset: t.offset + index * t.strides[0],
    shape: t.shape.slice(1),
    strides: t.strides.slice(1),
  };
}

/** Repeated along new leading axes and along axes of length 1 (NumPy's rule), without a copy. */
export function broadcastTo<S>(t: Tensor<S>, shape: readonly number[]): Tensor<S> {
  checkShape("broadcastTo", shape);
  if (!broadcasts(t.shape, shape)) {
    throw new ShapeError("broadcastTo", "axes equal from the last, or of length 1", t.shape, shape);
  }
  return repeated(t, shape);
}

/** Whether a tensor of the one shape can be broadcast to the other. */
export function broadcasts(from: readonly number[], to: readonly number[]): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((length, axis) => length === 1 || length === to[lead + axis]);
}

/** {@link broadcastTo} without its checks. */
export function repeated<S>(t: Tensor<S>, shape: readonly number[]): Tensor<S> {
  const lead = shape.length - t.shape.length;
  const strides = shape.map((length, axis) => {
    const own = axis - lead;
    return own < 0 || (t.shape[own] === 1 && length !== 1) ? 0 : t.strides[own];
  });
  return { store: t.store, offset: t.offset, shape, strides };
}
