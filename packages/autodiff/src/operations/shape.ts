import { ShapeError, sameShape } from "@gradproof/arithmetic";

/** The shape that both broadcast to by NumPy's rule: axes equal from the last, or of length 1. */
export function broadcastShape(operation: string, a: readonly number[], b: readonly number[]): readonly number[] {
  if (sameShape(a, b)) return a;
  return (a.length < b.length ? b : a).map((_, axis, { length }) => {
    const [left = 1, right = 1] = [a[axis - length + a.length], b[axis - length + b.length]];
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(operation, "axes equal from the last, or of length 1", a, b);
    }
    return left === 1 ? right : left;
  });
}

/** The place of an axis that is counted from 0 on or from -1 back. */
export function axisOf(operation: string, axis: number, shape: readonly number[]): number {
  const place = axis < 0 ? axis + shape.length : axis;
  if (shape[place] === undefined) {
    throw new ShapeError(`${operation}(axis ${axis})`, "an axis, from 0 on or from -1 back", shape);
  }
  return place;
}

/** An axis that is named twice counts once. */
export function axesOf(
  operation: string,
  axes: number | readonly number[] | undefined,
  shape: readonly number[],
): ReadonlySet<number> {
  return new Set(axes === undefined ? shape.keys() : [axes].flat().map((axis) => axisOf(operation, axis, shape)));
}

/** N of a shape [N, N]. */
export function squareSize(operation: string, shape: readonly number[]): number {
  if (shape.length !== 2 || shape[0] !== shape[1]) throw new ShapeError(operation, "[N, N]", shape);
  return shape[0];
}
