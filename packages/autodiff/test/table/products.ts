import { affine } from "../../src/operations/affine.ts";
import { matmul } from "../../src/operations/matmul.ts";
import { type Operation, range } from "./operation.ts";

const product = { magnitude: 3 * range ** 2, roundings: 6, exact: "polynomial" } as const;

export const products: readonly Operation[] = [
  {
    ...product,
    name: "matmul",
    apply: ([a, b]) => matmul(a, b),
    shapes: [
      [
        [2, 3],
        [3, 2],
      ],
      [
        [1, 3],
        [3, 1],
      ],
      [
        [3, 3],
        [3, 3],
      ],
    ],
  },
  {
    ...product,
    name: "matmul, with leading axes",
    apply: ([a, b]) => matmul(a, b),
    shapes: [
      [
        [2, 2, 3],
        [2, 3, 2],
      ],
      [
        [2, 2, 2],
        [2, 2],
      ],
      [
        [1, 2],
        [2, 1, 2, 2],
      ],
      [
        [2, 1, 1, 2],
        [2, 2, 1],
      ],
    ],
  },
  {
    ...product,
    name: "affine",
    apply: ([a, b, c]) => affine(a, b, c),
    shapes: [
      [
        [2, 3],
        [3, 2],
        [2, 2],
      ],
      [[2, 3], [3, 2], [2]],
      [
        [3, 2],
        [2, 2],
        [3, 1],
      ],
      [[1, 2], [2, 1], []],
    ],
  },
];
