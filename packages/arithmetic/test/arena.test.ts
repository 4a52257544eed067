import { expect, test } from "vitest";
import { makeArena } from "../src/arena.ts";
import type { Tensor } from "../src/tensor.ts";

/** An arena of arrays that records what it makes. */
function recorded() {
  const made: number[] = [];
  const arena = makeArena<number[]>({
    store(elements) {
      made.push(elements);
      return new Array<number>(elements).fill(0);
    },
    poison(store, start, end) {
      store.fill(Number.NaN, start, end);
    },
  });
  const total = (): number => made.reduce((sum, elements) => sum + elements, 0);
  return { arena, made, total };
}

function fill({ store, offset, shape }: Tensor<number[]>, value: number): void {
  const size = shape.reduce((product, length) => product * length, 1);
  store.fill(value, offset, offset + size);
}

test("10,000 scopes, nested ones and some that throw, take no more memory than the first few", () => {
  const { arena, made, total } = recorded();
  const work = (i: number): void =>
    arena.scope(() => {
      fill(arena.empty([3000]), i);
      try {
        arena.scope(() => {
          fill(arena.empty([50, 50 + (i % 7)]), i);
          if (i % 3 === 0) throw new Error("given up");
        });
      } catch {}
      fill(arena.empty([10]), i);
    });
  for (let i = 0; i < 10; i++) work(i);
  const [stores, elements] = [made.length, total()];
  for (let i = 0; i < 10_000; i++) work(i);
  expect([made.length, total()]).toEqual([stores, elements]);
  expect(elements).toBeLessThan(4 * (3000 + 56 * 50 + 10));
});

test("outside of scopes each tensor has a store of its own size", () => {
  const { arena, made } = recorded();
  const tensors = [arena.empty([2, 3]), arena.empty([]), arena.empty([0, 4])];
  expect(made).toEqual([6, 1, 0]);
  expect(new Set(tensors.map(({ store }) => store)).size).toBe(3);
  expect(tensors.map(({ offset }) => offset)).toEqual([0, 0, 0]);
});

test("inside, tensors lie one behind the other, row-major, until a chunk is full", () => {
  const { arena, made } = recorded();
  arena.scope(() => {
    const [a, b, c] = [arena.empty([2, 3]), arena.empty([]), arena.empty([5000])];
    expect([a.offset, b.offset, c.offset]).toEqual([0, 6, 0]);
    expect(a.strides).toEqual([3, 1]);
    expect(a.store).toBe(b.store);
    expect(c.store).not.toBe(a.store);
    expect(made).toEqual([4096, 8192]);
  });
});

test("memory is NaN when it is new and when its scope has ended, its neighbours in outer scopes are not", () => {
  const { arena } = recorded();
  const top = arena.empty([2]);
  expect(top.store).toEqual([Number.NaN, Number.NaN]);
  fill(top, 1);
  arena.scope(() => {
    const outer = arena.empty([3]);
    expect(outer.store.every(Number.isNaN)).toBe(true);
    fill(outer, 2);
    let inner: Tensor<number[]> | undefined;
    let large: Tensor<number[]> | undefined;
    arena.scope(() => {
      inner = arena.empty([4]);
      fill(inner, 3);
      large = arena.empty([9000]);
      fill(large, 4);
      expect(outer.store.slice(0, 8)).toEqual([2, 2, 2, 3, 3, 3, 3, Number.NaN]);
    });
    expect(outer.store.slice(0, 8)).toEqual([2, 2, 2, ...new Array<number>(5).fill(Number.NaN)]);
    expect(large?.store.every(Number.isNaN)).toBe(true);
    expect(arena.empty([4])).toEqual(inner);
  });
  expect(top.store).toEqual([1, 1]);
});

test("a chunk too small for a tensor is passed over, and used again by the next scope", () => {
  const { arena, made } = recorded();
  const sizes = [[5000], [4096, 1], [9000, 10, 900], [10]];
  for (const scope of sizes) {
    arena.scope(() => {
      const tensors = scope.map((size) => arena.empty([size]));
      tensors.forEach((t, i) => {
        fill(t, i + 1);
      });
      tensors.forEach(({ store, offset, shape }, i) => {
        expect(store.slice(offset, offset + shape[0]).every((x) => x === i + 1)).toBe(true);
      });
    });
  }
  expect(made).toEqual([5000, 10_000]);
});

test("an error passes through, and what comes after is outside again", () => {
  const { arena, made } = recorded();
  const error = new Error("stop");
  expect(() =>
    arena.scope(() => {
      arena.empty([1]);
      arena.scope(() => {
        arena.empty([1]);
        throw error;
      });
    }),
  ).toThrow(error);
  arena.empty([7]);
  expect(made).toEqual([4096, 7]);
});
