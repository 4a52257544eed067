import { isContiguous, sizeOf } from "@gradproof/arithmetic";
import type { Buffer, Call, CallList, View } from "../call.ts";
import { rangeOf } from "./dependencies.ts";

/** When elements [start, end) of a buffer are read or written. */
interface Access {
  readonly at: number;
  readonly writes: boolean;
  readonly start: number;
  readonly end: number;
}

/**
 * The calls with tensors that share memory where it is enough for one to lie where the other does, before anything is put
 * in another order. What is copied into a part of something larger is made there; what begins as a copy of something that
 * is not used any more takes its place. The copy goes.
 */
export function withoutCopies<S>({ inputs, calls, results }: CallList<S>): CallList<S> {
  const accesses = accessesOf(calls, results);
  const places = new Map<Buffer<S>, { readonly buffer: Buffer<S>; readonly offset: number }>();
  const dropped = new Set<Call<S>>();

  function resolved(view: View<S>): View<S> {
    let { store, offset } = view;
    for (let place = places.get(store); place; place = places.get(store)) {
      offset += place.offset;
      store = place.buffer;
    }
    return { ...view, store, offset };
  }

  /** Whether the elements of both views may be the same ones from that call on. */
  function canShare(at: number, a: View<S>, b: View<S>): boolean {
    const [ofA, ofB] = [later(at, a), later(at, b)];
    if (ofA.length === 0 || ofB.length === 0) return true;
    return !ofA.some(({ writes }) => writes) && !ofB.some(({ writes }) => writes);
  }

  function later(at: number, view: View<S>): Access[] {
    return touching(view).filter((access) => access.at > at);
  }

  function touching(view: View<S>): Access[] {
    const [start, end] = rangeOf(view);
    return (accesses.get(view.store) ?? []).filter((access) => access.start < end && access.end > start);
  }

  function put(buffer: Buffer<S>, into: View<S>): void {
    places.set(buffer, { buffer: into.store, offset: into.offset });
    const all = accesses.get(into.store)!;
    for (const { at, writes, start, end } of accesses.get(buffer) ?? []) {
      all.push({ at, writes, start: start + into.offset, end: end + into.offset });
    }
  }

  function isNew(at: number, view: View<S>): boolean {
    return !touching(view).some((access) => access.at < at);
  }

  calls.forEach((call, at) => {
    if (call.kernel.name !== "copy") return;
    const [out, from] = [resolved(call.out), resolved(call.inputs[0])];
    if (!areComputed(out, from) || out.store === from.store || !isSameRun(out, from)) return;
    if (!canShare(at, out, from) || !isNew(at, out)) return;
    if (isWhole(out)) put(out.store, from);
    else if (isWhole(from)) put(from.store, out);
    else return;
    dropped.add(call);
  });
  return {
    inputs,
    calls: calls
      .filter((call) => !dropped.has(call))
      .map((call) => ({ kernel: call.kernel, out: resolved(call.out), inputs: call.inputs.map(resolved) })),
    results: results.map(resolved),
  };
}

function areComputed<S>(...views: readonly View<S>[]): boolean {
  return views.every(({ store }) => store.origin.kind === "computed");
}

function accessesOf<S>(calls: readonly Call<S>[], results: readonly View<S>[]): Map<Buffer<S>, Access[]> {
  const accesses = new Map<Buffer<S>, Access[]>();
  const note = (view: View<S>, at: number, writes: boolean) => {
    const [start, end] = rangeOf(view);
    const all = accesses.get(view.store);
    if (all) all.push({ at, writes, start, end });
    else accesses.set(view.store, [{ at, writes, start, end }]);
  };
  calls.forEach(({ out, inputs }, at) => {
    for (const input of inputs) note(input, at, false);
    note(out, at, true);
  });
  for (const result of results) note(result, calls.length, false);
  return accesses;
}

/** Whether both have the same number of elements, one behind the other. */
function isSameRun<S>(a: View<S>, b: View<S>): boolean {
  return sizeOf(a.shape) === sizeOf(b.shape) && isContiguous(a) && isContiguous(b);
}

function isWhole<S>({ store, offset, shape }: View<S>): boolean {
  return offset === 0 && sizeOf(shape) === store.elements;
}
