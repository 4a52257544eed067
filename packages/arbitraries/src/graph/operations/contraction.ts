import { type Shape, sameShape } from "../../numeric-array.ts";
import { broadcastShape, type GraphOperation, type Way } from "./operation.ts";

/** Sums of products over axes that two arguments share. */

/** a b + c: [M, K] by [K, N], and what broadcasts to [M, N]. */
export const affine: GraphOperation = {
  name: "affine",
  arity: 3,
  ways(a, b, c) {
    if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) return [];
    const shape = [a[0], b[1]];
    const common = broadcastShape(c, shape);
    return common && sameShape(common, shape) ? [{ shape }] : [];
  },
  weight: 16,
};

/** Parameters: axes, [those of a, those of b], pair by pair: one pair, two, or none, which leaves all products. */
export const tensordot: GraphOperation = {
  name: "tensordot",
  arity: 2,
  ways(a, b) {
    const contracted = (left: readonly number[], right: readonly number[]): Way => ({
      shape: [...a.filter((_, axis) => !left.includes(axis)), ...b.filter((_, axis) => !right.includes(axis))],
      parameters: { axes: [left, right] },
    });
    const pairs = [...a.keys()]
      .toReversed()
      .flatMap((left) => [...b.keys()].flatMap((right) => (a[left] === b[right] ? [[left, right] as const] : [])));
    const twice = pairs.flatMap(([left, right], at) =>
      pairs.slice(at + 1).flatMap(([other, another]) => {
        return left === other || right === another ? [] : [contracted([left, other], [right, another])];
      }),
    );
    return [...pairs.map(([left, right]) => contracted([left], [right])), ...twice, contracted([], [])];
  },
  weight: 2,
};

/** With a diagonal, an outer and a matrix product, products side by side, a scalar, an axis of one operand alone that is summed over. */
const notations = [
  "ij->ji",
  "iij->j",
  "i,j->ji",
  "ij,->j",
  "ij,ik->kj",
  "ij,ij->j",
  "ijk->ki",
  "i,i,i->",
  "ij,jk,ik->i",
] as const;

/** Parameters: notation. Of one argument, two or three. */
export const einsum: GraphOperation = {
  name: "einsum",
  arity: [1, 2, 3],
  ways: (...shapes: readonly Shape[]) =>
    notations.flatMap((notation): Way[] => {
      const [inputs, output] = notation.split("->");
      const terms = inputs.split(",");
      if (terms.length !== shapes.length || terms.some((term, at) => term.length !== shapes[at].length)) return [];
      const lengths = new Map<string, number>();
      const fits = [...terms.join("")].every((letter, at) => {
        const length = shapes.flat()[at];
        const known = lengths.get(letter) ?? length;
        lengths.set(letter, length);
        return known === length;
      });
      return fits
        ? [{ shape: [...output].map((letter) => lengths.get(letter) as number), parameters: { notation } }]
        : [];
    }),
  weight: 7,
};
