import { type Buffer, type Call, readsOutput, type View } from "../call.ts";

/** One or several calls that are made together, and what has to wait for them. */
export interface Unit<S> {
  /** One, or a {@link chains chain}: calls that add to one output. */
  readonly calls: readonly Call<S>[];
  /** Its place in the recording. */
  readonly index: number;
  readonly successors: Set<Unit<S>>;
  /** How many units it waits for. */
  waiting: number;
  /** Units on the longest way from here to the end. */
  height: number;
}

/** A range of elements of a buffer, who wrote it last, and who has read it since. */
interface Span<S> {
  start: number;
  end: number;
  writer: Unit<S> | undefined;
  readers: Unit<S>[];
}

/** The units of calls with what each has to wait for: elements it reads, or overwrites when others have read them. */
export function unitsOf<S>(groups: readonly (readonly Call<S>[])[]): Unit<S>[] {
  const spans = new Map<Buffer<S>, Span<S>[]>();
  const units = groups.map((calls, index): Unit<S> => ({ calls, index, successors: new Set(), waiting: 0, height: 1 }));
  for (const unit of units) {
    const waitFor = (other: Unit<S> | undefined) => {
      if (!other || other === unit || other.successors.has(unit)) return;
      other.successors.add(unit);
      unit.waiting++;
    };
    for (const call of unit.calls) {
      for (const view of readsOutput(call) ? [...call.inputs, call.out] : call.inputs) {
        if (view.store.origin.kind !== "computed") continue;
        for (const span of touched(spans, view)) {
          waitFor(span.writer);
          span.readers.push(unit);
        }
      }
      for (const span of touched(spans, call.out)) {
        waitFor(span.writer);
        span.readers.forEach(waitFor);
        span.writer = unit;
        span.readers = [];
      }
    }
  }
  for (const unit of units.toReversed()) {
    for (const { height } of unit.successors) if (height >= unit.height) unit.height = height + 1;
  }
  return units;
}

/** The spans that the elements of a view lie in, made where there are none. */
function touched<S>(all: Map<Buffer<S>, Span<S>[]>, view: View<S>): Span<S>[] {
  const [start, end] = rangeOf(view);
  let spans = all.get(view.store);
  if (!spans) {
    spans = [];
    all.set(view.store, spans);
  }
  let at = firstEndingAfter(spans, start);
  const found: Span<S>[] = [];
  let from = start;
  while (from < end) {
    const span = spans[at];
    if (!span || span.start >= end) {
      spans.splice(at, 0, { start: from, end, writer: undefined, readers: [] });
    } else if (span.start > from) {
      spans.splice(at, 0, { start: from, end: span.start, writer: undefined, readers: [] });
    } else if (span.start < from) {
      spans.splice(at, 0, { ...span, end: from, readers: [...span.readers] });
      span.start = from;
      at++;
      continue;
    } else if (span.end > end) {
      spans.splice(at + 1, 0, { ...span, start: end, readers: [...span.readers] });
      span.end = end;
    }
    found.push(spans[at]);
    from = spans[at].end;
    at++;
  }
  return found;
}

function firstEndingAfter<S>(spans: readonly Span<S>[], start: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].end > start) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first element of a view in its buffer, and the one behind the last. */
export function rangeOf<S>({ offset, shape, strides }: View<S>): readonly [start: number, end: number] {
  let [start, end] = [offset, offset + 1];
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 0) return [offset, offset];
    const reach = (shape[axis] - 1) * strides[axis];
    if (reach < 0) start += reach;
    else end += reach;
  }
  return [start, end];
}
