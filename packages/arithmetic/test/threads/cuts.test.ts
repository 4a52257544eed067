import { expect, test } from "vitest";
import { type CutKernel, cutKernels, partsOf } from "../../src/threads/cuts.ts";

/** Calls of each kernel by its arguments, with strides by which no two elements of an operand share an address. */
const calls: (readonly [CutKernel, readonly number[]])[] = [];
for (const rows of [1, 2, 5, 96, 97]) {
  for (const columns of [1, 3, 16, 50, 131]) {
    const [row, column] = [4096, 4];
    calls.push(["gemm", [1e6, row, column, 2e6, row, column, 3e6, row, column, rows, columns, 7, 0]]);
    calls.push(["unary", [4, 1e6, row, column, 2e6, column, row, rows, columns]]);
    calls.push(["binary", [0, 1e6, row, column, 2e6, 0, column, 3e6, row, 0, rows, columns]]);
    calls.push(["softmax", [1e6, row, column, 2e6, row, column, rows, columns]]);
    // Steps lie behind all rows; nothing beside.
    const step = 2 ** 22;
    const sequences = [step, row, 5e6, step, row, 0, 0, 0];
    calls.push(["recurrence", [4, 1e6, ...sequences, 9e6, row, column, 3, rows, columns, 8e6]]);
    calls.push(["logSumExp", [1e6, column, 2e6, row, column, rows, columns]]);
  }
}

/** What a call computes, element by element of its output: where it lies, and where what it is computed from begins. */
function elements(kernel: CutKernel, numbers: readonly number[]): string[] {
  const [first, rest] = [numbers, numbers.slice(1)];
  const grid = (rows: number, columns: number, at: (r: number, c: number) => readonly number[]): string[] =>
    Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns).join());
  switch (kernel) {
    case "gemm": {
      const [out, oRow, oColumn, a, aRow, , b, , bColumn, rows, columns] = first;
      return grid(rows, columns, (r, c) => [out + r * oRow + c * oColumn, a + r * aRow, b + c * bColumn]);
    }
    case "unary": {
      const [out, oRow, oColumn, a, aRow, aColumn, rows, columns] = rest;
      return grid(rows, columns, (r, c) => [out + r * oRow + c * oColumn, a + r * aRow + c * aColumn]);
    }
    case "binary": {
      const [out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns] = rest;
      const place = (start: number, row: number, column: number) => (r: number, c: number) =>
        start + r * row + c * column;
      const [o, x, y] = [place(out, oRow, oColumn), place(a, aRow, aColumn), place(b, bRow, bColumn)];
      return grid(rows, columns, (r, c) => [o(r, c), x(r, c), y(r, c)]);
    }
    case "recurrence": {
      const [states, , stateRow, sums, , sumRow, beside, , besideRow] = rest;
      return grid(numbers[14], 1, (r) => [states + r * stateRow, sums + r * sumRow, beside + r * besideRow]);
    }
    case "softmax": {
      const [out, oRow, , a, aRow, , rows] = first;
      return grid(rows, 1, (r) => [out + r * oRow, a + r * aRow]);
    }
    default: {
      const [out, oRow, a, aRow, , rows] = first;
      return grid(rows, 1, (r) => [out + r * oRow, a + r * aRow]);
    }
  }
}

test("the parts of a call compute what it computes, each element once", () => {
  const cut = new Map(cutKernels.map((kernel) => [kernel, 0]));
  for (const [kernel, numbers] of calls) {
    for (const most of [2, 3, 7]) {
      const parts = partsOf(kernel, numbers, most, 0);
      expect(parts.length).toBeLessThanOrEqual(most);
      const found = parts.flatMap((part) => elements(kernel, part));
      expect(found.sort(), `${kernel} ${numbers}`).toEqual(elements(kernel, numbers).sort());
      if (parts.length > 1) cut.set(kernel, cut.get(kernel)! + 1);
    }
  }
  for (const [kernel, count] of cut) expect(count, kernel).toBeGreaterThan(20);
});

test("parts whose second operand stays where it was do not compute what the call computes", () => {
  const [, numbers] = calls.findLast(([kernel]) => kernel === "gemm")!;
  const parts = partsOf("gemm", numbers, 3, 0).map((part) => part.with(3, numbers[3]).with(6, numbers[6]));
  expect(parts.flatMap((part) => elements("gemm", part)).sort()).not.toEqual(elements("gemm", numbers).sort());
});

test("a call with less work than is worth a thread stays whole", () => {
  for (const [kernel, numbers] of calls) expect(partsOf(kernel, numbers, 4, 1e9)).toEqual([numbers]);
});

test("a tall product is cut into rows, a short one into columns, at whole blocks", () => {
  const gemm = (rows: number, columns: number) => [0, 4, 4, 0, 4, 4, 0, 4, 4, rows, columns, 64, 0];
  const sizes = (rows: number, columns: number) =>
    partsOf("gemm", gemm(rows, columns), 2, 0).map((part) => [part[9], part[10]]);
  expect(sizes(3200, 128)).toEqual([
    [1596, 128],
    [1604, 128],
  ]);
  expect(sizes(32, 128)).toEqual([
    [32, 64],
    [32, 64],
  ]);
  expect(sizes(3, 17)).toEqual([[3, 17]]);
});
