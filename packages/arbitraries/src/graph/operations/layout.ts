import { sameShape, sizeOf } from "../../numeric-array.ts";
import { type GraphOperation, type Way, waysTo } from "./operation.ts";

/** What moves elements without computing. */

/** Parameters: axes, of which axis n of the result is axis axes[n] of the argument. The last two first. */
export const transpose: GraphOperation = {
  name: "transpose",
  arity: 1,
  ways(a) {
    const axes = [...a.keys()];
    const orders =
      axes.length < 2
        ? []
        : [[...axes.slice(0, -2), ...axes.slice(-2).toReversed()], ...(axes.length > 2 ? rotations(axes) : [])];
    return orders.map((order) => ({ shape: order.map((axis) => a[axis]), parameters: { axes: order } }));
  },
};

function rotations(axes: readonly number[]): number[][] {
  return axes.slice(1).map((_, by) => [...axes.slice(by + 1), ...axes.slice(0, by + 1)]);
}

/** To the shape of the step. */
export const reshape: GraphOperation = {
  name: "reshape",
  arity: 1,
  ways: (a) =>
    waysTo(a, [[sizeOf(a)], [1, ...a], [...a, 1], a.toReversed(), [1, sizeOf(a)], a.filter((length) => length !== 1)]),
};

/** To the shape of the step: a new leading axis, or an axis of length 1 repeated. */
export const broadcastTo: GraphOperation = {
  name: "broadcastTo",
  arity: 1,
  ways(a) {
    const repeated = a.flatMap((length, axis) => (length === 1 ? [a.with(axis, 2), a.with(axis, 3)] : []));
    return waysTo(a, [[2, ...a], [3, ...a], ...repeated]);
  },
};

/** Parameters: index, axis. */
export const at: GraphOperation = {
  name: "at",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis) => {
      const ends = length === 0 ? [] : [...new Set([0, length - 1])];
      return ends.map((index): Way => ({ shape: a.toSpliced(axis, 1), parameters: { index, axis } }));
    }),
};

/** Parameters: start, end, axis. Never the whole axis, nor an empty part of it. */
export const slice: GraphOperation = {
  name: "slice",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis) => {
      const parts = [[0, length - 1], [1, length], ...(length > 2 ? [[1, length - 1]] : [])];
      return (length < 2 ? [] : parts).map(
        ([start, end]): Way => ({ shape: a.with(axis, end - start), parameters: { start, end, axis } }),
      );
    }),
};

/** Parameters: indices, axis. The order turned round, an index repeated, an element left out. */
export const take: GraphOperation = {
  name: "take",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis) => {
      const [first, last] = [0, length - 1];
      const choices =
        length < 2
          ? [[first, first]]
          : [
              [last, first],
              [first, last, first],
              [last, last],
            ];
      return (length === 0 ? [] : choices).map(
        (indices): Way => ({ shape: a.with(axis, indices.length), parameters: { indices, axis } }),
      );
    }),
};

/** Parameters: axis, a new one. */
export const stack: GraphOperation = {
  name: "stack",
  arity: 2,
  ways(a, b) {
    if (!sameShape(a, b)) return [];
    const axes = [...new Set([0, a.length])];
    return axes.map((axis) => ({ shape: a.toSpliced(axis, 0, 2), parameters: { axis } }));
  },
  weight: 3,
};

/** Parameters: axis, along which lengths may differ. */
export const concat: GraphOperation = {
  name: "concat",
  arity: 2,
  ways: (a, b) =>
    a.flatMap((length, axis): Way[] => {
      const fits = a.length === b.length && sameShape(a.with(axis, 0), b.with(axis, 0));
      return fits ? [{ shape: a.with(axis, length + b[axis]), parameters: { axis } }] : [];
    }),
  weight: 2,
};
