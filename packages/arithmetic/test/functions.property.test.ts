import { describe, expect, test } from "vitest";
import { logSumExp, softmax } from "../src/composed.ts";
import { subjects } from "./arithmetics.ts";
import { logSumExpFits, namesMeanFunctions, shiftInvariance, softmaxSumsToOne } from "./laws/functions.ts";
import { testLaws } from "./laws/law.ts";

testLaws("Functions", [namesMeanFunctions, softmaxSumsToOne, shiftInvariance, logSumExpFits]);

describe.each(subjects.filter(({ field, rowKernels }) => rowKernels && !field))(
  "$name, infinite rows",
  ({ arithmetic: A }) => {
    const infinity = Number.POSITIVE_INFINITY;

    const softmaxes: [number[], number[]][] = [
      [
        [-infinity, 0, -infinity],
        [0, 1, 0],
      ],
      [
        [-infinity, 3, 3],
        [0, 0.5, 0.5],
      ],
      [
        [1000, 1000],
        [0.5, 0.5],
      ],
      [
        [-1000, 0],
        [0, 1],
      ],
    ];
    test.each(titled(softmaxes))("softmax of %s is %s", (_, __, row, expected) => {
      const z = A.round(row, [row.length]);
      softmax(A, z, z);
      expect(Array.from(A.lower(z))).toEqual(expected);
    });

    const sums: [number[], number][] = [
      [[-infinity, 2, -infinity], 2],
      [[-infinity, -infinity], -infinity],
      [[-infinity], -infinity],
      [[infinity, 1], infinity],
      [[1, infinity, -infinity], infinity],
      [[1, Number.NaN], Number.NaN],
      [[infinity, Number.NaN], Number.NaN],
      [[Number.NaN, infinity], Number.NaN],
      [[1000, -1000], 1000],
    ];
    test.each(titled(sums))("log-sum-exp of %s is %s", (_, __, row, expected) => {
      const out = A.empty([1]);
      logSumExp(A, out, A.round(row, [row.length]));
      expect(A.lower(out)[0]).toBe(expected);
    });
  },
);

/** Cases after their texts; as numbers, infinities would be titled null. */
function titled<E>(cases: readonly [number[], E][]): [string, string, number[], E][] {
  return cases.map(([row, expected]) => [`[${row.join(", ")}]`, String(expected), row, expected]);
}
