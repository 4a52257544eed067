import type { Buffer, CallList } from "../call.ts";
import { canOverwrite, lastUses } from "./liveness.ts";

/** Where each buffer that is not a constant lies in one piece of memory; places count elements. */
export interface Layout<S> {
  readonly places: ReadonlyMap<Buffer<S>, number>;
  readonly elements: number;
}

/** Cache lines of 16 single or 8 double precision numbers: buffers do not share one. */
const line = 16;

/**
 * Places for all buffers such that two have elements in common only where one is no longer used when the other begins; the
 * result of an element by element call goes where an operand lies that is not used any more.
 *
 * @param last - by when each buffer may be overwritten: {@link lastUses}.
 */
export function layoutOf<S>(list: CallList<S>, last: ReadonlyMap<Buffer<S>, number> = lastUses(list)): Layout<S> {
  const places = new Map<Buffer<S>, number>();
  const memory = new Memory();
  const dying = new Map<number, Buffer<S>[]>();
  for (const [buffer, use] of last) {
    if (buffer.origin.kind === "constant") continue;
    const others = dying.get(use);
    if (others) others.push(buffer);
    else dying.set(use, [buffer]);
  }
  for (const { store } of list.inputs) places.set(store, memory.take(store.elements));
  list.calls.forEach((call, i) => {
    const handed = new Set<Buffer<S>>();
    const out = call.out.store;
    for (const { store } of call.inputs) {
      if (store.origin.kind === "computed" && !places.has(store)) places.set(store, memory.take(store.elements));
    }
    if (!places.has(out)) {
      const over = call.inputs.findIndex(
        ({ store }, input) => store.origin.kind !== "constant" && last.get(store) === i && canOverwrite(call, input),
      );
      const under = call.inputs[over]?.store;
      if (under) handed.add(under);
      places.set(out, places.get(under) ?? memory.take(out.elements));
    }
    for (const buffer of dying.get(i) ?? []) {
      if (!handed.has(buffer)) memory.giveBack(places.get(buffer)!, buffer.elements);
    }
  });
  return { places, elements: memory.elements };
}

/** Free pieces of memory without an end, of which as little as possible is used. */
class Memory {
  /** Ascending, no two of them neighbours. */
  readonly #free: { start: number; end: number }[] = [];
  elements = 0;

  /** The smallest free piece that is large enough. */
  take(elements: number): number {
    const size = inLines(elements);
    let best = -1;
    this.#free.forEach(({ start, end }, i) => {
      const isSmaller = best < 0 || end - start < this.#free[best].end - this.#free[best].start;
      if (end - start >= size && isSmaller) best = i;
    });
    if (best < 0) {
      const start = this.elements;
      this.elements += size;
      return start;
    }
    const piece = this.#free[best];
    const { start } = piece;
    piece.start += size;
    if (piece.start === piece.end) this.#free.splice(best, 1);
    return start;
  }

  giveBack(start: number, elements: number): void {
    const end = start + inLines(elements);
    if (start === end) return;
    const next = this.#free.findIndex((piece) => piece.start > start);
    const at = next < 0 ? this.#free.length : next;
    this.#free.splice(at, 0, { start, end });
    this.#join(at);
    if (at > 0) this.#join(at - 1);
  }

  #join(at: number): void {
    const [piece, next] = [this.#free[at], this.#free[at + 1]];
    if (!next || piece.end !== next.start) return;
    piece.end = next.end;
    this.#free.splice(at + 1, 1);
  }
}

function inLines(elements: number): number {
  return Math.ceil(elements / line) * line;
}
