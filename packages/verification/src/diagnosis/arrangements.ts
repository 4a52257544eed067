import type { GradientName } from "../spread.ts";
import type { Relation } from "./diagnosis.ts";

/** The same numbers in another order: element i is element source[i] of the right gradient. */
export interface Arrangement {
  readonly kind: Relation["kind"];
  readonly text: string;
  readonly source: Int32Array;
}

const axisNames: Readonly<Record<GradientName, readonly string[]>> = {
  Wxh: ["H", "I"],
  Whh: ["H", "H"],
  Why: ["O", "H"],
  bxh: ["H"],
  bhh: ["H"],
  by: ["O"],
  h0: ["B", "H"],
  x: ["T", "B", "I"],
};

/** Axes in every other order, whether the shapes then fit or the numbers are only laid out so; for x steps reversed or shifted. */
export function rearrangements(of: GradientName, shape: readonly number[]): Arrangement[] {
  const names = axisNames[of];
  const moved = permutations(shape.map((_, axis) => axis))
    .filter((order) => order.some((axis, i) => axis !== i))
    .map((order): Arrangement => {
      const transposed = shape.length === 2 && shape[0] === shape[1];
      const text = transposed
        ? "is the transpose of the right gradient"
        : `has the numbers of the right gradient in the order [${order.map((axis) => names[axis]).join(", ")}]`;
      return { kind: "axes", text, source: inOrder(shape, order) };
    });
  return of === "x" ? [...moved, ...inTime(shape)] : moved;
}

export function reordered(values: Float64Array, source: Int32Array): Float64Array {
  return Float64Array.from(source, (from) => values[from]);
}

/** Row-major positions of a tensor read with its axes in that order. */
function inOrder(shape: readonly number[], order: readonly number[]): Int32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  let positions = [0];
  for (const axis of order) {
    positions = positions.flatMap((from) => Array.from({ length: shape[axis] }, (_, i) => from + i * strides[axis]));
  }
  return Int32Array.from(positions);
}

function inTime([T, B, I]: readonly number[]): Arrangement[] {
  if (T < 2) return [];
  const width = B * I;
  const byStep = (stepOf: (t: number) => number) =>
    Int32Array.from({ length: T * width }, (_, i) => stepOf(Math.floor(i / width)) * width + (i % width));
  return [
    { kind: "order", text: "has the right gradient's steps in reverse", source: byStep((t) => T - 1 - t) },
    {
      kind: "order",
      text: "is the right gradient one step late, around the end",
      source: byStep((t) => (t + T - 1) % T),
    },
    { kind: "order", text: "is the right gradient one step early, around the end", source: byStep((t) => (t + 1) % T) },
  ];
}

function permutations(axes: readonly number[]): number[][] {
  if (axes.length < 2) return [[...axes]];
  return axes.flatMap((axis) => permutations(axes.filter((other) => other !== axis)).map((rest) => [axis, ...rest]));
}
