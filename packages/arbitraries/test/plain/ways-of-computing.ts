import type { Operations, Step } from "../../src/graph/program.ts";
import type { NumericArray, Shape } from "../../src/numeric-array.ts";
import { line, readBroadcast, tabulate } from "./indexed.ts";

/** What many operations have in common, index by index. */

export type Apply = Operations<NumericArray>[string];

export function elementwise(f: (...numbers: number[]) => number): Apply {
  return (arrays) =>
    tabulate(common(arrays.map(({ shape }) => shape)), (index) => f(...arrays.map((a) => readBroadcast(a, index))));
}

/** Of the longest shape, each length the one that is not 1. */
export function common(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const other = lengths.find((length) => length !== 1) ?? 1;
    if (lengths.some((length) => length !== 1 && length !== other)) throw new RangeError("lengths differ");
    return other;
  });
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0);
}

export function parametersOf<P>({ parameters }: Step): P {
  return parameters as P;
}

/** Axes one by one, from the last: gone or of length 1. */
export function reduced(f: (numbers: readonly number[]) => number): Apply {
  return ([a], step) => {
    const { axes, keepDimensions } = parametersOf<{ axes: readonly number[]; keepDimensions: boolean }>(step);
    return axes
      .toSorted((left, right) => right - left)
      .reduce((array, axis) => alongAxis(array, axis, keepDimensions, f), a);
  };
}

export function alongAxis(
  a: NumericArray,
  axis: number,
  keepDimensions: boolean,
  f: (numbers: readonly number[]) => number,
): NumericArray {
  const shape = keepDimensions ? a.shape.with(axis, 1) : a.shape.toSpliced(axis, 1);
  return tabulate(shape, (index) => f(line(a, keepDimensions ? index : index.toSpliced(axis, 0, 0), axis)));
}

export const logSumExp = (numbers: readonly number[]) => {
  const largest = Math.max(...numbers);
  return largest + Math.log(total(numbers.map((x) => Math.exp(x - largest))));
};
