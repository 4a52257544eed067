import type { Buffer, Call, CallList } from "../call.ts";

/** The calls without those whose results nobody reads. */
export function withoutDead<S>(list: CallList<S>): CallList<S> {
  const read = new Set(list.results.map(({ store }) => store));
  const calls: Call<S>[] = [];
  for (const call of list.calls.toReversed()) {
    if (!read.has(call.out.store)) continue;
    calls.push(call);
    for (const { store } of call.inputs) read.add(store);
  }
  return { ...list, calls: calls.reverse() };
}

/** For each buffer the place of the last call that uses it; of a result, the number of calls. */
export function lastUses<S>({ calls, results }: CallList<S>): Map<Buffer<S>, number> {
  const last = new Map<Buffer<S>, number>();
  calls.forEach(({ out, inputs: read }, i) => {
    last.set(out.store, i);
    for (const { store } of read) last.set(store, i);
  });
  for (const { store } of results) last.set(store, calls.length);
  return last;
}
