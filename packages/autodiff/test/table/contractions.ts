import { einsum, tensordot } from "../../src/operations/contraction.ts";
import { type Operation, range } from "./operation.ts";

const product = { magnitude: 6 * range ** 2, roundings: 12, exact: "polynomial" } as const;

/** Sums of products over named or numbered axes. */
export const contractions: readonly Operation[] = [
  {
    ...product,
    name: "tensordot",
    apply: ([a, b]) => tensordot(a, b),
    shapes: [
      [
        [2, 2, 3],
        [3, 2],
      ],
      [[3], [3]],
    ],
  },
  {
    ...product,
    name: "tensordot, over two pairs",
    apply: ([a, b]) =>
      tensordot(a, b, [
        [2, 0],
        [0, 1],
      ]),
    shapes: [
      [
        [2, 2, 3],
        [3, 2, 2],
      ],
    ],
  },
  {
    ...product,
    name: "einsum, of matrices",
    apply: ([a, b]) => einsum("ij,kj->ki", a, b),
    shapes: [
      [
        [2, 3],
        [2, 3],
      ],
    ],
  },
  {
    ...product,
    name: "einsum, with a batch, a sum and an outer product",
    apply: ([a, b]) => einsum("bin,bj->jbi", a, b),
    shapes: [
      [
        [2, 2, 3],
        [2, 2],
      ],
    ],
  },
  {
    ...product,
    name: "einsum, of a diagonal",
    apply: ([a]) => einsum("iij->j", a),
    shapes: [[[3, 3, 2]]],
  },
  {
    name: "einsum, of three",
    apply: ([a, b, c]) => einsum("ij,jk,ik->i", a, b, c),
    shapes: [
      [
        [2, 2],
        [2, 3],
        [2, 3],
      ],
    ],
    magnitude: 6 * range ** 3,
    roundings: 12,
    exact: "dual",
  },
];
