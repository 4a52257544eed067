import { float64 } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import {
  type FlowArray,
  isFactored,
  type JacobianData,
  type Jacobians,
  jacobiansOf,
  type Vectors,
} from "./jacobians.ts";
import { singularValues } from "./matrix-facts.ts";
import { norm, scale } from "./orthonormalise.ts";

export interface ProductNormsOptions {
  /** The later step t; T unless given. */
  readonly to?: number | undefined;
  /** The largest lag t − k; t unless given. Each costs n³. */
  readonly lags?: number | undefined;
  /** Stops at the first lag whose ln ‖Φ‖ is below this; −Infinity unless given. */
  readonly until?: number | undefined;
  readonly onProgress?: ((lags: number) => void) | undefined;
}

/** Sizes of Φ(t, t − d) = ∂h_t/∂h_{t−d} for lags d = 0, 1, …, as natural logarithms. */
export interface ProductNorms {
  /** t */
  readonly to: number;
  /** ln ‖Φ‖₂, the largest singular value */
  readonly norm: Float64Array;
  /** ln ‖Φ‖_F */
  readonly frobenius: Float64Array;
  /** Σ ln σ₁ of each step's Jacobian, or of its factors: σ₁(W) max f′. Pascanu et al. 2013: an upper bound of ‖Φ‖₂. */
  readonly upperBound: Float64Array;
  /** d ln σ₁(W), that bound with every slope 1; absent without factors. */
  readonly weightBound?: Float64Array;
  /** Σ ln σₙ(W) min f′ or of each Jacobian: ‖Φ v‖ is at least this for every unit vector v. */
  readonly lowerBound: Float64Array;
  /** By how much rounding can lift ln ‖Φ‖₂ above its bound. */
  readonly slack: Float64Array;
}

/**
 * How far back a state depends on earlier ones: the norm of the ordered product of Jacobians, lag by lag, beside the
 * bounds of Pascanu, Mikolov and Bengio (2013). The product is kept at size 1 and its logarithm beside it, so that neither
 * 10⁻⁵⁰⁰⁰ nor 10⁵⁰⁰⁰ is lost.
 *
 * @param data - T Jacobians [T, n, n] or their factors.
 * @throws ArgumentError for shapes that do not fit, numbers that are not finite, options out of range.
 * @example
 * ```ts
 * const W = { shape: [2, 2], data: Float64Array.of(0.9, 5, 0, 0.9) }; // its eigenvalues are 0.9
 * const linear = { slopes: { shape: [100, 2], data: new Float64Array(200).fill(1) }, weights: W };
 * const { norm } = productNorms(linear);
 * console.log(Math.exp(norm[9]).toFixed(3), Math.exp(norm[100]).toFixed(4)); // -> 19.379 0.0148
 * ```
 */
export function productNorms(data: JacobianData, options: ProductNormsOptions = {}): ProductNorms {
  const jacobians = jacobiansOf("productNorms", data);
  const { steps: T, width: n } = jacobians;
  const { to = T, lags = to, until = Number.NEGATIVE_INFINITY, onProgress } = options;
  if (!(Number.isInteger(to) && to >= 0 && to <= T)) {
    throw new ArgumentError("productNorms", "to", `is ${to}; expected an integer from 0 to T = ${T}`);
  }
  if (!(Number.isInteger(lags) && lags >= 0 && lags <= to)) {
    throw new ArgumentError("productNorms", "lags", `is ${lags}; expected an integer from 0 to ${to}`);
  }
  const bounds = stepBounds(jacobians);
  const logs = { norm: [0], frobenius: [Math.log(n) / 2], upperBound: [0], weightBound: [0], lowerBound: [0] };
  let [product, next] = [identity(n), float64.empty([n, n])];
  const direction = new Float64Array(n);
  let logScale = 0;
  for (let d = 1; d <= lags && logs.norm[d - 1] >= until; d++) {
    const step = to - d + 1;
    jacobians.applyTransposed(step, next, product); // rows of Φ(t, k − 1) = rows of Φ(t, k) times A_k
    [product, next] = [next, product];
    const size = norm(product.store, product.offset, n * n);
    logScale += Math.log(size);
    if (size > 0) scale(product.store, product.offset, n * n, 1 / size);
    logs.frobenius.push(logScale);
    logs.norm.push(size > 0 ? logScale + Math.log(largestStretch(product, direction)) : Number.NEGATIVE_INFINITY);
    const { upper, lower, weights } = bounds(step);
    logs.upperBound.push(logs.upperBound[d - 1] + upper);
    logs.weightBound.push(logs.weightBound[d - 1] + weights);
    logs.lowerBound.push(logs.lowerBound[d - 1] + lower);
    if (d % 16 === 0) onProgress?.(d);
  }
  const { weightBound, ...rest } = mapValues(logs);
  return {
    to,
    ...rest,
    ...(isFactored(data) && { weightBound }),
    // Each product of n by n matrices errs by n u of the product of their Frobenius norms, at most n times their 2-norms.
    slack: Float64Array.from(logs.norm, (_, d) => d * n * n * Number.EPSILON),
  };
}

function mapValues<K extends string>(logs: Record<K, number[]>): Record<K, Float64Array> {
  return Object.fromEntries(
    Object.entries(logs).map(([name, values]) => [name, Float64Array.from(values as number[])]),
  ) as Record<K, Float64Array>;
}

function identity(n: number): Vectors {
  const matrix = float64.empty([n, n]);
  matrix.store.fill(0, matrix.offset, matrix.offset + n * n);
  for (let i = 0; i < n; i++) matrix.store[matrix.offset + i * n + i] = 1;
  return matrix;
}

/** ln of the most and the least that one step stretches a vector. */
function stepBounds({ data, width: n }: Jacobians): (t: number) => { upper: number; lower: number; weights: number } {
  if (!isFactored(data)) {
    return (t) => {
      const sigma = singularValues({ shape: [n, n], data: data.data.subarray((t - 1) * n * n, t * n * n) });
      return { upper: Math.log(sigma[0]), lower: Math.log(sigma[n - 1]), weights: 0 };
    };
  }
  const sigma = singularValues(data.weights);
  const [most, least] = [Math.log(sigma[0]), Math.log(sigma[n - 1])];
  return (t) => {
    const sizes = extremes(data.slopes, t - 1, n);
    return { upper: most + Math.log(sizes.most), lower: least + Math.log(sizes.least), weights: most };
  };
}

function extremes({ data }: FlowArray, row: number, n: number): { most: number; least: number } {
  let [most, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = row * n; i < (row + 1) * n; i++) {
    most = Math.max(most, Math.abs(data[i]));
    least = Math.min(least, Math.abs(data[i]));
  }
  return { most, least };
}

/** Power iteration that changes the norm by less than this share has converged. */
const settled = 1e-9;
/** Singular values so close together that it takes longer make no difference to the norm beyond its sixth digit. */
const mostIterations = 100;

/**
 * ‖M‖₂ by power iteration on MᵀM, from `direction`, in which the right singular vector is left for the next product: it
 * hardly turns from lag to lag. Never above the norm but for rounding.
 */
function largestStretch(M: Vectors, direction: Float64Array): number {
  const [n] = M.shape;
  const v = { store: direction, offset: 0, shape: [1, n], strides: [n, 1] };
  if (norm(direction, 0, n) === 0) direction.set(longestRow(M));
  const image = float64.empty([1, n]);
  let stretch = 0;
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const length = norm(direction, 0, n);
    scale(direction, 0, n, 1 / length);
    float64.gemm(image, v, { ...M, shape: [n, n], strides: [1, n] }, "write");
    const found = norm(image.store, image.offset, n);
    float64.gemm(v, image, M, "write");
    if (found === 0 || norm(direction, 0, n) === 0) {
      direction.set(longestRow(M));
      continue;
    }
    if (Math.abs(found - stretch) <= settled * found) return Math.max(found, stretch);
    stretch = found;
  }
  return stretch;
}

function longestRow(M: Vectors): Float64Array {
  const [n] = M.shape;
  let [row, most] = [0, -1];
  for (let i = 0; i < n; i++) {
    const length = norm(M.store, M.offset + i * n, n);
    if (length > most) [row, most] = [i, length];
  }
  return M.store.slice(M.offset + row * n, M.offset + (row + 1) * n);
}
