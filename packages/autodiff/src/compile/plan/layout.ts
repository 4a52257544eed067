import { type Buffer, type Call, type CallList, isElementwise, isSameView, ownResults } from "../call.ts";
import { lastUses } from "./liveness.ts";

/** Where each computed buffer lies in one piece of memory, but for results of their own; places count elements. */
export interface Layout<S> {
  readonly places: ReadonlyMap<Buffer<S>, number>;
  readonly elements: number;
}

/** Buffers of one size that lie in one place, one after the other, from the first call that uses one to the last. */
interface Block<S> {
  readonly buffers: Buffer<S>[];
  readonly elements: number;
  readonly first: number;
  last: number;
  start: number;
}

/** Cache lines of 16 single or 8 double precision numbers: blocks do not share one. */
const line = 16;

/**
 * Places for all computed buffers such that two have elements in common only where one is no longer used when the other
 * begins; the result of an element by element call goes where an operand lies that is not used any more. Large ones are
 * placed first, each as far to the front as those allow that are used while it is.
 *
 * @param last - by when each buffer may be overwritten: {@link lastUses}.
 */
export function layoutOf<S>(list: CallList<S>, last: ReadonlyMap<Buffer<S>, number> = lastUses(list)): Layout<S> {
  const blocks = blocksOf(list, last).sort((a, b) => b.elements - a.elements || a.first - b.first);
  const placed: Block<S>[] = [];
  let elements = 0;
  for (const block of blocks) {
    let start = 0;
    for (const other of placed) {
      if (other.last < block.first || other.first > block.last) continue;
      if (other.start >= start + block.elements) break;
      const end = other.start + other.elements;
      if (end > start) start = end;
    }
    block.start = start;
    if (start + block.elements > elements) elements = start + block.elements;
    const at = placed.findIndex((other) => other.start > start);
    placed.splice(at < 0 ? placed.length : at, 0, block);
  }
  const places = new Map(blocks.flatMap(({ buffers, start }) => buffers.map((buffer) => [buffer, start] as const)));
  return { places, elements };
}

function blocksOf<S>(list: CallList<S>, last: ReadonlyMap<Buffer<S>, number>): Block<S>[] {
  const results = new Set([...ownResults(list)].map(({ store }) => store));
  const blocks = new Map<Buffer<S>, Block<S>>();
  const begin = (buffer: Buffer<S>, first: number) => {
    if (buffer.origin.kind !== "computed" || results.has(buffer) || blocks.has(buffer)) return;
    const elements = Math.ceil(buffer.elements / line) * line;
    blocks.set(buffer, { buffers: [buffer], elements, first, last: last.get(buffer) ?? first, start: 0 });
  };
  list.calls.forEach((call, i) => {
    for (const { store } of call.inputs) begin(store, i);
    const out = call.out.store;
    const isNew = !blocks.has(out) && !results.has(out);
    const over = isNew ? call.inputs.find(({ store }) => last.get(store) === i && canTake(call, store)) : undefined;
    const block = over && blocks.get(over.store);
    if (block) {
      block.buffers.push(out);
      block.last = last.get(out) ?? i;
      blocks.set(out, block);
    } else begin(out, i);
  });
  return [...new Set(blocks.values())];
}

/** Whether the call may write its output over an operand's buffer: element by element, both laid out alike. */
function canTake<S>(call: Call<S>, buffer: Buffer<S>): boolean {
  const { out, inputs } = call;
  const fits = isElementwise(call) && buffer.origin.kind === "computed" && buffer.elements === out.store.elements;
  return fits && inputs.every(({ store, ...view }) => store !== buffer || isSameView(view, out));
}
