import type { Operations } from "../src/graph/program.ts";
import type { NumericArray, Shape } from "../src/numeric-array.ts";

/** Numbers in nested lists: the shape is what one counts. */
export type Nested = number | Nested[];

export function nest({ shape, data }: NumericArray): Nested {
  const [length, ...rest] = shape;
  if (length === undefined) return data[0];
  const size = data.length / length;
  return Array.from({ length }, (_, i) => nest({ shape: rest, data: data.subarray(i * size, (i + 1) * size) }));
}

export function shapeOf(value: Nested): number[] {
  return typeof value === "number" ? [] : [value.length, ...(value.length > 0 ? shapeOf(value[0]) : [])];
}

function map(f: (x: number) => number, value: Nested): Nested {
  return typeof value === "number" ? f(value) : value.map((part) => map(f, part));
}

/** Element by element, the one with fewer axes used again along the leading ones of the other, length 1 along any. */
function zip(f: (x: number, y: number) => number, a: Nested, b: Nested): Nested {
  const [left, right] = [shapeOf(a).length, shapeOf(b).length];
  if (typeof a === "number" && typeof b === "number") return f(a, b);
  if (left > right) return (a as Nested[]).map((part) => zip(f, part, b));
  if (right > left) return (b as Nested[]).map((part) => zip(f, a, part));
  const [rows, others] = [a as Nested[], b as Nested[]];
  const length = rows.length === 1 ? others.length : rows.length;
  if (others.length !== 1 && others.length !== length) throw new RangeError("zip: lengths differ");
  const at = (list: Nested[], i: number) => list[list.length === 1 ? 0 : i];
  return Array.from({ length }, (_, i) => zip(f, at(rows, i), at(others, i)));
}

function flat(value: Nested): number[] {
  return typeof value === "number" ? [value] : value.flatMap(flat);
}

function transpose(value: Nested): Nested {
  const parts = value as Nested[];
  if (shapeOf(value).length > 2) return parts.map(transpose);
  const rows = parts as number[][];
  return rows[0].map((_, column) => rows.map((row) => row[column]));
}

function reshaped(value: Nested, shape: Shape): Nested {
  const data = Float64Array.from(flat(value));
  if (data.length !== shape.reduce((size, length) => size * length, 1)) throw new RangeError("reshape: sizes differ");
  return nest({ shape, data });
}

/** Added up into zeros of that shape, which broadcasts to the value's. */
function summedTo(value: Nested, shape: Shape): Nested {
  const from = shapeOf(value);
  const sums = new Float64Array(shape.reduce((size, length) => size * length, 1));
  flat(value).forEach((x, place) => {
    let [rest, at, stride] = [place, 0, 1];
    for (let back = 1; back <= from.length; back++) {
      const length = from[from.length - back];
      const own = shape[shape.length - back];
      if (own !== undefined && own !== 1 && own !== length) throw new RangeError("sumTo: lengths differ");
      if (own !== undefined && own !== 1) at += (rest % length) * stride;
      rest = Math.floor(rest / length);
      stride *= own ?? 1;
    }
    sums[at] += x;
  });
  if (shape.length > from.length) throw new RangeError("sumTo: more axes");
  return nest({ shape, data: sums });
}

function matmul(a: Nested, b: Nested): Nested {
  const [rows, columns] = [a as number[][], transpose(b) as number[][]];
  if (rows[0].length !== columns[0].length) throw new RangeError("matmul: lengths differ");
  return rows.map((row) => columns.map((column) => row.reduce((sum, x, i) => sum + x * column[i], 0)));
}

/** The default operations on nested lists; each finds the shape of its result by itself unless the step must say it. */
export const plainOperations: Operations<Nested> = {
  add: ([a, b]) => zip((x, y) => x + y, a, b),
  subtract: ([a, b]) => zip((x, y) => x - y, a, b),
  multiply: ([a, b]) => zip((x, y) => x * y, a, b),
  negate: ([a]) => map((x) => -x, a),
  square: ([a]) => map((x) => x * x, a),
  tanh: ([a]) => map(Math.tanh, a),
  transpose: ([a]) => transpose(a),
  sum: ([a]) => flat(a).reduce((sum, x) => sum + x, 0),
  sumTo: ([a], { shape }) => summedTo(a, shape),
  broadcastTo: ([a], { shape }) =>
    zip((x) => x, a, nest({ shape, data: new Float64Array(shape.reduce((n, l) => n * l, 1)) })),
  reshape: ([a], { shape }) => reshaped(a, shape),
  matmul: ([a, b]) => matmul(a, b),
};
