import { ShapeError, sizeOf } from "@gradproof/arithmetic";
import { type Variable, wrap } from "../variable.ts";
import { reshape } from "./layout.ts";
import { scatterAdd, take } from "./selection.ts";
import { axisOf } from "./shape.ts";

/** Elements taken from elsewhere, repeated or surrounded by zeros, all made of take and scatterAdd. */

/** The axis, or each of several, from its end to its beginning. */
export function flip<S>(a: Variable<S>, axes: number | readonly number[] = 0): Variable<S> {
  return [axes].flat().reduce<Variable<S>>((from, axis) => {
    const length = from.shape[axisOf("flip", axis, from.shape)];
    return take(
      from,
      Array.from({ length }, (_, i) => length - 1 - i),
      axis,
    );
  }, a);
}

export interface PadOptions {
  /** Zeros ("constant", unless given), or the elements mirrored at the first and the last, which are not repeated. */
  readonly mode?: "constant" | "reflect";
}

/**
 * More elements before and after those of each axis: widths[axis] = [before, after].
 *
 * @throws ShapeError for another number of widths than axes, RangeError for a width that is not an integer from 0 on, or,
 *   reflecting, that is longer than what can be mirrored.
 */
export function pad<S>(
  a: Variable<S>,
  widths: readonly (readonly [before: number, after: number])[],
  { mode = "constant" }: PadOptions = {},
): Variable<S> {
  if (widths.length !== a.shape.length) {
    throw new ShapeError("pad", "as many pairs of widths as axes", a.shape, [widths.length]);
  }
  return widths.reduce<Variable<S>>((from, [before, after], axis) => {
    const length = from.shape[axis];
    const longest = mode === "reflect" ? length - 1 : Number.MAX_SAFE_INTEGER;
    for (const width of [before, after]) {
      if (width !== 0 && !(Number.isSafeInteger(width) && width > 0 && width <= longest)) {
        throw new RangeError(
          `pad: a width of ${width} beside ${length} elements; expected an integer from 0 to ${longest}`,
        );
      }
    }
    if (before + after === 0) return from;
    const places = Array.from({ length: before + length + after }, (_, i) => i - before);
    if (mode === "constant") {
      return scatterAdd(
        from,
        places.slice(before, before + length).map((i) => i + before),
        places.length,
        axis,
      );
    }
    return take(
      from,
      places.map((i) => (i < 0 ? -i : i < length ? i : 2 * (length - 1) - i)),
      axis,
    );
  }, a);
}

/**
 * Of each row along the axis the elements that `indices` names: y[…, i, …] = a[…, indices[…, i, …], …]; an index may repeat.
 *
 * @param indices - row-major, in the shape of a but for the axis.
 * @throws ShapeError for another shape of the indices, RangeError for one that is not there.
 */
export function gather<S>(
  a: Variable<S>,
  indices: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  axis = -1,
): Variable<S> {
  const along = axisOf("gather", axis, a.shape);
  const { data, shape } = indices;
  const fits = shape.length === a.shape.length && shape.every((length, n) => n === along || length === a.shape[n]);
  if (!fits || data.length !== sizeOf(shape)) {
    throw new ShapeError(
      "gather",
      `indices of a's shape but along axis ${along}, one for each element`,
      a.shape,
      shape,
    );
  }
  const after = sizeOf(a.shape.slice(along + 1));
  const [width, count] = [a.shape[along], shape[along]];
  const places = Array.from(data, (index, i) => {
    if (!(Number.isInteger(index) && index >= 0 && index < width)) {
      throw new RangeError(`gather: index ${i} is ${index}; expected an integer in [0, ${width})`);
    }
    const row = (i - (i % (count * after))) / (count * after);
    return (row * width + index) * after + (i % after);
  });
  return reshape(take(reshape(a, [sizeOf(a.shape)]), places), shape);
}

/** The diagonal of the last two axes, [..., M, N] to [..., min(M, N)]; or, of a vector [N], a matrix [N, N] that has it. */
export function diagonal<S>(a: Variable<S>): Variable<S> {
  if (a.shape.length === 0) throw new ShapeError("diagonal", "at least one axis", a.shape);
  if (a.shape.length === 1) {
    const [length] = a.shape;
    const places = Array.from({ length }, (_, i) => i * (length + 1));
    return reshape(scatterAdd(a, places, length * length), [length, length]);
  }
  const lead = a.shape.slice(0, -2);
  const [rows, columns] = a.shape.slice(-2);
  const places = Array.from({ length: Math.min(rows, columns) }, (_, i) => i * (columns + 1));
  return take(reshape(a, [...lead, rows * columns]), places, -1);
}

/**
 * Rows that are 0 but for a 1 in their class: classes [N] to a constant [N, width].
 *
 * @throws RangeError for a class that is not an integer in [0, width).
 */
export function oneHot<S>(
  { arithmetic: A }: Pick<Variable<S>, "arithmetic">,
  classes: ArrayLike<number>,
  width: number,
): Variable<S> {
  const numbers = new Float64Array(classes.length * width);
  Array.from(classes).forEach((label, row) => {
    if (!(Number.isInteger(label) && label >= 0 && label < width)) {
      throw new RangeError(`oneHot: class ${label} at row ${row}; expected an integer in [0, ${width})`);
    }
    numbers[row * width + label] = 1;
  });
  return wrap(A, A.lift(numbers, [classes.length, width]));
}
