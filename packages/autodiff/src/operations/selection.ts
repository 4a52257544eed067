import {
  addAt,
  at as atView,
  ShapeError,
  slice as sliceView,
  type Tensor,
  take as takeRows,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { type Jvps, node, type Rule, type Term, type Variable, type VjpRule } from "../variable.ts";
import { axisOf } from "./shape.ts";
import { filled } from "./values.ts";

/** Parts of a variable along one axis, the first if none is given; each one's rule puts them back among zeros. */

/** A part of a tensor. */
interface Part<S> {
  /** The elements [start, end) of an axis, as a view of the whole, if it is that. */
  readonly span?: { readonly axis: number; readonly start: number; readonly end: number; readonly view: View<S> };
  /** The part of `whole` ← what is there + `value`. */
  readonly add: (whole: Tensor<S>, value: Tensor<S>) => void;
  readonly of: (whole: Variable<S>) => Variable<S>;
}

type View<S> = (whole: Tensor<S>) => Tensor<S>;

/** A variable and where it goes. */
interface Placed<S> extends Term<S> {
  readonly variable: Variable<S>;
  readonly part: Part<S>;
}

/** The part [start, end) of the axis, both counted from 0 on or from -1 back. No copy. */
export function slice<S>(a: Variable<S>, first: number, behind: number, axis = 0): Variable<S> {
  const along = axisOf("slice", axis, a.shape);
  const [start, end] = [first, behind].map((place) => fromFront(place, a.shape[along]));
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= a.shape[along])) {
    const expected = `0 <= start <= end <= length of axis ${along}, counted from 0 on or from -1 back`;
    throw new ShapeError(`slice(${first}, ${behind})`, expected, a.shape);
  }
  const view = (t: Tensor<S>) => sliceView(t, start, end, along);
  return selected(
    "slice",
    a,
    view(a.value),
    partAt(a, { axis: along, start, end, view }, (whole) => slice(whole, start, end, along)),
  );
}

/** Element `place` of the axis, counted from 0 on or from -1 back; the axis goes. No copy. */
export function at<S>(a: Variable<S>, place: number, axis = 0): Variable<S> {
  const along = axisOf("at", axis, a.shape);
  const index = fromFront(place, a.shape[along]);
  if (!(Number.isInteger(index) && 0 <= index && index < a.shape[along])) {
    throw new ShapeError(`at(${place})`, `an index of axis ${along}, from 0 on or from -1 back`, a.shape);
  }
  const view = (t: Tensor<S>) => atView(t, index, along);
  return selected(
    "at",
    a,
    view(a.value),
    partAt(a, { axis: along, start: index, end: index + 1, view }, (whole) => at(whole, index, along)),
  );
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
  takeRows(A, axisFirst(value, along), axisFirst(a.value, along), kept);
  return selected("take", a, value, partOfIndices(a, kept, along));
}

/**
 * Zeros of that length along the axis, with element i of `a` added to element indices[i]; an index may repeat.
 *
 * @throws ShapeError for another number of indices than elements, RangeError for an index that is not there.
 */
export function scatterAdd<S>(a: Variable<S>, indices: ArrayLike<number>, length: number, axis = 0): Variable<S> {
  const along = axisOf("scatterAdd", axis, a.shape);
  if (indices.length !== a.shape[along]) {
    throw new ShapeError("scatterAdd", `as many indices as elements along axis ${along}`, a.shape, [indices.length]);
  }
  return place(a.shape.with(along, length), [placed(a, partOfIndices(a, Array.from(indices), along))]);
}

/** All elements of the axis, which goes: at(a, 0), at(a, 1) ... */
export function unstack<S>(a: Variable<S>, axis = 0): Variable<S>[] {
  return Array.from({ length: a.shape[axisOf("unstack", axis, a.shape)] }, (_, i) => at(a, i, axis));
}

function fromFront(place: number, length: number): number {
  return place < 0 ? place + length : place;
}

function selected<S>(operation: string, a: Variable<S>, value: Tensor<S>, part: Part<S>): Variable<S> {
  const vjp: VjpRule<S> = (ct) => placed(ct, part);
  return node(a.arithmetic, operation, value, [a], [vjp], [part.of]);
}

function partAt<S>({ arithmetic: A }: Variable<S>, span: NonNullable<Part<S>["span"]>, of: Part<S>["of"]): Part<S> {
  const add = (whole: Tensor<S>, value: Tensor<S>) => {
    const place = span.view(whole);
    A.binary(op.add, place, place, value);
  };
  return { span, add, of };
}

function partOfIndices<S>(a: Variable<S>, indices: readonly number[], axis: number): Part<S> {
  const A = a.arithmetic;
  return {
    add: (whole, value) => addAt(A, axisFirst(whole, axis), indices, axisFirst(value, axis)),
    of: (whole) => take(whole, indices, axis),
  };
}

function placed<S>(variable: Variable<S>, part: Part<S>): Term<S> {
  const term: Placed<S> = { total: place, variable, part };
  return term;
}

/** The sum of base, or of zeros of that shape, and the variables in their parts        each one's da = its part of ȳ */
function place<S>(shape: readonly number[], terms: readonly Term<S>[], base?: Variable<S>): Variable<S> {
  const all = terms as readonly Placed<S>[];
  const A = all[0].variable.arithmetic;
  const spans = base ? undefined : tiling(shape, all);
  const value = spans ? A.empty(shape) : filled(A, shape, base ? base.value : A.ratio(0, 1));
  all.forEach(({ variable, part }, i) => {
    if (spans) A.copy(spans[i].view(value), variable.value);
    else part.add(value, variable.value);
  });
  const inputs = all.map(({ variable }) => variable);
  const vjps: Rule<S>[] = all.map(
    ({ part }) =>
      (ct) =>
        part.of(ct),
  );
  const placeJvp: Jvps<S> = (tangents, _, y) => {
    const moved = all.flatMap(({ part }, i) => {
      const tangent = tangents[i];
      return tangent ? placed(tangent, part) : [];
    });
    return moved.length > 0 ? place(y.shape, moved, tangents[all.length]) : (tangents[all.length] as Variable<S>);
  };
  const same: Rule<S> = (ct) => ct;
  return node(A, "place", value, base ? [...inputs, base] : inputs, base ? [...vjps, same] : vjps, placeJvp);
}

/** The parts as spans, if one begins where another ends, from the beginning of an axis to its end. */
function tiling<S>(shape: readonly number[], placed: readonly Placed<S>[]) {
  const spans: NonNullable<Part<S>["span"]>[] = [];
  let [start, along] = [0, 0];
  for (const { part } of placed) {
    const { span } = part;
    if (!span || span.start !== start || (start > 0 && span.axis !== along)) return undefined;
    [start, along] = [span.end, span.axis];
    spans.push(span);
  }
  return start === shape[along] ? spans : undefined;
}

/** A view with that axis before the others. */
function axisFirst<S>(t: Tensor<S>, axis: number): Tensor<S> {
  return transposeView(t, [axis, ...[...t.shape.keys()].toSpliced(axis, 1)]);
}
