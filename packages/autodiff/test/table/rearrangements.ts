import { multiply } from "../../src/operations/elementwise.ts";
import { diagonal, flip, gather, oneHot, pad } from "../../src/operations/rearranging.ts";
import { moved, type Operation, range } from "./operation.ts";

const summed = { magnitude: 4 * range, roundings: 4, exact: "polynomial" } as const;

/** Elements taken from elsewhere, repeated or surrounded by zeros. */
export const rearrangements: readonly Operation[] = [
  { name: "flip", apply: ([a]) => flip(a), shapes: [[[3, 2]], [[4]]], ...moved },
  { name: "flip, both axes", apply: ([a]) => flip(a, [0, -1]), shapes: [[[2, 3]], [[2, 2, 2]]], ...moved },
  {
    name: "pad, with zeros",
    apply: ([a]) =>
      pad(a, [
        [1, 0],
        [0, 2],
      ]),
    shapes: [[[2, 3]], [[1, 2]]],
    ...moved,
  },
  {
    name: "pad, reflected",
    apply: ([a]) =>
      pad(
        a,
        [
          [1, 1],
          [2, 0],
        ],
        { mode: "reflect" },
      ),
    shapes: [[[2, 3]]],
    ...summed,
  },
  {
    name: "gather",
    apply: ([a]) => gather(a, { data: [2, 0, 2, 1, 1, 1], shape: [2, 3] }),
    shapes: [[[2, 3]]],
    ...moved,
  },
  {
    name: "gather, along axis 0",
    apply: ([a]) => gather(a, { data: [2, 0, 2, 1], shape: [2, 2] }, 0),
    shapes: [[[3, 2]]],
    ...moved,
  },
  { name: "diagonal", apply: ([a]) => diagonal(a), shapes: [[[3, 2]], [[2, 2, 3]], [[3]]], ...moved },
  {
    name: "oneHot, times a matrix",
    apply: ([a]) => multiply(oneHot(a, [2, 0, 2], 3), a),
    shapes: [[[3, 3]], [[3, 1]]],
    ...moved,
  },
];
