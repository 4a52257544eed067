import type { Buffer, View } from "../call.ts";

/** A buffer's place in a larger one, its slab. */
interface Place<S> {
  readonly slab: Buffer<S>;
  readonly offset: number;
}

/** Buffers put side by side, so that what is done to each can be done to all at once. */
export class Placement<S> {
  readonly #places = new Map<Buffer<S>, Place<S>>();
  readonly #slabs = new Set<Buffer<S>>();

  /** The view in the slab that its buffer was put in, if it was. */
  resolved(view: View<S>): View<S> {
    const place = this.#places.get(view.store);
    return place ? { ...view, store: place.slab, offset: place.offset + view.offset } : view;
  }

  /** Whether the buffer may still be put somewhere: it is computed, and neither in a slab nor one itself. */
  isFree(buffer: Buffer<S>): boolean {
    return buffer.origin.kind === "computed" && !this.#places.has(buffer) && !this.#slabs.has(buffer);
  }

  /** Puts free buffers of one size behind each other, in that order. */
  join(buffers: readonly Buffer<S>[]): void {
    const [{ elements }] = buffers;
    const slab: Buffer<S> = { elements: elements * buffers.length, origin: { kind: "computed" } };
    this.#slabs.add(slab);
    buffers.forEach((buffer, i) => {
      this.#places.set(buffer, { slab, offset: i * elements });
    });
  }
}
