import { at as atView, slice as sliceView, type Tensor, transpose as transposeView } from "@gradproof/arithmetic";
import { axisOf } from "./shape.ts";
import { filled } from "./values.ts";
import { node, type Variable, type Vjp } from "./variable.ts";

/** Parts of a variable along one axis, the first if none is given; each one's rule puts them back among zeros. */

/** The part [start, end) of the axis. No copy. */
export function slice<S>(a: Variable<S>, start: number, end: number, axis = 0): Variable<S> {
  const along = axisOf("slice", axis, a.shape);
  const part = (t: Tensor<S>) => sliceView(t, start, end, along);
  const sliceVjp: Vjp<S> = (ct) => place(ct, a.shape, part, placeVjp);
  const placeVjp: Vjp<S> = (ct) => slice(ct, start, end, along);
  return node(a.arithmetic, "slice", part(a.value), [a], [sliceVjp]);
}

/** Element `index` of the axis, which goes. No copy. */
export function at<S>(a: Variable<S>, index: number, axis = 0): Variable<S> {
  const along = axisOf("at", axis, a.shape);
  const part = (t: Tensor<S>) => atView(t, index, along);
  const atVjp: Vjp<S> = (ct) => place(ct, a.shape, part, placeVjp);
  const placeVjp: Vjp<S> = (ct) => at(ct, index, along);
  return node(a.arithmetic, "at", part(a.value), [a], [atVjp]);
}

/** Zeros of that shape with `a` in one part of them        da = that part of ȳ, which `placeVjp` takes */
function place<S>(
  a: Variable<S>,
  shape: readonly number[],
  part: (t: Tensor<S>) => Tensor<S>,
  placeVjp: Vjp<S>,
): Variable<S> {
  const A = a.arithmetic;
  const value = filled(A, shape, A.ratio(0, 1));
  A.copy(part(value), a.value);
  return node(A, "place", value, [a], [placeVjp]);
}

/**
 * Elements indices[i] of the axis for each i; an index may repeat.
 *
 * @throws RangeError for an index that is not there.
 */
export function take<S>(a: Variable<S>, indices: ArrayLike<number>, axis = 0): Variable<S> {
  const A = a.arithmetic;
  const along = axisOf("take", axis, a.shape);
  // A copy: whoever fills one array of indices again and again would change the gradient of what was taken before.
  const kept = Array.from(indices);
  const value = A.empty(a.shape.with(along, kept.length));
  A.take(axisFirst(value, along), axisFirst(a.value, along), kept);
  const takeVjp: Vjp<S> = (ct) => scatter(ct, kept, along, a.shape);
  return node(A, "take", value, [a], [takeVjp]);
}

/** Zeros of that shape, with element i of the axis added to element indices[i]        da = take ȳ */
function scatter<S>(a: Variable<S>, indices: readonly number[], axis: number, shape: readonly number[]): Variable<S> {
  const A = a.arithmetic;
  const value = filled(A, shape, A.ratio(0, 1));
  A.addAt(axisFirst(value, axis), indices, axisFirst(a.value, axis));
  const scatterVjp: Vjp<S> = (ct) => take(ct, indices, axis);
  return node(A, "scatter", value, [a], [scatterVjp]);
}

/** A view with that axis before the others. */
function axisFirst<S>(t: Tensor<S>, axis: number): Tensor<S> {
  return transposeView(t, [axis, ...[...t.shape.keys()].toSpliced(axis, 1)]);
}
