import fc from "fast-check";
import type { Arithmetic } from "../src/arithmetic.ts";
import { sizeOf, type Tensor } from "../src/tensor.ts";

/** Where in memory the elements of a tensor lie, for tensors of up to three axes. */
export interface Layout {
  /** Axes in ascending order of these lie from the outermost to the innermost; all equal is row-major. */
  readonly order: readonly number[];
  /** Each stride is that many times what it need be. */
  readonly gaps: readonly number[];
  /** Axes of an input that repeat one element: stride 0. */
  readonly repeats: readonly boolean[];
  /** Elements of the same memory before and after those of the tensor. */
  readonly before: number;
  readonly after: number;
}

const three = <V>(value: fc.Arbitrary<V>): fc.Arbitrary<V[]> => fc.array(value, { minLength: 3, maxLength: 3 });

export const layouts: fc.Arbitrary<Layout> = fc.record({
  order: three(fc.integer({ min: 0, max: 2 })),
  gaps: three(fc.constantFrom(1, 1, 2, 3)),
  repeats: three(fc.constantFrom(false, false, false, true)),
  before: fc.integer({ min: 0, max: 5 }),
  after: fc.integer({ min: 0, max: 5 }),
});

/** The layout without repeated axes: one that can be written to. */
export function writable(layout: Layout): Layout {
  return { ...layout, repeats: [false, false, false] };
}

export const contiguous: Layout = {
  order: [0, 0, 0],
  gaps: [1, 1, 1],
  repeats: [false, false, false],
  before: 0,
  after: 0,
};

/** The shape of the elements to be given to {@link place}: repeated axes have length 1. */
export function storedShape(shape: readonly number[], layout: Layout): number[] {
  return shape.map((length, axis) => (layout.repeats[axis] ? 1 : length));
}

export interface Placed<S> {
  readonly tensor: Tensor<S>;
  /** All of the memory that the tensor lies in, as one axis. */
  readonly memory: Tensor<S>;
}

/** A tensor of that shape and layout, its memory filled with 77 where it has no element. */
export function place<S>(A: Arithmetic<S>, shape: readonly number[], layout: Layout, elements: Tensor<S>): Placed<S> {
  const stored = storedShape(shape, layout);
  const axes = stored.map((_, axis) => axis).sort((a, b) => layout.order[b] - layout.order[a] || b - a);
  const strides = new Array<number>(shape.length).fill(0);
  let extent = 1;
  for (const axis of axes) {
    strides[axis] = extent * layout.gaps[axis];
    extent = strides[axis] * Math.max(stored[axis], 1);
  }
  const memory = A.empty([layout.before + extent + layout.after]);
  A.copy(memory, A.ratio(77, 1));
  const tensor = { store: memory.store, offset: memory.offset + layout.before, shape: stored, strides };
  A.copy(tensor, elements);
  return { memory, tensor: { ...tensor, shape, strides: strides.map((s, axis) => (layout.repeats[axis] ? 0 : s)) } };
}

/** Offsets in its store of all elements of a tensor, row-major. */
export function offsetsOf(t: Tensor<unknown>): number[] {
  return Array.from({ length: sizeOf(t.shape) }, (_, i) => {
    let offset = t.offset;
    let rest = i;
    for (let axis = t.shape.length - 1; axis >= 0; axis--) {
      offset += (rest % t.shape[axis]) * t.strides[axis];
      rest = Math.floor(rest / t.shape[axis]);
    }
    return offset;
  });
}

/** The element at that offset of the tensor's store. */
export function elementAt<S>(t: Tensor<S>, offset: number): Tensor<S> {
  return { store: t.store, offset, shape: [], strides: [] };
}
