import { sizeOf } from "@gradproof/arithmetic";
import type { Buffer, Call, View } from "../call.ts";

/** Tensors that so many calls use belong to no step of a loop. */
const mostUses = 24;

/** A buffer, or a part of one, as calls use it. */
interface Item<S> {
  /** The first call that uses it. */
  readonly birth: number;
  readonly calls: Call<S>[];
  near: number;
}

/**
 * A number for each call that orders those of one role as the steps of a loop are ordered, also where they belong to the
 * way back, which goes through the steps from the last to the first: when the earliest of what they have to do with was
 * made, in two steps from tensor to call to tensor.
 */
export function ranksOf<S>(calls: readonly Call<S>[]): (call: Call<S>) => number {
  const buffers = new Map<Buffer<S>, Map<number, Item<S>>>();
  const itemOf = ({ store, offset, shape }: View<S>) => {
    const parts = buffers.get(store);
    return parts?.get(sizeOf(shape) < store.elements ? offset : -1);
  };
  calls.forEach((call, birth) => {
    for (const { store, offset, shape } of [call.out, ...call.inputs]) {
      const parts = buffers.get(store) ?? new Map<number, Item<S>>();
      buffers.set(store, parts);
      const place = sizeOf(shape) < store.elements ? offset : -1;
      const item = parts.get(place);
      if (item) item.calls.push(call);
      else parts.set(place, { birth, calls: [call], near: birth });
    }
  });

  /** Items of a call that belong to its step: not a weight, nor a sum over all steps. */
  function own({ out, inputs }: Call<S>): Item<S>[] {
    return [out, ...inputs].flatMap((view) => {
      const item = itemOf(view);
      return item && item.calls.length <= mostUses ? item : [];
    });
  }
  /** Of as many numbers as a call has tensors, or a tensor uses. */
  const smallest = (numbers: readonly number[]) => Math.min(...numbers);

  const births = new Map(calls.map((call) => [call, smallest(own(call).map(({ birth }) => birth))]));
  for (const parts of buffers.values()) {
    for (const item of parts.values()) {
      if (item.calls.length <= mostUses) item.near = smallest(item.calls.map((call) => births.get(call)!));
    }
  }
  return (call) => smallest(own(call).map(({ near }) => near));
}
