/** Lengths of axes, the outermost first; [] is a scalar's. */
export type Shape = readonly number[];

/** Numbers in row-major order. */
export interface NumericArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Number of elements of an array of that shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
