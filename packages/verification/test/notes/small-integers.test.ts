import { expect, test } from "vitest";
import { smallIntegers } from "../../src/notes/small-integers.ts";

test("vectors of integers come by the sum of their magnitudes, then by how few are not 0", () => {
  expect([...smallIntegers(2, 2)]).toEqual([
    [0, 0],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
    [2, 0],
    [-2, 0],
    [0, 2],
    [0, -2],
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
  ]);
});

test("each vector comes once, and all of them do", () => {
  const found = [...smallIntegers(3, 4)];
  expect(new Set(found.map(String)).size).toBe(found.length);
  let expected = 0;
  for (let a = -4; a <= 4; a++) {
    for (let b = -4; b <= 4; b++) {
      for (let c = -4; c <= 4; c++) if (Math.abs(a) + Math.abs(b) + Math.abs(c) <= 4) expected++;
    }
  }
  expect(found).toHaveLength(expected);
});
