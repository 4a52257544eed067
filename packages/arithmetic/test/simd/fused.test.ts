import fc from "fast-check";
import { expect, test } from "vitest";
import * as op from "../../src/operations.ts";
import { simd } from "../../src/simd/simd.ts";
import { numbersOf, shapes, withSpecials } from "../draws.ts";
import { layouts, place, storedShape, writable } from "../layouts.ts";
import { runs, seed } from "../seed.ts";

const arithmetics = (["float32", "float64"] as const).flatMap((format) =>
  [true, false].map((deterministic) => ({ format, A: simd(format, { deterministic }) })),
);

test.each(arithmetics)("$A.name $A.variant: (1 - a²) b in one pass has the bits of three", ({ format, A }) => {
  const numbers = withSpecials(format === "float32" ? 24 : 53);
  const cases = fc.record({
    shape: shapes({ min: 0, max: 9 }),
    a: numbers,
    b: numbers,
    laid: fc.tuple(layouts, layouts, layouts),
  });
  const differs = (wrong: boolean) =>
    fc.check(
      fc.property(cases, ({ shape, a, b, laid }) => {
        const [ta, tb] = [a, b].map((drawn, i) => {
          const stored = storedShape(shape, laid[i + 1]);
          return place(A, shape, laid[i + 1], A.round(numbersOf(drawn, stored), stored)).tensor;
        });
        const out = place(A, shape, writable(laid[0]), A.round(numbersOf(a, shape), shape)).tensor;
        const expected = A.empty(shape);
        A.timesOneMinusSquare?.(out, wrong ? tb : ta, tb);
        A.unary(op.square, expected, ta);
        A.unary(op.oneMinus, expected, expected);
        A.binary(op.multiply, expected, expected, tb);
        if (!A.same(out, expected)) throw new Error(`${A.lower(out)} is not ${A.lower(expected)}`);
      }),
      { seed, numRuns: runs(500) },
    );
  const { failed, error } = differs(false) as { failed: boolean; error?: string };
  expect(failed, error).toBe(false);
  expect(differs(true).failed, "a mistaken operand is seen").toBe(true);
});
