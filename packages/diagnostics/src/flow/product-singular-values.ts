import { at, float64 } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { type JacobianData, jacobiansOf, tensor, type Vectors } from "./jacobians.ts";
import { orthonormalise } from "./orthonormalise.ts";

export interface ProductRange {
  /** k, from 0; 0 unless given. */
  readonly from?: number | undefined;
  /** t; T unless given. */
  readonly to?: number | undefined;
}

export interface ProductSingularValues {
  /** ln σ_i of Φ(t, k), descending; −Infinity where nothing but rounding is left. */
  readonly logs: Float64Array;
  /** Whether they had stopped changing; where values lie close together, their logarithms are right on average first. */
  readonly converged: boolean;
  readonly sweeps: number;
}

/** Numbers that the triangular factors of all steps may take: 512 MB. */
const mostNumbers = 2 ** 26;
const mostSweeps = 60;

/**
 * All singular values of an ordered product of Jacobians, in the logarithm. The product itself holds no more than 36 nats of
 * them: behind that, each is σ₁ times rounding. So it is never formed: the factors are made triangular, from the first to the
 * last, then their transposes from the last to the first, and so on, until they are diagonal (the QR iteration for products:
 * Oliveira and Stewart 2000).
 *
 * @param data - T Jacobians [T, n, n] or their factors.
 * @throws ArgumentError for shapes that do not fit, numbers that are not finite, a range outside 0 … T, or a product too
 * long for its factors to be kept.
 * @example
 * ```ts
 * const halves = { slopes: { shape: [900, 2], data: new Float64Array(1800).fill(1) } };
 * const weights = { shape: [2, 2], data: Float64Array.of(0, 0.5, 0.25, 0) };
 * const { logs } = productSingularValues({ ...halves, weights }, { from: 100 });
 * console.log(Array.from(logs, (value) => (value / Math.LN2).toFixed(9)).join()); // -> -1200.000000000,-1200.000000000
 * ```
 */
export function productSingularValues(data: JacobianData, range: ProductRange = {}): ProductSingularValues {
  const jacobians = jacobiansOf("productSingularValues", data);
  const { steps: T, width: n } = jacobians;
  const { from = 0, to = T } = range;
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= T)) {
    throw new ArgumentError(
      "productSingularValues",
      "range",
      `is ${from} to ${to}; expected 0 <= from < to <= T = ${T}`,
    );
  }
  const steps = to - from;
  if (steps * n * n > mostNumbers) {
    const size = `${steps} factors of ${n} by ${n} are ${steps * n * n} numbers`;
    throw new ArgumentError(
      "productSingularValues",
      "range",
      `${size}; expected at most ${mostNumbers}; take fewer steps`,
    );
  }
  const apply = (s: number, out: Vectors, vectors: Vectors) => jacobians.apply(from + s + 1, out, vectors);
  let factors = triangular(apply, steps, n);
  let sweeps = 1;
  for (; sweeps < mostSweeps; sweeps++) {
    const R = tensor({ shape: [steps, n, n], data: factors.upper });
    // The transposed product has the transposed factors in reverse order; Rᵀ of a row v is v times R.
    const next = triangular((s, out, vectors) => float64.gemm(out, vectors, at(R, steps - 1 - s), "write"), steps, n);
    const change = largestChange(factors.logs, next.logs);
    factors = next;
    if (change < 1e-11 * steps) break;
  }
  return { logs: factors.logs.slice().sort().reverse(), converged: sweeps < mostSweeps, sweeps };
}

/** Q R of every step's factor, in order: R [steps, n, n], and Σ ln R_ii. */
function triangular(
  apply: (step: number, out: Vectors, vectors: Vectors) => void,
  steps: number,
  n: number,
): { upper: Float64Array; logs: Float64Array } {
  const upper = new Float64Array(steps * n * n);
  const logs = new Float64Array(n);
  const diagonal = new Float64Array(n);
  let [vectors, next] = [float64.empty([n, n]), float64.empty([n, n])];
  for (let i = 0; i < n * n; i++) vectors.store[vectors.offset + i] = i % (n + 1) === 0 ? 1 : 0;
  for (let s = 0; s < steps; s++) {
    apply(s, next, vectors);
    orthonormalise(next, diagonal, upper.subarray(s * n * n, (s + 1) * n * n));
    for (let i = 0; i < n; i++) logs[i] += diagonal[i];
    [vectors, next] = [next, vectors];
  }
  return { upper, logs };
}

function largestChange(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => (value === b[i] ? most : Math.max(most, Math.abs(value - b[i]))), 0);
}
