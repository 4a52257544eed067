import { contiguousStrides, sizeOf, type Tensor } from "./tensor.ts";

/** How an arena makes a store and spoils a part of it. */
export interface StoreMaker<S> {
  store(elements: number): S;
  /** Fills elements [start, end) with what no correct program reads. */
  poison(store: S, start: number, end: number): void;
}

interface Chunk<S> {
  readonly store: S;
  readonly capacity: number;
}

const smallestChunk = 4096;

/**
 * Memory for tensors: inside a scope they are cut from chunks that the next scope uses again; outside each has a store
 * of its own. Memory is poisoned when it is made and when a scope ends, so that an unwritten or a dead element shows.
 */
export class Arena<S> {
  readonly #maker: StoreMaker<S>;
  readonly #chunks: Chunk<S>[] = [];
  #depth = 0;
  #chunk = 0;
  #used = 0;

  constructor(maker: StoreMaker<S>) {
    this.#maker = maker;
  }

  scope(body: () => void): void {
    const chunk = this.#chunk;
    const used = this.#used;
    this.#depth++;
    try {
      body();
    } finally {
      for (let i = chunk; i <= this.#chunk && i < this.#chunks.length; i++) {
        const start = i === chunk ? used : 0;
        this.#maker.poison(this.#chunks[i].store, start, i === this.#chunk ? this.#used : this.#chunks[i].capacity);
      }
      this.#chunk = chunk;
      this.#used = used;
      this.#depth--;
    }
  }

  /** Runs `body` as if no scope were open: each tensor made in it has a store of its own, which outlives them all. */
  lasting(body: () => void): void {
    const depth = this.#depth;
    this.#depth = 0;
    try {
      body();
    } finally {
      this.#depth = depth;
    }
  }

  empty(shape: readonly number[]): Tensor<S> {
    const size = sizeOf(shape);
    const strides = contiguousStrides(shape);
    if (this.#depth === 0) return { store: this.#fresh(size), offset: 0, shape, strides };
    while (this.#chunk < this.#chunks.length && this.#used + size > this.#chunks[this.#chunk].capacity) {
      this.#chunk++;
      this.#used = 0;
    }
    if (this.#chunk === this.#chunks.length) {
      const previous = this.#chunks.at(-1)?.capacity ?? smallestChunk / 2;
      const capacity = Math.max(size, 2 * previous);
      this.#chunks.push({ store: this.#fresh(capacity), capacity });
    }
    const offset = this.#used;
    this.#used += size;
    return { store: this.#chunks[this.#chunk].store, offset, shape, strides };
  }

  #fresh(elements: number): S {
    const store = this.#maker.store(elements);
    this.#maker.poison(store, 0, elements);
    return store;
  }
}
