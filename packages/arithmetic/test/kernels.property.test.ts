import { expect, test } from "vitest";
import type { Mode } from "../src/arithmetic.ts";
import * as op from "../src/operations.ts";
import { subjects } from "./arithmetics.ts";
import { specialNumbers } from "./draws.ts";
import { expectBits } from "./laws/expectations.ts";
import {
  accumulation,
  broadcasting,
  gemmBlocks,
  layoutIndependence,
  naiveBits,
  plainLoops,
  specialBits,
} from "./laws/kernels.ts";
import { testLaws } from "./laws/law.ts";
import { contiguous, type Layout } from "./layouts.ts";

testLaws("Kernels", [plainLoops, broadcasting, layoutIndependence, accumulation, naiveBits, specialBits, gemmBlocks]);

const k = [1, -3, 5, 7, -9, 11, 13, -15, 17, 19, 21, -23, 25].map((odd) => odd * 2 ** 23 + odd);
const columnMajor: Layout = { ...contiguous, order: [1, 0, 0], before: 3, after: 2 };

test.each(subjects.filter(({ reference }) => reference))(
  "$name: the naive gemm's bits around every block edge",
  (subject) => {
    let shapes = 0;
    for (const m of [0, 1, 2, 3, 4, 5]) {
      for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
        for (const inner of [0, 1, 2, 3]) {
          for (const mode of ["write", "accumulate"] satisfies Mode[]) {
            for (const [a, b] of [
              [contiguous, contiguous],
              [columnMajor, contiguous],
              [contiguous, columnMajor],
            ]) {
              const problem = {
                kernel: "gemm",
                out: [m, n],
                inputs: [
                  [m, inner],
                  [inner, n],
                ],
                mode,
              } as const;
              naiveBits.check(subject, { problem, numbers: { k, halvings: 30 }, layouts: [contiguous, a, b] });
              shapes++;
            }
          }
        }
      }
    }
    expect(shapes).toBe(6 * 10 * 4 * 2 * 3);
  },
);

test.each(subjects.filter(({ reference, field }) => reference && !field))(
  "$name: every operation on every pair of special numbers",
  (subject) => {
    const { arithmetic: A, reference: N, unary, binary } = subject;
    const n = specialNumbers.length;
    for (const operation of unary) {
      const [out, expected] = [A.empty([n]), N!.empty([n])];
      A.unary(op[operation], out, A.round(specialNumbers, [n]));
      N!.unary(op[operation], expected, N!.round(specialNumbers, [n]));
      expectBits(A.lower(out), N!.lower(expected), operation);
    }
    for (const operation of binary) {
      const [out, expected] = [A.empty([n, n]), N!.empty([n, n])];
      A.binary(op[operation], out, A.round(specialNumbers, [n, 1]), A.round(specialNumbers, [n]));
      N!.binary(op[operation], expected, N!.round(specialNumbers, [n, 1]), N!.round(specialNumbers, [n]));
      expectBits(A.lower(out), N!.lower(expected), operation);
    }
  },
);
