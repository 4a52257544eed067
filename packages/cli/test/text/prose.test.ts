import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { printable, wrap } from "../../src/text/prose.ts";

test("a paragraph is broken at spaces, and keeps its words", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-zσ]{1,20}$/), { minLength: 1 }),
      fc.integer({ min: 30, max: 90 }),
      (words, columns) => {
        const lines = wrap(words.join(" "), columns, "  ", "    ").split("\n");
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
        expect(lines.flatMap((line) => line.trim().split(" "))).toEqual(words);
      },
    ),
    runs(100),
  );
});

test("in a pipe nothing is broken", () => {
  expect(wrap("one two", Number.POSITIVE_INFINITY)).toBe("  one two");
});

test("what a terminal would act on is shown instead", () => {
  expect(printable("a\u001b[2J\nb\u202ec σ")).toBe("a\\u{1b}[2J\\u{a}b\\u{202e}c σ");
});
