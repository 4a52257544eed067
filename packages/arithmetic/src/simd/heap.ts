import { type Memory, webAssembly } from "./web-assembly.ts";

/** Elements in the memory that the kernels work in; given back when no tensor holds it any more. */
export interface SimdStore {
  /** Where its first element is, counted in elements from the beginning of the memory. */
  readonly start: number;
  readonly elements: number;
}

interface Block {
  readonly start: number;
  readonly bytes: number;
}

export type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

const pageBytes = 65536;
const largestBytes = 65536 * pageBytes;
/** A cache line: what blocks are aligned to. */
const lineBytes = 64;
/** Kernels read a vector or a row of vectors to its end, also behind the last element. */
const guardBytes = 4 * lineBytes;

/**
 * A WebAssembly memory that is cut into stores. A store that is collected as garbage gives its block back, so that
 * nothing is freed by hand; the memory grows when no free block fits, and never shrinks.
 */
export class Heap {
  readonly memory: Memory;
  /** What the memory may grow to, in pages. */
  readonly mostPages = largestBytes / pageBytes;
  /** All of the memory as numbers; another array after each growth. */
  numbers: Numbers;
  readonly #elementBytes: number;
  readonly #free: Block[] = [];
  readonly #collected: FinalizationRegistry<Block>;
  #end = 0;
  #bytes: Uint8Array<ArrayBuffer>;

  /** @param shared - whether threads can work in its memory. */
  constructor(bits: 32 | 64, shared = false) {
    this.memory = new (webAssembly().Memory)({ initial: 1, maximum: this.mostPages, shared });
    this.#elementBytes = bits / 8;
    this.#collected = new FinalizationRegistry((block) => this.#giveBack(block));
    [this.numbers, this.#bytes] = this.#views();
  }

  /** Keeps the first bytes of the memory out of all stores; to be called before the first. */
  reserve(bytes: number): void {
    this.#end = inLines(bytes);
    this.#reach(this.#end);
  }

  /** Bytes of the memory, in use or free. */
  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** @throws RangeError where the memory would exceed what WebAssembly can address. */
  store(elements: number): SimdStore {
    const block = this.#take(inLines(elements * this.#elementBytes));
    const store = { start: block.start / this.#elementBytes, elements };
    if (block.bytes > 0) this.#collected.register(store, block);
    return store;
  }

  /** Fills the elements [start, end) of a store with NaN. */
  poison(store: SimdStore, start: number, end: number): void {
    const size = this.#elementBytes;
    this.#bytes.fill(0xff, (store.start + start) * size, (store.start + end) * size);
  }

  #views(): [Numbers, Uint8Array<ArrayBuffer>] {
    const { buffer } = this.memory;
    const numbers = this.#elementBytes === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
    return [numbers, new Uint8Array(buffer)];
  }

  #take(bytes: number): Block {
    const place = this.#free.findIndex((block) => block.bytes >= bytes);
    if (place >= 0) {
      const { start, bytes: available } = this.#free[place];
      if (available === bytes) this.#free.splice(place, 1);
      else this.#free[place] = { start: start + bytes, bytes: available - bytes };
      return { start, bytes };
    }
    const start = this.#end;
    this.#reach(start + bytes);
    this.#end = start + bytes;
    return { start, bytes };
  }

  /** Grows the memory to hold `end` bytes and the guard behind them, by a quarter at least. */
  #reach(end: number): void {
    const needed = end + guardBytes;
    if (needed <= this.bytes) return;
    if (needed > largestBytes) {
      throw new RangeError(
        `simd: ${end} bytes of tensors; expected at most ${largestBytes - guardBytes}; tensors made outside of a scope are given back between turns of the event loop, those inside at its end`,
      );
    }
    const wanted = Math.min(Math.max(needed, this.bytes * 1.25), largestBytes);
    this.memory.grow(Math.ceil((wanted - this.bytes) / pageBytes));
    [this.numbers, this.#bytes] = this.#views();
  }

  /** Puts a block among the free ones, in ascending order, joined with its neighbours. */
  #giveBack(block: Block): void {
    const after = this.#free.findIndex(({ start }) => start > block.start);
    const at = after < 0 ? this.#free.length : after;
    const [before, next] = [this.#free[at - 1], this.#free[at]];
    const joinsBefore = before !== undefined && before.start + before.bytes === block.start;
    const joinsNext = next !== undefined && block.start + block.bytes === next.start;
    const start = joinsBefore ? before.start : block.start;
    const end = joinsNext ? next.start + next.bytes : block.start + block.bytes;
    const from = joinsBefore ? at - 1 : at;
    this.#free.splice(from, (joinsBefore ? 1 : 0) + (joinsNext ? 1 : 0), { start, bytes: end - start });
    const last = this.#free.at(-1);
    if (last && last.start + last.bytes === this.#end) {
      this.#free.pop();
      this.#end = last.start;
    }
  }
}

function inLines(bytes: number): number {
  return Math.ceil(bytes / lineBytes) * lineBytes;
}
