import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { errorScale, scaleKey, squareStyles } from "../src/report/error-scale.ts";

test("larger errors have no lower level, those within the limit have none, and the largest has the highest", () => {
  const error = fc.oneof(fc.double({ min: 0, max: 1e17, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(error, { minLength: 1 }), (errors) => {
      const scale = errorScale(Float64Array.from(errors));
      const levels = errors.toSorted((a, b) => a - b).map(scale.levelOf);
      expect(levels).toEqual(levels.toSorted((a, b) => a - b));
      expect(errors.map((size) => scale.levelOf(size) === 0)).toEqual(errors.map((size) => size <= 32));
      const largest = Math.max(...errors);
      if (largest >= 320) expect(scale.levelOf(largest)).toBe(squareStyles.length - 1);
    }),
    runs(100),
  );
});

test("the key says the ends", () => {
  const words = (errors: number[]) =>
    [...scaleKey(errorScale(Float64Array.from(errors))).markup.matchAll(/<\/svg>([^<]*)/g)].map(([, text]) => text);
  expect(words([1, 100, 1e7])).toEqual([
    "within 32 σ",
    "to 1 · 10³ σ",
    "to 1 · 10⁴ σ",
    "to 1 · 10⁵ σ",
    "to 1 · 10⁶ σ",
    "to 1 · 10⁷ σ",
  ]);
  expect(words([Number.POSITIVE_INFINITY]).at(-1)).toBe("to ∞ σ");
});
