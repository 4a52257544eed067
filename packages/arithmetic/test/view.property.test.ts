import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../src/errors.ts";
import { float64 } from "../src/float.ts";
import { contiguousStrides, sizeOf, type Tensor } from "../src/tensor.ts";
import { at, broadcastTo, reshape, reverse, slice, transpose } from "../src/view.ts";
import { offsetsOf } from "./layouts.ts";
import { runs, seed } from "./seed.ts";

/** What a view should be: a shape and its elements, row-major. */
interface Model {
  readonly shape: readonly number[];
  readonly elements: readonly number[];
}

function indicesOf(shape: readonly number[]): number[][] {
  return Array.from({ length: sizeOf(shape) }, (_, i) =>
    contiguousStrides(shape).map((stride, axis) => Math.floor(i / stride) % shape[axis]),
  );
}

/** The model of a view whose element at an index is that of `m` at another. */
function rearranged(m: Model, shape: readonly number[], from: (index: number[]) => number[]): Model {
  const strides = contiguousStrides(m.shape);
  const elements = indicesOf(shape).map(
    (index) => m.elements[from(index).reduce((sum, i, axis) => sum + i * strides[axis], 0)],
  );
  return { shape, elements };
}

type View = { readonly t: Tensor<Float64Array>; readonly m: Model };

/** One step of a walk through views; steps that do not fit a view leave it as it is. */
const steps: Record<string, (view: View, a: number, b: number) => View> = {
  transpose({ t, m }) {
    if (m.shape.length < 2) return { t, m };
    const swapped = (axes: readonly number[]): number[] => [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
    return { t: transpose(t), m: rearranged(m, swapped(m.shape), swapped) };
  },
  transposeBy({ t, m }, a, b) {
    const rank = m.shape.length;
    // An order of the axes: a rotation, backwards for an odd b.
    const rotated = Array.from({ length: rank }, (_, n) => (n + a) % rank);
    const axes = b % 2 === 1 ? rotated.reverse() : rotated;
    const shape = axes.map((axis) => m.shape[axis]);
    return {
      t: transpose(t, axes),
      m: rearranged(m, shape, (index) => axes.map((_, axis) => index[axes.indexOf(axis)])),
    };
  },
  reverse({ t, m }) {
    if (m.shape.length === 0) return { t, m };
    return {
      t: reverse(t),
      m: rearranged(m, m.shape, (index) => index.with(0, m.shape[0] - 1 - index[0])),
    };
  },
  slice({ t, m }, a, b) {
    if (m.shape.length === 0) return { t, m };
    const axis = (a + b) % m.shape.length;
    const length = m.shape[axis];
    const start = a % (length + 1);
    const end = start + (b % (length - start + 1));
    const part = axis === 0 && a % 2 === 0 ? slice(t, start, end) : slice(t, start, end, axis);
    const shape = m.shape.with(axis, end - start);
    return { t: part, m: rearranged(m, shape, (index) => index.with(axis, index[axis] + start)) };
  },
  at({ t, m }, a, b) {
    const axis = m.shape.length === 0 ? 0 : b % m.shape.length;
    if (m.shape.length < 2 || m.shape[axis] === 0) return { t, m };
    const index = a % m.shape[axis];
    const part = axis === 0 && b % 2 === 0 ? at(t, index) : at(t, index, axis);
    return { t: part, m: rearranged(m, m.shape.toSpliced(axis, 1), (rest) => rest.toSpliced(axis, 0, index)) };
  },
  broadcastTo({ t, m }, a, b) {
    if (m.shape.length > 3) return { t, m };
    const shape = [1 + (a % 3), ...m.shape.map((length) => (length === 1 ? b % 4 : length))];
    const from = (index: number[]): number[] => index.slice(1).map((i, axis) => (m.shape[axis] === 1 ? 0 : i));
    return { t: broadcastTo(t, shape), m: rearranged(m, shape, from) };
  },
  reshape({ t, m }) {
    const shape = m.shape.length > 1 ? [m.shape[0] * m.shape[1], ...m.shape.slice(2)] : [1, ...m.shape, 1];
    const offsets = offsetsOf(t);
    if (offsets.every((offset, i) => offset === offsets[0] + i)) return { t: reshape(t, shape), m: { ...m, shape } };
    expect(() => reshape(t, shape)).toThrow(ShapeError);
    return { t, m };
  },
};

test("any walk through views shows the elements that it should, and shares their memory", () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(99), fc.nat(99));
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
  const property = fc.property(shape, fc.array(step, { maxLength: 8 }), (shape, walk) => {
    const elements = Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);
    let view: View = { t: float64.lift(elements, shape), m: { shape, elements } };
    const { store } = view.t;
    for (const [name, a, b] of walk) {
      view = steps[name](view, a, b);
      expect(view.t.shape).toEqual(view.m.shape);
      expect(Array.from(float64.lower(view.t))).toEqual(view.m.elements);
      expect(view.t.store).toBe(store);
    }
  });
  fc.assert(property, { seed, numRuns: runs(500) });
});

describe("what does not fit is refused, with the shapes", () => {
  const [scalar, vector, matrix] = [[], [4], [2, 3]].map((shape) => float64.empty(shape));
  const cases: [string, () => unknown, string][] = [
    ["transpose", () => transpose(vector), "transpose: shapes [4]; expected at least two axes"],
    [
      "transpose without an axis",
      () => transpose(matrix, [0]),
      "transpose(0): shapes [2, 3]; expected every axis once",
    ],
    [
      "transpose with one twice",
      () => transpose(matrix, [1, 1]),
      "transpose(1, 1): shapes [2, 3]; expected every axis once",
    ],
    [
      "transpose to more axes",
      () => transpose(vector, [0, 1]),
      "transpose(0, 1): shapes [4]; expected every axis once",
    ],
    [
      "slice past the end of another axis",
      () => slice(matrix, 1, 4, 1),
      "slice(1, 4): shapes [2, 3]; expected 0 <= start <= end <= length of axis 1",
    ],
    [
      "slice along an axis that is not there",
      () => slice(vector, 0, 1, 1),
      "slice(0, 1): shapes [4]; expected 0 <= start <= end <= length of axis 1",
    ],
    ["at the end of another axis", () => at(matrix, 3, 1), "at(3): shapes [2, 3]; expected an index of axis 1"],
    ["at of an axis that is not there", () => at(matrix, 0, 2), "at(0): shapes [2, 3]; expected an index of axis 2"],
    [
      "reshape to another size",
      () => reshape(matrix, [7]),
      "reshape: shapes [2, 3] and [7]; expected a contiguous tensor of as many elements",
    ],
    [
      "reshape across a transpose",
      () => reshape(transpose(matrix), [6]),
      "reshape: shapes [3, 2] and [6]; expected a contiguous tensor of as many elements",
    ],
    [
      "reshape to negative axes",
      () => reshape(matrix, [-2, -3]),
      "reshape: shapes [-2, -3]; expected integers of at least 0",
    ],
    [
      "reshape to fractions",
      () => reshape(matrix, [1.5, 4]),
      "reshape: shapes [1.5, 4]; expected integers of at least 0",
    ],
    [
      "slice past the end",
      () => slice(vector, 1, 5),
      "slice(1, 5): shapes [4]; expected 0 <= start <= end <= length of axis 0",
    ],
    [
      "slice backwards",
      () => slice(vector, 3, 2),
      "slice(3, 2): shapes [4]; expected 0 <= start <= end <= length of axis 0",
    ],
    [
      "slice at a fraction",
      () => slice(vector, 0.5, 2),
      "slice(0.5, 2): shapes [4]; expected 0 <= start <= end <= length of axis 0",
    ],
    [
      "slice of a scalar",
      () => slice(scalar, 0, 0),
      "slice(0, 0): shapes []; expected 0 <= start <= end <= length of axis 0",
    ],
    ["at the end", () => at(vector, 4), "at(4): shapes [4]; expected an index of axis 0"],
    ["at -1", () => at(vector, -1), "at(-1): shapes [4]; expected an index of axis 0"],
    ["at of a scalar", () => at(scalar, 0), "at(0): shapes []; expected an index of axis 0"],
    [
      "broadcast to fewer axes",
      () => broadcastTo(matrix, [3]),
      "broadcastTo: shapes [2, 3] and [3]; expected axes equal from the last, or of length 1",
    ],
    [
      "broadcast along another length",
      () => broadcastTo(vector, [4, 3]),
      "broadcastTo: shapes [4] and [4, 3]; expected axes equal from the last, or of length 1",
    ],
    [
      "broadcast to a negative axis",
      () => broadcastTo(scalar, [-1]),
      "broadcastTo: shapes [-1]; expected integers of at least 0",
    ],
  ];
  test.each(cases)("%s", (_, call, message) => {
    expect(call).toThrow(ShapeError);
    expect(call).toThrow(message);
  });
});
