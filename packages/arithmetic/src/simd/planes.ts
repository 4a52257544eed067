import type { Tensor } from "../tensor.ts";

/** Two axes of up to three tensors of one shape, and where in each they begin; counted in elements. */
export type Plane = (rows: number, columns: number, offsets: readonly number[], strides: readonly Axis[]) => void;

/** The strides of each tensor along one axis, and its length. */
interface Axis {
  readonly length: number;
  readonly strides: readonly number[];
}

/**
 * Goes through tensors seen in one shape, two axes at a time, in row-major order. Axes of length 1 go, and neighbours
 * that lie one behind the other in every tensor are one axis; with `keepsLast` the last axis stays by itself.
 *
 * @param plane - is given the strides of the rows' axis and of the columns'.
 */
export function eachPlane(
  shape: readonly number[],
  tensors: readonly Tensor<unknown>[],
  keepsLast: boolean,
  plane: Plane,
): void {
  if (shape.includes(0)) return;
  const axes = joined(shape, tensors, keepsLast);
  const none: Axis = { length: 1, strides: tensors.map(() => 0) };
  const columns = axes.pop() ?? none;
  const rows = axes.pop() ?? none;
  const last = [rows, columns];

  function walk(depth: number, offsets: readonly number[]): void {
    if (depth === axes.length) {
      plane(rows.length, columns.length, offsets, last);
      return;
    }
    const { length, strides } = axes[depth];
    for (let i = 0; i < length; i++) {
      walk(
        depth + 1,
        offsets.map((offset, t) => offset + i * strides[t]),
      );
    }
  }
  walk(
    0,
    tensors.map(({ offset }) => offset),
  );
}

function joined(shape: readonly number[], tensors: readonly Tensor<unknown>[], keepsLast: boolean): Axis[] {
  const axes: Axis[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const isKept = keepsLast && axis === shape.length - 1;
    if (shape[axis] === 1 && !isKept) continue;
    const next: Axis = { length: shape[axis], strides: tensors.map(({ strides }) => strides[axis]) };
    const before = axes.at(-1);
    if (before && !isKept && before.strides.every((stride, t) => stride === next.strides[t] * next.length)) {
      axes[axes.length - 1] = { length: before.length * next.length, strides: next.strides };
    } else {
      axes.push(next);
    }
  }
  return axes;
}
