import { multiply } from "../../src/operations/elementwise.ts";
import { abs, max, maximum, min, minimum, sign } from "../../src/operations/extremes.ts";
import { norm } from "../../src/operations/norm.ts";
import { moved, type Operation, one, pairs, range } from "./operation.ts";

const chosen = { ...moved, apart: true } as const;

/** Sizes, signs and what is largest. */
export const extremes: readonly Operation[] = [
  { name: "abs", apply: ([a]) => abs(a), shapes: one, ...moved, distance: 1 / 8 },
  {
    name: "sign, times its argument",
    apply: ([a]) => multiply(a, sign(a)),
    shapes: one,
    ...moved,
    distance: 1 / 8,
  },
  { name: "maximum", apply: ([a, b]) => maximum(a, b), shapes: pairs, ...chosen },
  { name: "minimum", apply: ([a, b]) => minimum(a, b), shapes: pairs, ...chosen },
  { name: "max", apply: ([a]) => max(a), shapes: [[[2, 3]], [[]], [[4, 2, 2]]], ...chosen },
  { name: "max, over axis 1", apply: ([a]) => max(a, 1), shapes: [[[3, 3]], [[2, 3, 2]]], ...chosen },
  {
    name: "max, over axes that stay",
    apply: ([a]) => max(a, [0, -1], { keepDimensions: true }),
    shapes: [[[2, 3]], [[2, 2, 3]]],
    ...chosen,
  },
  { name: "min", apply: ([a]) => min(a), shapes: [[[2, 3]]], ...chosen },
  { name: "min, over axis 0", apply: ([a]) => min(a, 0), shapes: [[[3, 3]], [[2, 3, 2]]], ...chosen },
  {
    name: "norm",
    apply: ([a]) => norm(a),
    shapes: [[[2, 3]], [[3]]],
    magnitude: 3 * range ** 2,
    roundings: 9,
    distance: 1 / 2,
    exact: "dual",
  },
  {
    name: "norm, over axis 0",
    apply: ([a]) => norm(a, 0),
    shapes: [[[3, 3]], [[2, 3, 2]]],
    magnitude: 3 * range ** 2,
    roundings: 6,
    distance: 1 / 2,
    exact: "dual",
  },
];
