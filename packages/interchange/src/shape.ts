/** Elements of a tensor of this shape, or undefined where the count is no safe integer. An empty product is 1. */
export function elementCount(shape: readonly number[]): number | undefined {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const length of shape) {
    count *= length;
    if (count > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return count;
}

/** Whether a value is a list of lengths: safe integers from 0 on. */
export function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isLength);
}

/** Whether a value is a length or an offset. -0 is none. */
export function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

/** The index of the element that stands at `position` in row-major order. */
export function indexAt(shape: readonly number[], position: number): number[] {
  const index: number[] = [];
  for (const length of shape.toReversed()) {
    index.push(position % length);
    position = Math.floor(position / length);
  }
  return index.reverse();
}

/**
 * The column-major (Fortran) position of each element in turn of row-major order, handed to `visit`.
 * One counter per axis; no table of the elements' size.
 */
export function visitColumnMajor(
  fullShape: readonly number[],
  visit: (rowMajor: number, columnMajor: number) => void,
): void {
  const count = elementCount(fullShape) ?? 0;
  // Axes of length 1 move nothing, and a hostile header can have thousands of them.
  const shape = fullShape.filter((length) => length > 1);
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const index = new Array<number>(shape.length).fill(0);
  let columnMajor = 0;
  for (let rowMajor = 0; rowMajor < count; rowMajor++) {
    visit(rowMajor, columnMajor);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      columnMajor += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      columnMajor -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
}
