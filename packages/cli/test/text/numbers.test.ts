import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inSigma, place, short, sideBySide } from "../../src/text/numbers.ts";

test.each([
  [0, "0"],
  [1.6249, "1.62"],
  [0.0001, "1.0e-4"],
  [0.034, "0.034"],
  [45.06, "45.1"],
  [812.4, "812"],
  [9999, "9999"],
  [3.33e15, "3.3e15"],
  [Number.POSITIVE_INFINITY, "∞"],
  [Number.NaN, "NaN"],
])("%d is short as %s", (size, text) => {
  expect(short(size)).toBe(text);
});

test("short numbers are short, and near", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (size) => {
      expect(short(size).length).toBeLessThanOrEqual(8);
      expect(Math.abs(Number(short(size)) / size - 1)).toBeLessThan(0.051);
    }),
    runs(100),
  );
});

test("what could not be measured is a dash", () => {
  expect(inSigma(undefined)).toBe("–");
  expect(inSigma(2)).toBe("2.00 σ");
});

test("an index is in brackets", () => {
  expect(place([3, 0, 2])).toBe("[3, 0, 2]");
});

test("two numbers that differ are told apart", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 52 }), (a, bits) => {
      const b = a * (1 + 2 ** -bits);
      const [left, right] = sideBySide(a, b);
      expect(left === right).toBe(Object.is(a, b) || (a === 0 && b === 0));
    }),
    runs(100),
  );
});

test("numbers that are not finite are said", () => {
  expect(sideBySide(Number.NaN, 1)).toEqual(["NaN", "1.0000000"]);
});
