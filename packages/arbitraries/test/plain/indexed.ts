import type { NumericArray, Shape } from "../../src/numeric-array.ts";

export type Index = readonly number[];

/** The array with this number at each index. */
export function tabulate(shape: Shape, at: (index: Index) => number): NumericArray {
  return { shape, data: Float64Array.from(indices(shape), at) };
}

/** All indices, the last axis counting fastest. */
export function indices(shape: Shape): Index[] {
  return shape.reduce<Index[]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The number at an index of the array itself. */
export function read({ shape, data }: NumericArray, index: Index): number {
  if (index.length !== shape.length || index.some((i, axis) => !(i >= 0 && i < shape[axis]))) {
    throw new RangeError(`read: no index [${index}] in [${shape}]`);
  }
  return data[index.reduce((place, i, axis) => place * shape[axis] + i, 0)];
}

/** The number that broadcasting puts at an index of a larger array: last axes aligned, 0 along axes of length 1. */
export function readBroadcast(array: NumericArray, index: Index): number {
  const own = index.slice(index.length - array.shape.length);
  return read(
    array,
    own.map((i, axis) => (array.shape[axis] === 1 ? 0 : i)),
  );
}

/** The numbers along one axis, the index's own place on it replaced by each there is. */
export function line(array: NumericArray, index: Index, axis: number): number[] {
  return Array.from({ length: array.shape[axis] }, (_, i) => read(array, index.with(axis, i)));
}
