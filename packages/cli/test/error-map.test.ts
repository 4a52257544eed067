import type { GradientVerdict } from "@gradproof/verification";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { errorMap } from "../src/report/error-map.ts";

function gradient(of: GradientVerdict["of"], shape: readonly number[], errors: Float64Array): GradientVerdict {
  const worst = { index: [], given: 0, reference: 0, sigma: 1 };
  return { name: of, of, dtype: "F64", shape, verdict: "mismatch", worst, errors, mistakes: [] };
}

test("of x, time runs to the right, in a row per input and a panel per sequence", () => {
  const errors = Float64Array.from({ length: 24 }, (_, i) => i);
  const map = errorMap(gradient("x", [4, 3, 2], errors));
  expect(map).toMatchObject({ panels: { cells: 3 }, rows: { cells: 2 }, columns: { cells: 4 } });
  // Sequence 1, input 0: elements [t, 1, 0].
  expect([...(map?.cells.slice(8, 12) ?? [])]).toEqual([2, 8, 14, 20]);
});

test("a matrix lies as it is, a bias is one row", () => {
  const errors = Float64Array.from({ length: 6 }, (_, i) => i);
  expect(errorMap(gradient("Wxh", [2, 3], errors))).toMatchObject({
    rows: { cells: 2 },
    columns: { cells: 3 },
    cells: errors,
  });
  expect(errorMap(gradient("by", [6], errors))).toMatchObject({
    rows: { cells: 1 },
    columns: { cells: 6 },
    cells: errors,
  });
});

test("a map is small, and every element is in a cell that is at least as large", () => {
  const axis = fc.integer({ min: 1, max: 130 });
  fc.assert(
    fc.property(axis, axis, fc.integer({ min: 1, max: 40 }), fc.nat(), (T, B, I, pick) => {
      const errors = new Float64Array(T * B * I);
      const element = pick % errors.length;
      errors[element] = 7;
      const map = errorMap(gradient("x", [T, B, I], errors));
      if (map === undefined) throw new Error("no map");
      const { panels, rows, columns, cells } = map;
      expect(cells.length).toBeLessThanOrEqual(48 * 48);
      expect([...cells].filter((cell) => cell === 7)).toHaveLength(1);
      const [t, b, i] = [Math.floor(element / (B * I)), Math.floor(element / I) % B, element % I];
      const row = Math.floor(b / panels.step) * rows.cells + Math.floor(i / rows.step);
      expect(cells[row * columns.cells + Math.floor(t / columns.step)]).toBe(7);
    }),
    runs(50),
  );
});
