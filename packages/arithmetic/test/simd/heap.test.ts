import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import * as op from "../../src/operations.ts";
import { simd } from "../../src/simd/simd.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Lets finalizers run: they are called between turns of the event loop. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const megabyte = 2 ** 20;
const floats = megabyte / 4;

test("memory that grows in the middle of a step keeps every tensor, outside of scopes and in them", () => {
  const A = simd("float32");
  const kept = A.lift([1, 2, 3, 4], [4]);
  const sum = A.lift([0], [1]);
  let grown = 0;
  A.scope(() => {
    const before = A.lift([5, 6, 7, 8], [4]);
    for (let turn = 0; turn < 6; turn++) {
      const bytes = A.memoryBytes();
      const large = A.empty([(turn + 1) * floats]);
      if (A.memoryBytes() > bytes) grown++;
      A.copy(large, A.ratio(turn, 1));
      A.binary(op.add, before, before, kept);
      A.sum(sum, before, "accumulate");
      expect(Array.from(A.lower(before))).toEqual([5, 6, 7, 8].map((x, i) => x + (turn + 1) * (i + 1)));
      expect(A.lower(large).every((x) => x === turn)).toBe(true);
    }
  });
  expect(grown).toBeGreaterThan(2);
  expect(Array.from(A.lower(kept))).toEqual([1, 2, 3, 4]);
  // Σ over turns of 26 + 10 (turn + 1)
  expect(A.lower(sum)[0]).toBe(6 * 26 + 10 * 21);
});

test("scopes take the memory of those before them", () => {
  const A = simd("float64");
  const step = (): void => A.scope(() => void A.copy(A.empty([1000, 100]), A.ratio(1, 1)));
  step();
  const bytes = A.memoryBytes();
  for (let i = 0; i < 1000; i++) step();
  expect(A.memoryBytes()).toBe(bytes);
});

test("tensors outside of scopes give their memory back when nothing holds them", async () => {
  const A = simd("float32");
  const kept = A.lift([1, 2, 3], [3]);
  for (let turn = 0; turn < 20; turn++) {
    for (let i = 0; i < 8; i++) A.empty([floats]);
    await settle();
  }
  // 160 MB in all; two turns' worth, and what growing by a quarter adds.
  expect(A.memoryBytes()).toBeLessThan(24 * megabyte);
  expect(Array.from(A.lower(kept))).toEqual([1, 2, 3]);
});

test("a view holds the memory of the tensor that it is of", async () => {
  const A = simd("float32");
  const view = ((): ReturnType<typeof A.empty> => {
    const t = A.lift([1, 2, 3, 4], [4]);
    return { ...t, offset: t.offset + 2, shape: [2] };
  })();
  await settle();
  for (let i = 0; i < 100; i++) A.lift([9, 9, 9, 9], [4]);
  expect(Array.from(A.lower(view))).toEqual([3, 4]);
});

test("neighbouring blocks that are free are one", async () => {
  const A = simd("float32");
  const block = (): unknown => A.empty([floats]);
  for (let i = 0; i < 8; i++) block();
  const last = A.lift([1], [1]);
  await settle();
  const bytes = A.memoryBytes();
  A.empty([8 * floats]);
  expect(A.memoryBytes()).toBe(bytes);
  expect(A.lower(last)[0]).toBe(1);
});

test("more than WebAssembly can address is refused, and nothing is lost", () => {
  const A = simd("float64");
  const kept = A.lift([1], [1]);
  expect(() => A.empty([2 ** 29])).toThrow(/^simd: 4295\d+ bytes of tensors; expected at most 4294/);
  expect(A.lower(kept)[0]).toBe(1);
  expect(A.memoryBytes()).toBeLessThan(megabyte);
});
