import type { Operations } from "../../src/graph/program.ts";
import type { NumericArray } from "../../src/numeric-array.ts";
import { indices, read, readBroadcast, tabulate } from "./indexed.ts";
import { parametersOf, total } from "./ways-of-computing.ts";

/** Sums of products, term by term. */
export const contractions: Operations<NumericArray> = {
  affine([a, b, c]) {
    const [rows, inner, columns] = [a.shape[0], a.shape[1], b.shape[1]];
    if (b.shape[0] !== inner) throw new RangeError("lengths differ");
    return tabulate([rows, columns], ([i, j]) => {
      const products = Array.from({ length: inner }, (_, k) => read(a, [i, k]) * read(b, [k, j]));
      return total(products) + readBroadcast(c, [i, j]);
    });
  },
  tensordot([a, b], step) {
    const [left, right] = parametersOf<{ axes: readonly (readonly number[])[] }>(step).axes;
    const inner = left.map((axis) => a.shape[axis]);
    if (right.some((axis, i) => b.shape[axis] !== inner[i])) throw new RangeError("lengths differ");
    const free = ({ shape }: NumericArray, taken: readonly number[]) =>
      [...shape.keys()].filter((axis) => !taken.includes(axis));
    const [freeLeft, freeRight] = [free(a, left), free(b, right)];
    /** The index of an array whose taken axes have one index and whose free axes another. */
    const place = (
      taken: readonly number[],
      own: readonly number[],
      free: readonly number[],
      index: readonly number[],
    ) =>
      Array.from({ length: taken.length + free.length }, (_, axis) =>
        taken.includes(axis) ? own[taken.indexOf(axis)] : index[free.indexOf(axis)],
      );
    const shape = [...freeLeft.map((axis) => a.shape[axis]), ...freeRight.map((axis) => b.shape[axis])];
    return tabulate(shape, (index) =>
      total(
        indices(inner).map(
          (k) =>
            read(a, place(left, k, freeLeft, index.slice(0, freeLeft.length))) *
            read(b, place(right, k, freeRight, index.slice(freeLeft.length))),
        ),
      ),
    );
  },
  einsum(arrays, step) {
    const [inputs, output] = parametersOf<{ notation: string }>(step).notation.split("->");
    const terms = inputs.split(",");
    const lengthOf = (letter: string) => {
      const at = terms.findIndex((term) => term.includes(letter));
      return arrays[at].shape[terms[at].indexOf(letter)];
    };
    const inner = [...new Set(terms.join(""))].filter((letter) => !output.includes(letter));
    return tabulate([...output].map(lengthOf), (index) =>
      total(
        indices(inner.map(lengthOf)).map((own) => {
          const at = (letter: string) =>
            output.includes(letter) ? index[output.indexOf(letter)] : own[inner.indexOf(letter)];
          return arrays.reduce((product, array, i) => product * read(array, [...terms[i]].map(at)), 1);
        }),
      ),
    );
  },
};
