import {
  at as atView,
  broadcastTo as broadcastView,
  reshape as reshapeView,
  ShapeError,
  sameShape,
  slice as sliceView,
  type Tensor,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import { node, type Variable, type Vjp } from "./variable.ts";

/** Operations that move elements and sum them where they meet; each one's rule is another one of them. */

/** The last two axes swapped. */
export function transpose<S>(a: Variable<S>): Variable<S> {
  const transposeVjp: Vjp<S> = (ct) => transpose(ct);
  return node(a.arithmetic, "transpose", transposeView(a.value), [a], [transposeVjp]);
}

/** The same elements, row-major, under another shape of the same size. */
export function reshape<S>(a: Variable<S>, shape: readonly number[]): Variable<S> {
  const reshapeVjp: Vjp<S> = (ct) => reshape(ct, a.shape);
  return node(a.arithmetic, "reshape", reshapeView(contiguous(a), shape), [a], [reshapeVjp]);
}

/** Repeated along new leading axes and along axes of length 1 (NumPy's rule). */
export function broadcastTo<S>(a: Variable<S>, shape: readonly number[]): Variable<S> {
  if (sameShape(a.shape, shape)) return a;
  const broadcastToVjp: Vjp<S> = (ct) => sumTo(ct, a.shape);
  return node(a.arithmetic, "broadcastTo", broadcastView(a.value, shape), [a], [broadcastToVjp]);
}

/** Summed over the axes that broadcasting `shape` to a's shape would repeat. */
export function sumTo<S>(a: Variable<S>, shape: readonly number[]): Variable<S> {
  if (sameShape(a.shape, shape)) return a;
  const A = a.arithmetic;
  const lead = a.shape.length - shape.length;
  if (lead < 0 || !shape.every((length, axis) => length === 1 || length === a.shape[lead + axis])) {
    throw new ShapeError("sumTo", "a shape that broadcasts to the first", a.shape, shape);
  }
  const value = A.empty(shape);
  A.reduce("sum", reshapeView(value, [...new Array<number>(lead).fill(1), ...shape]), a.value, "write");
  const sumToVjp: Vjp<S> = (ct) => broadcastTo(ct, a.shape);
  return node(A, "sumTo", value, [a], [sumToVjp]);
}

/** The sum of all elements, a scalar. */
export function sum<S>(a: Variable<S>): Variable<S> {
  return sumTo(a, []);
}

/** The part [start, end) along the first axis. */
export function slice<S>(a: Variable<S>, start: number, end: number): Variable<S> {
  const sliceVjp: Vjp<S> = (ct) => place(ct, start, a.shape[0]);
  return node(a.arithmetic, "slice", sliceView(a.value, start, end), [a], [sliceVjp]);
}

/** Element `index` of the first axis, which goes. */
export function at<S>(a: Variable<S>, index: number): Variable<S> {
  const atVjp: Vjp<S> = (ct) => place(reshape(ct, [1, ...ct.shape]), index, a.shape[0]);
  return node(a.arithmetic, "at", atView(a.value, index), [a], [atVjp]);
}

/** Zeros of that length along the first axis, with `a` from `start` on: what slice takes, put back. */
function place<S>(a: Variable<S>, start: number, length: number): Variable<S> {
  const A = a.arithmetic;
  const value = zeros(a, [length, ...a.shape.slice(1)]);
  const end = start + a.shape[0];
  A.copy(sliceView(value, start, end), a.value);
  const placeVjp: Vjp<S> = (ct) => slice(ct, start, end);
  return node(A, "place", value, [a], [placeVjp]);
}

/**
 * Row rows[i] of the first axis for each i; rows may repeat.
 *
 * @throws RangeError for a row that is not there.
 */
export function take<S>(a: Variable<S>, rows: ArrayLike<number>): Variable<S> {
  const A = a.arithmetic;
  // A copy: whoever fills one array of rows again and again would change the gradient of what was taken before.
  const kept = Array.from(rows);
  const value = A.empty([kept.length, ...a.shape.slice(1)]);
  A.take(value, a.value, kept);
  const takeVjp: Vjp<S> = (ct) => scatter(ct, kept, a.shape[0]);
  return node(A, "take", value, [a], [takeVjp]);
}

/** Zeros of that length along the first axis, with a[i] added to row rows[i]. */
function scatter<S>(a: Variable<S>, rows: readonly number[], length: number): Variable<S> {
  const A = a.arithmetic;
  const value = zeros(a, [length, ...a.shape.slice(1)]);
  A.addAt(value, rows, a.value);
  const scatterVjp: Vjp<S> = (ct) => take(ct, rows);
  return node(A, "scatter", value, [a], [scatterVjp]);
}

function zeros<S>(like: Variable<S>, shape: readonly number[]): Tensor<S> {
  const A = like.arithmetic;
  const value = A.empty(shape);
  A.copy(value, A.ratio(0, 1));
  return value;
}

function contiguous<S>(a: Variable<S>): Tensor<S> {
  const value = a.arithmetic.empty(a.shape);
  a.arithmetic.copy(value, a.value);
  return value;
}
