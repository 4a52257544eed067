import { at, float64, type Tensor, transpose } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { nonFinite } from "./non-finite.ts";

/** Numbers in row-major order. */
export interface FlowArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * The Jacobians A_t = ∂h_t/∂h_{t−1}, t = 1 … T, of one trajectory in n dimensions: as they are, or for a recurrent layer
 * as its factors, A_t = diag(f′(u_t)) W.
 */
export type JacobianData =
  /** [T, n, n], (∂a/∂b)_ij = ∂a_i/∂b_j */
  | FlowArray
  | {
      /** f′(u_t) [T, n] */
      readonly slopes: FlowArray;
      /** W [n, n] */
      readonly weights: FlowArray;
      /** ln |f′(u_t)| [T, n] where it is known better than as the logarithm of `slopes`, which may have underflowed to 0. */
      readonly logSlopes?: FlowArray | undefined;
    };

/** m vectors of n numbers, one a row: [m, n]. */
export type Vectors = Tensor<Float64Array>;

/** Jacobians as maps of vectors; t counts from 1. */
export interface Jacobians {
  /** T */
  readonly steps: number;
  /** n */
  readonly width: number;
  /** out ← A_t v for every row v of `vectors`; they must not overlap. */
  apply(t: number, out: Vectors, vectors: Vectors): void;
  /** out ← A_tᵀ v for every row v: what carries errors back in time. */
  applyTransposed(t: number, out: Vectors, vectors: Vectors): void;
  /** The same data, for what is special about factors. */
  readonly data: JacobianData;
}

export function isFactored(data: JacobianData): data is Exclude<JacobianData, FlowArray> {
  return "slopes" in data;
}

/**
 * @throws ArgumentError where shapes do not fit, or for numbers that are not finite, which are counted and the first of
 * which is located.
 */
export function jacobiansOf(caller: string, data: JacobianData): Jacobians {
  return isFactored(data) ? factored(caller, data) : full(caller, data);
}

function full(caller: string, data: FlowArray): Jacobians {
  const [T, n, columns] = data.shape;
  if (data.shape.length !== 3 || n !== columns || T < 1 || n < 1) {
    throw new ArgumentError(caller, "jacobians", `have shape [${data.shape.join(", ")}]; expected [T, n, n]`);
  }
  checkArray(caller, "jacobians", data, data.shape);
  const all = tensor(data);
  return {
    steps: T,
    width: n,
    data,
    apply: (t, out, vectors) => float64.gemm(out, vectors, transpose(at(all, t - 1)), "write"),
    applyTransposed: (t, out, vectors) => float64.gemm(out, vectors, at(all, t - 1), "write"),
  };
}

function factored(caller: string, data: Exclude<JacobianData, FlowArray>): Jacobians {
  const { slopes, weights, logSlopes } = data;
  const [n] = weights.shape;
  const [T] = slopes.shape;
  if (weights.shape.length !== 2 || n < 1) {
    throw new ArgumentError(caller, "weights", `have shape [${weights.shape.join(", ")}]; expected [n, n]`);
  }
  checkArray(caller, "weights", weights, [n, n]);
  checkArray(caller, "slopes", slopes, [T, n]);
  if (T < 1) throw new ArgumentError(caller, "slopes", "have no steps; expected at least one");
  if (logSlopes) checkShape(caller, "logSlopes", logSlopes, [T, n]);
  const W = tensor(weights);
  const d = slopes.data;
  let scaled = float64.empty([1, n]);
  return {
    steps: T,
    width: n,
    data,
    apply(t, out, vectors) {
      float64.gemm(out, vectors, transpose(W), "write");
      scaleRows(out.store, out.offset, out.store, out.offset, d, (t - 1) * n, out.shape[0], n);
    },
    applyTransposed(t, out, vectors) {
      const [rows] = vectors.shape;
      if (scaled.shape[0] !== rows) scaled = float64.empty([rows, n]);
      scaleRows(scaled.store, scaled.offset, vectors.store, vectors.offset, d, (t - 1) * n, rows, n);
      float64.gemm(out, scaled, W, "write");
    },
  };
}

/** o[r, i] ← a[r, i] d[i] for `rows` contiguous rows of n. */
function scaleRows(
  o: Float64Array,
  oStart: number,
  a: Float64Array,
  aStart: number,
  d: Float64Array,
  dStart: number,
  rows: number,
  n: number,
): void {
  for (let row = 0; row < rows; row++) {
    const [to, from] = [oStart + row * n, aStart + row * n];
    for (let i = 0; i < n; i++) o[to + i] = a[from + i] * d[dStart + i];
  }
}

/** A view of the numbers as they lie. */
export function tensor({ shape, data }: FlowArray): Tensor<Float64Array> {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  return { store: data, offset: 0, shape, strides };
}

/** @throws ArgumentError for another shape, or another number of numbers. */
export function checkShape(
  caller: string,
  name: string,
  { shape, data }: FlowArray,
  expected: readonly number[],
): void {
  if (shape.length !== expected.length || shape.some((length, axis) => length !== expected[axis])) {
    throw new ArgumentError(caller, name, `have shape [${shape.join(", ")}]; expected [${expected.join(", ")}]`);
  }
  const size = expected.reduce((product, length) => product * length, 1);
  if (data.length !== size) throw new ArgumentError(caller, name, `have ${data.length} numbers; expected ${size}`);
}

/** @throws ArgumentError for another shape, and for numbers that are not finite. */
export function checkArray(caller: string, name: string, array: FlowArray, expected: readonly number[]): void {
  checkShape(caller, name, array, expected);
  const bad = nonFinite(array);
  if (bad.first === undefined) return;
  const where = `the first, ${bad.first.value}, at [${bad.first.index.join(", ")}]`;
  throw new ArgumentError(
    caller,
    name,
    `have ${bad.count} numbers that are not finite, ${where}; expected finite numbers`,
  );
}
