import { type Arithmetic, at, slice, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { filled } from "./values.ts";

/** Factorisations and substitutions of matrices as values, row by row on the kernels; their rules stand beside the operations. */

/** P a = L U: U on and above the diagonal of `factors`, L below it, with ones on its own. */
export interface LuFactors<S> {
  readonly factors: Tensor<S>;
  /** Row i of P a is row rows[i] of a. */
  readonly rows: readonly number[];
  /** Whether the permutation is odd. */
  readonly odd: boolean;
  /** Whether a column had no element but 0 left to divide by; the factors are then unfinished. */
  readonly singular: boolean;
}

/** Gauss's elimination of a [N, N] with the largest element of each column as pivot. */
export function luFactors<S>(A: Arithmetic<S>, a: Tensor<S>): LuFactors<S> {
  const [size] = a.shape;
  const factors = filled(A, a.shape, a);
  const rows = [...new Array<number>(size).keys()];
  const spare = A.empty([size]);
  let odd = false;
  for (let k = 0; k < size; k++) {
    const pivot = k + largestOf(A.lower(slice(at(factors, k, 1), k, size)));
    if (A.lower(at(at(factors, pivot), k))[0] === 0) return { factors, rows, odd, singular: true };
    if (pivot !== k) {
      A.copy(spare, at(factors, k));
      A.copy(at(factors, k), at(factors, pivot));
      A.copy(at(factors, pivot), spare);
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      odd = !odd;
    }
    const below = slice(factors, k + 1, size);
    const multipliers = slice(below, k, k + 1, 1);
    A.binary(op.divide, multipliers, multipliers, at(at(factors, k), k));
    const rest = slice(below, k + 1, size, 1);
    const product = A.empty(rest.shape);
    A.gemm(product, multipliers, slice(slice(factors, k, k + 1), k + 1, size, 1), "write");
    A.binary(op.subtract, rest, rest, product);
  }
  return { factors, rows, odd, singular: false };
}

function largestOf(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    const [candidate, leader] = [
      values[i] < 0 ? -values[i] : values[i],
      values[best] < 0 ? -values[best] : values[best],
    ];
    if (candidate > leader) best = i;
  }
  return best;
}

/** x with T x = b, b [N, M], where T is the lower or the upper triangle of a [N, N], with ones for its diagonal if `unit`. */
export function substituted<S>(
  A: Arithmetic<S>,
  a: Tensor<S>,
  b: Tensor<S>,
  { lower, unit = false }: { readonly lower: boolean; readonly unit?: boolean },
): Tensor<S> {
  const [size, width] = b.shape;
  const x = filled(A, b.shape, b);
  const product = A.empty([1, width]);
  for (let step = 0; step < size; step++) {
    const i = lower ? step : size - 1 - step;
    const row = slice(x, i, i + 1);
    const [start, end] = lower ? [0, i] : [i + 1, size];
    if (end > start) {
      A.gemm(product, slice(slice(a, i, i + 1), start, end, 1), slice(x, start, end), "write");
      A.binary(op.subtract, row, row, product);
    }
    if (!unit) A.binary(op.divide, row, row, at(at(a, i), i));
  }
  return x;
}

/**
 * L, lower with a positive diagonal, with L Lᵀ = a for a symmetric a [N, N] of which the lower triangle is read.
 *
 * @throws RangeError where a is not positive definite.
 */
export function choleskyFactor<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  const [size] = a.shape;
  const factor = filled(A, a.shape, A.ratio(0, 1));
  for (let j = 0; j < size; j++) {
    const column = slice(slice(factor, j, size), j, j + 1, 1);
    A.copy(column, slice(slice(a, j, size), j, j + 1, 1));
    if (j > 0) {
      const product = A.empty(column.shape);
      const known = slice(slice(factor, j, size), 0, j, 1);
      const row = slice(slice(factor, j, j + 1), 0, j, 1);
      A.gemm(product, known, { ...row, shape: [j, 1], strides: [row.strides[1], row.strides[0]] }, "write");
      A.binary(op.subtract, column, column, product);
    }
    const pivot = at(at(factor, j), j);
    const [square] = A.lower(pivot);
    if (!(square > 0)) throw new RangeError(`cholesky: pivot ${j} is ${square}; expected a positive definite matrix`);
    A.unary(op.sqrt, pivot, pivot);
    const rest = slice(column, 1, size - j);
    A.binary(op.divide, rest, rest, pivot);
  }
  return factor;
}
