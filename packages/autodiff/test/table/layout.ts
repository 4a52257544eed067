import { broadcastTo, sumTo } from "../../src/operations/broadcasting.ts";
import { add } from "../../src/operations/elementwise.ts";
import { concat, stack } from "../../src/operations/joining.ts";
import { reshape, transpose } from "../../src/operations/layout.ts";
import { matmul } from "../../src/operations/matmul.ts";
import { mean, sum } from "../../src/operations/reduction.ts";
import { at, scatterAdd, slice, take, unstack } from "../../src/operations/selection.ts";
import { shared } from "../../src/operations/sharing.ts";
import { moved, type Operation, range } from "./operation.ts";

const summed = { magnitude: 6 * range, roundings: 7, exact: "polynomial" } as const;

/** What moves elements and sums them where they meet. */
export const layoutOperations: readonly Operation[] = [
  { name: "transpose", apply: ([a]) => transpose(a), shapes: [[[2, 3]], [[2, 2, 3]]], ...moved },
  { name: "transpose, of all axes", apply: ([a]) => transpose(a, [-1, 0, 1]), shapes: [[[2, 3, 2]]], ...moved },
  { name: "shared", apply: ([a]) => shared(a), shapes: [[[2, 3]], [[]]], ...moved },
  {
    name: "shared, by products with leading axes",
    apply([a, b]) {
      const [left, right] = [shared(a), shared(b)];
      return add(matmul(left, right), matmul(right, transpose(left)));
    },
    shapes: [
      [
        [2, 2],
        [3, 2, 2],
      ],
    ],
    ...summed,
  },
  {
    name: "shared, by products and repeated",
    apply([a]) {
      const often = shared(a);
      return add(matmul(often, transpose(often)), sum(add(often, reshape(often, [1, ...often.shape]))));
    },
    shapes: [[[2, 3]]],
    ...summed,
  },
  { name: "reshape", apply: ([a]) => reshape(a, [3, 1, 2]), shapes: [[[2, 3]], [[6]]], ...moved },
  {
    name: "broadcastTo",
    apply: ([a]) => broadcastTo(a, [2, 2, 3]),
    shapes: [[[1, 3]], [[2, 1, 1]], [[]], [[2, 2, 3]]],
    ...moved,
  },
  { name: "sumTo", apply: ([a]) => sumTo(a, [1, 3]), shapes: [[[2, 2, 3]], [[4, 3]], [[1, 3]]], ...summed },
  { name: "sum", apply: ([a]) => sum(a), shapes: [[[2, 3]], [[]]], ...summed },
  { name: "sum, over axis 1", apply: ([a]) => sum(a, 1), shapes: [[[3, 3]], [[2, 3, 2]]], ...summed },
  {
    name: "sum, over axes that stay",
    apply: ([a]) => sum(a, [0, -1], { keepDimensions: true }),
    shapes: [[[2, 3]], [[2, 2, 3]]],
    ...summed,
  },
  { name: "mean", apply: ([a]) => mean(a), shapes: [[[2, 3]], [[]]], ...summed },
  { name: "mean, over axis 1", apply: ([a]) => mean(a, 1), shapes: [[[3, 3]], [[2, 3, 2]]], ...summed },
  { name: "slice", apply: ([a]) => slice(a, 1, 3), shapes: [[[4, 2]], [[3]]], ...moved },
  { name: "slice, along the last axis", apply: ([a]) => slice(a, 1, 3, -1), shapes: [[[2, 4]], [[2, 1, 3]]], ...moved },
  { name: "at", apply: ([a]) => at(a, 1), shapes: [[[3, 2]], [[2]]], ...moved },
  { name: "slice, from the end", apply: ([a]) => slice(a, -3, -1), shapes: [[[4, 2]], [[3]]], ...moved },
  { name: "at, from the end", apply: ([a]) => at(a, -1), shapes: [[[3, 2]], [[2]]], ...moved },
  { name: "at, along axis 1", apply: ([a]) => at(a, 1, 1), shapes: [[[2, 2]], [[2, 3, 2]]], ...moved },
  { name: "take", apply: ([a]) => take(a, [2, 0, 2, 2]), shapes: [[[3, 2]], [[4]]], ...moved },
  { name: "take, along axis 1", apply: ([a]) => take(a, [2, 0, 2, 2], 1), shapes: [[[2, 3]], [[2, 3, 2]]], ...moved },
  { name: "scatterAdd", apply: ([a]) => scatterAdd(a, [2, 0, 2], 4), shapes: [[[3, 2]], [[3]]], ...summed },
  { name: "scatterAdd, along axis 1", apply: ([a]) => scatterAdd(a, [1, 1], 3, 1), shapes: [[[2, 2]]], ...summed },
  {
    name: "unstack, one part used twice",
    apply: ([a]) => {
      const [first, , third] = unstack(a, 1);
      return add(add(first, third), first);
    },
    shapes: [[[2, 3]], [[2, 3, 2]]],
    ...summed,
  },
  {
    name: "concat",
    apply: ([a, b, c]) => concat([a, b, c]),
    shapes: [
      [
        [1, 2],
        [3, 2],
        [2, 2],
      ],
      [[2], [0], [1]],
    ],
    ...moved,
  },
  {
    name: "concat, along the last axis, of one twice",
    apply: ([a, b]) => concat([a, b, a], -1),
    shapes: [
      [
        [2, 1],
        [2, 2],
      ],
      [
        [2, 2, 1],
        [2, 2, 2],
      ],
    ],
    ...moved,
  },
  {
    name: "stack",
    apply: ([a, b]) => stack([a, b]),
    shapes: [
      [[3], [3]],
      [
        [2, 2],
        [2, 2],
      ],
      [[], []],
    ],
    ...moved,
  },
  {
    name: "stack, along the last axis, of one twice",
    apply: ([a, b]) => stack([a, b, a], -1),
    shapes: [
      [[3], [3]],
      [
        [2, 2],
        [2, 2],
      ],
    ],
    ...moved,
  },
];
