import { expect, test } from "vitest";
import type { Mode } from "../src/arithmetic.ts";
import { subjects } from "./arithmetics.ts";
import { contiguous, type Layout } from "./layouts.ts";
import { accumulation, broadcasting, gemmBlocks, layoutIndependence, naiveBits, plainLoops } from "./laws/kernels.ts";
import { testLaws } from "./laws/law.ts";

testLaws("Kernels", [plainLoops, broadcasting, layoutIndependence, accumulation, naiveBits, gemmBlocks]);

const k = [1, -3, 5, 7, -9, 11, 13, -15, 17, 19, 21, -23, 25].map((odd) => odd * 2 ** 23 + odd);
const columnMajor: Layout = { ...contiguous, order: [1, 0, 0], before: 3, after: 2 };

test.each(subjects.filter(({ reference }) => reference))("$name: the naive gemm's bits around every block edge", (subject) => {
  let shapes = 0;
  for (const m of [0, 1, 2, 3, 4, 5]) {
    for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      for (const inner of [0, 1, 2, 3]) {
        for (const mode of ["write", "accumulate"] satisfies Mode[]) {
          for (const [a, b] of [[contiguous, contiguous], [columnMajor, contiguous], [contiguous, columnMajor]]) {
            const problem = { kernel: "gemm", out: [m, n], inputs: [[m, inner], [inner, n]], mode } as const;
            naiveBits.check(subject, { problem, numbers: { k, halvings: 30 }, layouts: [contiguous, a, b] });
            shapes++;
          }
        }
      }
    }
  }
  expect(shapes).toBe(6 * 10 * 4 * 2 * 3);
});
