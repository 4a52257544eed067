import { reshape, sizeOf } from "@gradproof/arithmetic";
import type { Buffer, Call, CallList, View } from "../call.ts";

/** So many products with the same operand pay for a copy of it. */
const fewest = 4;
/** Rows of the left operand above which a product is as fast with either order. */
const mostRows = 16;

/**
 * Right operands of products with few rows that lie column by column, as the transpose of a weight in a loop does, copied
 * once to lie row by row.
 */
export function withTurnedOperands<S>(list: CallList<S>): CallList<S> {
  const { calls } = list;
  const lastWrite = new Map<Buffer<S>, number>();
  calls.forEach(({ out }, i) => {
    lastWrite.set(out.store, i);
  });
  const uses = new Map<Buffer<S>, Map<string, number[]>>();
  calls.forEach((call, i) => {
    if (!wantsRows(call)) return;
    const [, b] = call.inputs;
    if ((lastWrite.get(b.store) ?? -1) > i) return;
    const views = uses.get(b.store) ?? new Map<string, number[]>();
    const layout = String([b.offset, b.shape, b.strides]);
    views.set(layout, [...(views.get(layout) ?? []), i]);
    uses.set(b.store, views);
  });
  const copies = new Map<number, View<S>>();
  const turned = new Map<number, View<S>>();
  for (const views of uses.values()) {
    for (const places of views.values()) {
      if (places.length < fewest) continue;
      const copy = emptyLike(calls[places[0]].inputs[1]);
      copies.set(places[0], copy);
      for (const place of places) turned.set(place, copy);
    }
  }
  const turnedCalls = calls.flatMap((call, i): Call<S>[] => {
    const copy = turned.get(i);
    if (!copy) return [call];
    const [a, b] = call.inputs;
    const product = { ...call, inputs: [a, copy] };
    return copies.has(i) ? [{ kernel: { name: "copy" }, out: copy, inputs: [b] }, product] : [product];
  });
  return { ...list, calls: turnedCalls };
}

function wantsRows<S>({ kernel, out, inputs }: Call<S>): boolean {
  if (kernel.name !== "gemm") return false;
  const { shape, strides } = inputs[1];
  return out.shape[0] <= mostRows && shape[0] > 1 && shape[1] > 1 && strides[0] === 1 && strides[1] > 1;
}

/** New memory for the elements of a view, row by row. */
function emptyLike<S>({ shape }: View<S>): View<S> {
  const elements = sizeOf(shape);
  const store: Buffer<S> = { elements, origin: { kind: "computed" } };
  return reshape({ store, offset: 0, shape: [elements], strides: [1] }, shape);
}
