import type { Operations } from "../../src/graph/program.ts";
import { type NumericArray, type Shape, sizeOf } from "../../src/numeric-array.ts";
import { line, read, tabulate } from "./indexed.ts";
import { parametersOf, reduced, total } from "./ways-of-computing.ts";

const reflected = (i: number, length: number): number => (i < 0 ? -i : i < length ? i : 2 * (length - 1) - i);

/** Elements taken from elsewhere; folded otherwise than by a sum; what runs along an axis. */
export const rearrangements: Operations<NumericArray> = {
  flip([a], step) {
    const { axes } = parametersOf<{ axes: readonly number[] }>(step);
    return tabulate(a.shape, (index) =>
      read(
        a,
        index.map((i, axis) => (axes.includes(axis) ? a.shape[axis] - 1 - i : i)),
      ),
    );
  },
  pad([a], step) {
    const { widths, mode } = parametersOf<{ widths: readonly (readonly number[])[]; mode: string }>(step);
    const shape = a.shape.map((length, axis) => widths[axis][0] + length + widths[axis][1]);
    return tabulate(shape, (index) => {
      const from = index.map((i, axis) => i - widths[axis][0]);
      if (mode === "reflect") {
        return read(
          a,
          from.map((i, axis) => reflected(i, a.shape[axis])),
        );
      }
      return from.every((i, axis) => i >= 0 && i < a.shape[axis]) ? read(a, from) : 0;
    });
  },
  gather([a], step) {
    const { indices: places, axis } = parametersOf<{
      indices: { data: readonly number[]; shape: Shape };
      axis: number;
    }>(step);
    if (places.data.length !== sizeOf(places.shape)) throw new RangeError("sizes differ");
    const at: NumericArray = { shape: places.shape, data: Float64Array.from(places.data) };
    return tabulate(places.shape, (index) => read(a, index.with(axis, read(at, index))));
  },
  scatterAdd([a], step) {
    const {
      indices: places,
      length,
      axis,
    } = parametersOf<{ indices: readonly number[]; length: number; axis: number }>(step);
    if (places.length !== a.shape[axis]) throw new RangeError("lengths differ");
    return tabulate(a.shape.with(axis, length), (index) =>
      total(places.map((place, i) => (place === index[axis] ? read(a, index.with(axis, i)) : 0))),
    );
  },
  diagonal([a]) {
    if (a.shape.length === 1) {
      return tabulate([a.shape[0], a.shape[0]], ([i, j]) => (i === j ? read(a, [i]) : 0));
    }
    const length = Math.min(...a.shape.slice(-2));
    return tabulate([...a.shape.slice(0, -2), length], (index) => read(a, [...index, index.at(-1) as number]));
  },
  oneHot([a], step) {
    const { classes, width } = parametersOf<{ classes: readonly number[]; width: number }>(step);
    return tabulate([a.shape[0], width], ([row, column]) => (classes[row] === column ? 1 : 0));
  },
  unstack([a], step) {
    const { axis, parts } = parametersOf<{ axis: number; parts: readonly number[] }>(step);
    return tabulate([parts.length, ...a.shape.toSpliced(axis, 1)], ([part, ...index]) =>
      read(a, index.toSpliced(axis, 0, parts[part])),
    );
  },
  prod: reduced((numbers) => numbers.reduce((product, x) => product * x, 1)),
  norm: reduced((numbers) => Math.hypot(...numbers)),
  max: reduced((numbers) => Math.max(...numbers)),
  min: reduced((numbers) => Math.min(...numbers)),
  cumsum: running(total),
  cumprod: running((numbers) => numbers.reduce((product, x) => product * x, 1)),
};

/** Of each element and those before it. */
function running(f: (numbers: readonly number[]) => number): Operations<NumericArray>[string] {
  return ([a], step) => {
    const { axis } = parametersOf<{ axis: number }>(step);
    return tabulate(a.shape, (index) => f(line(a, index, axis).slice(0, index[axis] + 1)));
  };
}
