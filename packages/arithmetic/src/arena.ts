import { checkShape, contiguousStrides, sizeOf, type Tensor } from "./tensor.ts";

/** How an arena makes a store and spoils a part of it. */
export interface StoreMaker<S> {
  store(elements: number): S;
  /** Fills elements [start, end) with what no correct program reads. */
  poison(store: S, start: number, end: number): void;
}

/**
 * Memory for tensors: inside a scope they are cut from chunks that the next scope uses again; outside each has a store
 * of its own. Memory is poisoned when it is made and when a scope ends, so that an unwritten or a dead element shows.
 */
export interface Arena<S> {
  scope(body: () => void): void;
  /** Runs `body` as if no scope were open: each tensor made in it has a store of its own, which outlives them all. */
  lasting(body: () => void): void;
  empty(shape: readonly number[]): Tensor<S>;
}

export function makeArena<S>(maker: StoreMaker<S>): Arena<S> {
  const chunks: { readonly store: S; readonly capacity: number }[] = [];
  let depth = 0;
  let current = 0;
  let used = 0;

  function fresh(elements: number): S {
    const store = maker.store(elements);
    maker.poison(store, 0, elements);
    return store;
  }

  return {
    scope(body) {
      const first = current;
      const start = used;
      depth++;
      try {
        body();
      } finally {
        for (let i = first; i <= current && i < chunks.length; i++) {
          maker.poison(chunks[i].store, i === first ? start : 0, i === current ? used : chunks[i].capacity);
        }
        current = first;
        used = start;
        depth--;
      }
    },

    lasting(body) {
      const outer = depth;
      depth = 0;
      try {
        body();
      } finally {
        depth = outer;
      }
    },

    empty(shape) {
      checkShape("empty", shape);
      const size = sizeOf(shape);
      const strides = contiguousStrides(shape);
      if (depth === 0) return { store: fresh(size), offset: 0, shape, strides };
      while (chunks[current] && used + size > chunks[current].capacity) {
        current++;
        used = 0;
      }
      if (!chunks[current]) {
        const capacity = Math.max(size, 2 * (chunks.at(-1)?.capacity ?? 2048));
        chunks.push({ store: fresh(capacity), capacity });
      }
      used += size;
      return { store: chunks[current].store, offset: used - size, shape, strides };
    },
  };
}
