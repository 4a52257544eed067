import { type Shape, sizeOf } from "../../numeric-array.ts";
import type { GraphOperation, Way } from "./operation.ts";

/** Elements taken from elsewhere, repeated, added up where they meet, or surrounded by zeros. */

/** Parameters: axes. One that there is something to turn round of, or all. */
export const flip: GraphOperation = {
  name: "flip",
  arity: 1,
  ways(a) {
    const axes = [...a.keys()].filter((axis) => a[axis] !== 1);
    const choices = [...axes.map((axis) => [axis]), ...(a.length > 1 ? [[...a.keys()]] : [])];
    return choices.map((chosen) => ({ shape: a, parameters: { axes: chosen } }));
  },
};

/** Parameters: widths, [before, after] for each axis; mode, "constant" for zeros or "reflect". */
export const pad: GraphOperation = {
  name: "pad",
  arity: 1,
  ways(a) {
    const none = a.map(() => [0, 0]);
    const padded = (mode: string, widths: readonly (readonly number[])[]): Way => ({
      shape: a.map((length, axis) => length + widths[axis][0] + widths[axis][1]),
      parameters: { widths, mode },
    });
    const each = a.flatMap((length, axis) => [
      padded("constant", none.with(axis, [1, 0])),
      padded("constant", none.with(axis, [0, 2])),
      ...(length < 2 ? [] : [padded("reflect", none.with(axis, [1, length - 1]))]),
    ]);
    const all = a.length > 1 ? [padded("constant", none.with(0, [1, 1]).with(-1, [0, 1]))] : [];
    return [...each, ...all];
  },
};

/** Parameters: indices, { data, shape }, an index into the axis for each element of the result; axis. */
export const gather: GraphOperation = {
  name: "gather",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis) => {
      const among = (count: number): Way => {
        const shape = a.with(axis, count);
        const data = Array.from({ length: sizeOf(shape) }, (_, place) => (2 * coordinates(place, shape) + 1) % length);
        return { shape, parameters: { indices: { data, shape }, axis } };
      };
      return length === 0 ? [] : [among(2), among(length + 1)];
    }),
};

/** The sum of the coordinates of an element, counted row-major. */
function coordinates(place: number, shape: Shape): number {
  let [rest, sum] = [place, 0];
  for (const length of shape.toReversed()) {
    sum += rest % length;
    rest = Math.floor(rest / length);
  }
  return sum;
}

/** Parameters: indices, where each element of the axis is added; length of the axis of the result; axis. */
export const scatterAdd: GraphOperation = {
  name: "scatterAdd",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis) => {
      const places = [...new Array<number>(length).keys()];
      const scattered = (indices: readonly number[], longer: number): Way => ({
        shape: a.with(axis, longer),
        parameters: { indices, length: longer, axis },
      });
      // Elements that meet, and a place where none goes; the order turned round with gaps.
      return [
        scattered(
          places.map((i) => 2 * (i % 2)),
          3,
        ),
        scattered(
          places.map((i) => 2 * (length - 1 - i)),
          2 * length,
        ),
      ];
    }),
};

/** The diagonal of the last two axes; or, of a vector, a matrix that has it. */
export const diagonal: GraphOperation = {
  name: "diagonal",
  arity: 1,
  ways(a) {
    if (a.length === 0) return [];
    const [rows, columns] = a.slice(-2);
    return [{ shape: a.length === 1 ? [rows, rows] : [...a.slice(0, -2), Math.min(rows, columns)] }];
  },
};

/** A constant for each element of the first axis: a row with a 1 in its class. Parameters: classes, width. */
export const oneHot: GraphOperation = {
  name: "oneHot",
  arity: 1,
  ways([rows]) {
    if (rows === undefined) return [];
    const classes = Array.from({ length: rows }, (_, row) => (2 * row + 1) % 3);
    return [{ shape: [rows, 3], parameters: { classes, width: 3 } }];
  },
};

/** Parameters: axis; parts, which of its elements are stacked along a new first axis: all, or one of them twice. */
export const unstack: GraphOperation = {
  name: "unstack",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis) => {
      const [all, last] = [[...new Array<number>(length).keys()], length - 1];
      return (length === 0 ? [] : [all, [last, 0, last]]).map(
        (parts): Way => ({ shape: [parts.length, ...a.toSpliced(axis, 1)], parameters: { axis, parts } }),
      );
    }),
};
