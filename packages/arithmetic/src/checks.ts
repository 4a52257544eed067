import { ShapeError } from "./errors.ts";
import { checkShape, sameShape, sizeOf, type Tensor } from "./tensor.ts";

/** Shape checks of the kernels; each throws {@link ShapeError}. */
export function checkValues(operation: string, values: ArrayLike<number>, shape: readonly number[]): void {
  checkShape(operation, shape);
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError(operation, `${values.length} elements, as many as there are values`, shape);
  }
}

/** As {@link broadcastTo} has it, without the view. */
export function checkBroadcast(operation: string, from: readonly number[], to: readonly number[]): void {
  const lead = to.length - from.length;
  let fits = lead >= 0;
  for (let axis = 0; axis < from.length; axis++) fits &&= from[axis] === 1 || from[axis] === to[lead + axis];
  if (!fits) throw new ShapeError(operation, "axes equal from the last, or of length 1", from, to);
}

export function checkGemm(out: Tensor<unknown>, a: Tensor<unknown>, b: Tensor<unknown>): void {
  const [M, K] = a.shape;
  const N = b.shape[1];
  const fits = sameShape(out.shape, [M, N]) && sameShape(a.shape, [M, K]) && sameShape(b.shape, [K, N]);
  if (!fits) throw new ShapeError("gemm", "out [M, N], a [M, K], b [K, N]", out.shape, a.shape, b.shape);
}

/** A row without elements has no largest one: N is at least 1, in the other row kernel too. */
export function checkSoftmax(out: Tensor<unknown>, a: Tensor<unknown>): void {
  const fits = hasRows(a.shape) && sameShape(out.shape, a.shape);
  if (!fits) throw new ShapeError("softmax", "out [..., N] for a [..., N], N at least 1", out.shape, a.shape);
}

export function checkLogSumExp(out: Tensor<unknown>, a: Tensor<unknown>): void {
  const fits = hasRows(a.shape) && sameShape(out.shape, [...a.shape.slice(0, -1), 1]);
  if (!fits) throw new ShapeError("logSumExp", "out [..., 1] for a [..., N], N at least 1", out.shape, a.shape);
}

export function checkAddRows(out: Tensor<unknown>, a: Tensor<unknown>, b: Tensor<unknown>): void {
  const fits =
    out.shape.length === 2 &&
    (out.strides[1] === 1 || out.shape[1] === 1) &&
    [a, b].every((row) => isRow(row, out.shape[1]));
  if (!fits) throw new ShapeError("addRows", "out [M, N], a [N], b [N], N contiguous", out.shape, a.shape, b.shape);
}

function isRow({ shape, strides }: Tensor<unknown>, length: number): boolean {
  return shape.length === 1 && shape[0] === length && (strides[0] === 1 || length === 1);
}

export function checkRecurrence(
  states: Tensor<unknown>,
  sums: Tensor<unknown>,
  weight: Tensor<unknown>,
  beside: Tensor<unknown> = sums,
): void {
  const [L, B, N] = sums.shape;
  const fits =
    hasLengths(sums, L, B, N) &&
    hasLengths(states, L + 1, B, N) &&
    hasLengths(beside, L, B, N) &&
    weight.shape.length === 2 &&
    weight.shape[0] === N &&
    weight.shape[1] === N;
  if (fits) return;
  const expected = "states [L + 1, B, N], sums and beside [L, B, N], weight [N, N], N contiguous in all but the weight";
  throw new ShapeError("recurrence", expected, states.shape, sums.shape, beside.shape, weight.shape);
}

/** Whether t has those three axes, the last one contiguous. */
function hasLengths({ shape, strides }: Tensor<unknown>, L: number, B: number, N: number): boolean {
  return shape.length === 3 && shape[0] === L && shape[1] === B && shape[2] === N && (strides[2] === 1 || N === 1);
}

function hasRows(shape: readonly number[]): boolean {
  return shape.length > 0 && shape[shape.length - 1] > 0;
}

export function checkRows(
  operation: string,
  table: Tensor<unknown>,
  rows: ArrayLike<number>,
  t: Tensor<unknown>,
): void {
  if (table.shape.length === 0 || !sameShape(t.shape, [rows.length, ...table.shape.slice(1)])) {
    throw new ShapeError(operation, `[${rows.length} rows, the rest of the table's axes]`, t.shape, table.shape);
  }
  for (let i = 0; i < rows.length; i++) {
    if (!(Number.isInteger(rows[i]) && rows[i] >= 0 && rows[i] < table.shape[0])) {
      throw new RangeError(`${operation}: row ${i} is ${rows[i]}; expected an integer in [0, ${table.shape[0]})`);
    }
  }
}

export function checkRatio(numerator: number, denominator: number): void {
  if (!(Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator) && denominator !== 0)) {
    throw new RangeError(`ratio: ${numerator} / ${denominator}; expected integers, the denominator not 0`);
  }
}
