import type { Buffer, View } from "../call.ts";

/** A buffer's place in a larger one, its slab. */
interface Place<S> {
  readonly slab: Buffer<S>;
  readonly offset: number;
}

/** Buffers put side by side, so that what is done to each can be done to all at once. */
export class Placement<S> {
  readonly #places = new Map<Buffer<S>, Place<S>>();
  readonly #ranks = new Map<Buffer<S>, number>();

  /** The view in the slab that its buffer was put in, if it was. */
  resolved(view: View<S>): View<S> {
    const place = this.#places.get(view.store);
    return place ? { ...view, store: place.slab, offset: place.offset + view.offset } : view;
  }

  /** Whether the buffer may still be put somewhere: it is computed, and neither in a slab nor one itself. */
  isFree(buffer: Buffer<S>): boolean {
    return buffer.origin.kind === "computed" && !this.#places.has(buffer) && !this.#fixed.has(buffer);
  }

  readonly #fixed = new Set<Buffer<S>>();

  /** Puts free buffers of one size behind each other, in that order. */
  join(buffers: readonly Buffer<S>[]): void {
    const [{ elements }] = buffers;
    const slab: Buffer<S> = { elements: elements * buffers.length, origin: { kind: "computed" } };
    this.#fixed.add(slab);
    buffers.forEach((buffer, i) => {
      this.#places.set(buffer, { slab, offset: i * elements });
      this.#ranks.set(buffer, i);
    });
  }

  /** Where a view stands among its like at other steps: its place in a slab or in an input, or what was noted of its buffer. */
  rankOf({ store, offset, shape }: View<S>): number | undefined {
    const own = this.#ranks.get(store);
    if (own !== undefined) return own;
    const isPart = shape.reduce((size, length) => size * length, 1) < store.elements;
    return isPart && store.elements < Number.POSITIVE_INFINITY ? offset : undefined;
  }

  /** Notes the rank of what a call computes by itself, which is that of its first operand that has one. */
  note(out: View<S>, inputs: readonly View<S>[]): void {
    if (this.#ranks.has(out.store)) return;
    for (const input of inputs) {
      const rank = this.rankOf(input);
      if (rank === undefined) continue;
      this.#ranks.set(out.store, rank);
      return;
    }
  }
}
