import fc from "fast-check";
import { expect, test } from "vitest";
import * as op from "../../src/operations.ts";
import { simd } from "../../src/simd/simd.ts";
import { numbersOf, withSpecials } from "../draws.ts";
import { layouts, place, writable } from "../layouts.ts";
import { runs, seed } from "../seed.ts";

const arithmetics = (["float32", "float64"] as const).flatMap((format) =>
  [true, false].map((deterministic) => ({ format, A: simd(format, { deterministic }) })),
);

test.each(arithmetics)(
  "$A.name $A.variant: two rows added to all rows have the bits of one after the other",
  ({ format, A }) => {
    const numbers = withSpecials(format === "float32" ? 24 : 53);
    const length = fc.integer({ min: 0, max: 11 });
    const cases = fc.record({ M: length, N: length, drawn: fc.tuple(numbers, numbers, numbers), laid: layouts });
    /** Whether rows added in that order differ from the fused kernel's. */
    const differs = (order: readonly [number, number]) =>
      fc.check(
        fc.property(cases, ({ M, N, drawn, laid }) => {
          // Rows of out may be apart, its columns not.
          const layout = { ...writable(laid), order: [0, 0, 0], gaps: [laid.gaps[0], 1, 1] };
          const [out, expected] = [0, 1].map(
            () => place(A, [M, N], layout, A.round(numbersOf(drawn[0], [M, N]), [M, N])).tensor,
          );
          const rows = [1, 2].map((i) => A.round(numbersOf(drawn[i], [N]), [N]));
          A.addRows?.(out, rows[0], rows[1]);
          for (const i of order) A.binary(op.add, expected, expected, rows[i]);
          if (!A.same(out, expected)) throw new Error(`${A.lower(out)} is not ${A.lower(expected)}`);
        }),
        { seed, numRuns: runs(300) },
      );
    const { failed, error } = differs([0, 1]) as { failed: boolean; error?: string };
    expect(failed, error).toBe(false);
    expect(differs([1, 0]).failed, "the other order is seen").toBe(true);
    expect(differs([0, 0]).failed, "a row added twice is seen").toBe(true);
  },
);

test("rows of another length, or with gaps, are refused", () => {
  const [{ A }] = arithmetics;
  const [out, row] = [A.empty([2, 3]), A.empty([3])];
  expect(() => A.addRows?.(out, row, A.empty([2]))).toThrow(
    "addRows: shapes [2, 3] and [3] and [2]; expected out [M, N]",
  );
  expect(() => A.addRows?.(out, row, { ...row, strides: [2] })).toThrow("N contiguous");
  expect(() => A.addRows?.({ ...out, strides: [1, 2] }, row, row)).toThrow("N contiguous");
});
