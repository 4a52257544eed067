import type { Vectors } from "./jacobians.ts";

/**
 * A vector is orthogonalised again if that left less than this of its length: what is left then still has the rounding of
 * what was taken away ("twice is enough": Giraud, Langou and Rozložník 2005).
 */
const again = 0.1;

/**
 * Thin QR of a matrix whose columns are given as rows: V ← Q with orthonormal rows, and the logarithms of the diagonal of
 * R, which is positive. Gram-Schmidt against four earlier vectors at a time, repeated where it loses digits.
 *
 * A vector that depends on those before it, to rounding, has −Infinity there, and a direction of its own is put in its
 * place.
 *
 * @param vectors - [m, n] with m ≤ n, contiguous rows, overwritten.
 * @param logDiagonal - ln R_ii [m], overwritten.
 * @param upper - R [m, m] row-major, overwritten where it is given.
 */
export function orthonormalise(vectors: Vectors, logDiagonal: Float64Array, upper?: Float64Array): void {
  const [m, n] = vectors.shape;
  const { store, offset } = vectors;
  upper?.fill(0);
  for (let j = 0; j < m; j++) {
    const row = offset + j * n;
    const before = norm(store, row, n);
    project(store, offset, j, n, upper, m);
    let after = norm(store, row, n);
    if (after < again * before) {
      project(store, offset, j, n, upper, m);
      after = norm(store, row, n);
    }
    const lost = !(after > n * Number.EPSILON * before);
    logDiagonal[j] = lost ? Number.NEGATIVE_INFINITY : Math.log(after);
    if (upper) upper[j * m + j] = lost ? 0 : after;
    if (lost) setFreshDirection(store, offset, j, n);
    else scale(store, row, n, 1 / after);
  }
}

/** Takes the parts along rows 0 to j − 1 away from row j, four at a time; what is taken is added to R. */
function project(
  store: Float64Array,
  offset: number,
  j: number,
  n: number,
  upper: Float64Array | undefined,
  m: number,
): void {
  const v = offset + j * n;
  let i = 0;
  for (; i + 4 <= j; i += 4) {
    const q0 = offset + i * n;
    const [q1, q2, q3] = [q0 + n, q0 + 2 * n, q0 + 3 * n];
    let [c0, c1, c2, c3] = [0, 0, 0, 0];
    for (let k = 0; k < n; k++) {
      const x = store[v + k];
      c0 += store[q0 + k] * x;
      c1 += store[q1 + k] * x;
      c2 += store[q2 + k] * x;
      c3 += store[q3 + k] * x;
    }
    for (let k = 0; k < n; k++) {
      store[v + k] -= c0 * store[q0 + k] + c1 * store[q1 + k] + c2 * store[q2 + k] + c3 * store[q3 + k];
    }
    if (upper) {
      upper[i * m + j] += c0;
      upper[(i + 1) * m + j] += c1;
      upper[(i + 2) * m + j] += c2;
      upper[(i + 3) * m + j] += c3;
    }
  }
  for (; i < j; i++) {
    const q = offset + i * n;
    let c = 0;
    for (let k = 0; k < n; k++) c += store[q + k] * store[v + k];
    for (let k = 0; k < n; k++) store[v + k] -= c * store[q + k];
    if (upper) upper[i * m + j] += c;
  }
}

/** Row j ← the axis that rows 0 to j − 1 cover least, made orthogonal to them. */
function setFreshDirection(store: Float64Array, offset: number, j: number, n: number): void {
  let [axis, least] = [0, Number.POSITIVE_INFINITY];
  for (let k = 0; k < n; k++) {
    let covered = 0;
    for (let i = 0; i < j; i++) covered += store[offset + i * n + k] ** 2;
    if (covered < least) [axis, least] = [k, covered];
  }
  const row = offset + j * n;
  store.fill(0, row, row + n);
  store[row + axis] = 1;
  for (let pass = 0; pass < 2; pass++) project(store, offset, j, n, undefined, 0);
  scale(store, row, n, 1 / norm(store, row, n));
}

/** Length of n numbers, of any size that a double has. */
export function norm(store: Float64Array, start: number, n: number): number {
  let sum = 0;
  for (let k = start; k < start + n; k++) sum += store[k] * store[k];
  if (sum > 1e-280 && sum < 1e280) return Math.sqrt(sum);
  let largest = 0;
  for (let k = start; k < start + n; k++) largest = Math.max(largest, Math.abs(store[k]));
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest;
  sum = 0;
  for (let k = start; k < start + n; k++) sum += (store[k] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

export function scale(store: Float64Array, start: number, n: number, factor: number): void {
  for (let k = start; k < start + n; k++) store[k] *= factor;
}
