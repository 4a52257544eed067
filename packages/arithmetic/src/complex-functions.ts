import { storeProduct, storeSum } from "./double-double-operations.ts";
import { sigmoid } from "./sigmoid.ts";

/*
 * Elementary functions and the quotient of complex doubles, element i at [2i, 2i + 1], for every imaginary part and
 * above all for tiny ones: each part is formed without cancellation, so that the imaginary part of f(x + ih) is h f'(x)
 * to a few units in the last place, and the real part is bit for bit what float64 gives for x. Each function reads its
 * inputs before it writes.
 */

const w = /* @__PURE__ */ new Float64Array(4);

/** o[i] ← exp(a[j]) = e^x (cos y + i sin y) */
export function complexExp(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  const e = Math.exp(x);
  o[2 * i] = times(e, Math.cos(y));
  // e^x may overflow where e^x sin y does not.
  const half = e < Number.POSITIVE_INFINITY ? 0 : Math.exp(x / 2);
  o[2 * i + 1] = half > 0 ? times(half, times(half, Math.sin(y))) : times(e, Math.sin(y));
}

/**
 * o[i] ← tanh(a[j]). With E = e^(-2|x|) and D = 1 + 2E cos 2y + E²,
 * re = tanh x (1 + E)² / D and im = 4E sin y cos y / D. Nothing overflows, and D is formed as a sum of squares near the
 * poles y = π/2 + nπ.
 */
export function complexTanh(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const sin = Math.sin(a[2 * j + 1]);
  const cos = Math.cos(a[2 * j + 1]);
  const e = Math.exp(-2 * Math.abs(x));
  const sum = 1 + e * (2 + e);
  const difference = Math.expm1(-2 * Math.abs(x));
  const d = cos * cos < 0.5 ? difference * difference + 4 * e * (cos * cos) : sum - 4 * e * (sin * sin);
  o[2 * i] = Math.tanh(x) * (sum / d);
  o[2 * i + 1] = ((4 * e) / d) * (sin * cos);
}

/**
 * o[i] ← 1 / (1 + exp(-a[j])). With E = e^-|x| and D = |1 + E e^(iy)|² = 1 + 2E cos y + E²,
 * re = sigmoid x (1 + E) (1 + E cos y) / D, below 0 with E + cos y for the last factor, and im = E sin y / D. Nothing
 * overflows, and near the poles iπ + 2πin both factors are formed from 1 + cos y = 2 cos² (y / 2) without cancellation.
 */
export function complexSigmoid(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  const cos = Math.cos(y);
  const sin = Math.sin(y);
  const e = Math.exp(-Math.abs(x));
  const sum = 1 + e;
  let factor = x >= 0 ? 1 + e * cos : e + cos;
  let d = sum * sum - 2 * e * (1 - cos);
  if (cos < 0) {
    const difference = Math.expm1(-Math.abs(x));
    const oneAndCos = 2 * Math.cos(y / 2) ** 2;
    factor = x >= 0 ? e * oneAndCos - difference : oneAndCos + difference;
    d = difference * difference + 2 * e * oneAndCos;
  }
  o[2 * i] = sigmoid(x) * ((sum * factor) / d);
  o[2 * i + 1] = (e / d) * sin;
}

/** o[i] ← log(a[j]), the principal branch: log |z| + i atan2(y, x). */
export function complexLog(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  o[2 * i] = logOfModulus(Math.max(Math.abs(x), Math.abs(y)), Math.min(Math.abs(x), Math.abs(y)));
  o[2 * i + 1] = Math.atan2(y, x);
}

/**
 * o[i] ← log(1 + a[j]), the principal branch; the real part is log(1 + 2x + x² + y²) / 2, its sum formed in double-double,
 * where |1 + z| is near 1.
 */
export function complexLog1p(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  const argument = Math.atan2(y, 1 + x);
  const ratio = y / (1 + x);
  if (x > -1 && ratio * ratio <= 2 ** -55 * Math.abs(Math.log1p(x))) o[2 * i] = Math.log1p(x);
  else if (x > -2 && x < 1 && Math.abs(y) < 1) {
    storeProduct(w, 0, x, 0, x, 0);
    storeProduct(w, 1, y, 0, y, 0);
    storeSum(w, 0, w[0], w[1], w[2], w[3]);
    storeSum(w, 0, w[0], w[1], 2 * x, 0);
    o[2 * i] = Math.log1p(w[0]) / 2;
  } else o[2 * i] = logOfModulus(Math.max(Math.abs(1 + x), Math.abs(y)), Math.min(Math.abs(1 + x), Math.abs(y)));
  o[2 * i + 1] = argument;
}

/** o[i] ← sin(a[j]) = sin x cosh y + i cos x sinh y */
export function complexSin(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  const sin = Math.sin(x);
  // A zero keeps its sign, beside an infinite cosh too.
  o[2 * i] = sin === 0 ? sin : sin * Math.cosh(y);
  o[2 * i + 1] = times(Math.cos(x), Math.sinh(y));
}

/** o[i] ← cos(a[j]) = cos x cosh y - i sin x sinh y */
export function complexCos(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  o[2 * i] = times(Math.cos(x), Math.cosh(y));
  o[2 * i + 1] = times(-Math.sin(x), Math.sinh(y));
}

/** log √(p² + q²), p >= q >= 0, relatively accurate also where the modulus is nearly 1. */
function logOfModulus(p: number, q: number): number {
  const logarithm = Math.log(p);
  if (p === 0 || p === Number.POSITIVE_INFINITY) return logarithm;
  const correction = Math.log1p((q / p) ** 2) / 2;
  if (correction <= 2 ** -54 * Math.abs(logarithm)) return logarithm;
  if (p < 0.5 || p > 2) return logarithm + correction;
  storeProduct(w, 0, p, 0, p, 0);
  storeProduct(w, 1, q, 0, q, 0);
  storeSum(w, 0, w[0], w[1], -1, 0);
  storeSum(w, 0, w[0], w[1], w[2], w[3]);
  return Math.log1p(w[0]) / 2;
}

/** o[i] ← √a[j], the principal root: real part >= 0, cut along the negative real axis. */
export function complexSqrt(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  const y = a[2 * j + 1];
  if (x === 0 && y === 0) {
    o[2 * i] = x;
    o[2 * i + 1] = y;
    return;
  }
  // Scaled by powers of 4, so that |x| + |z| neither overflows nor is subnormal.
  const largest = Math.max(Math.abs(x), Math.abs(y));
  const scale = largest > 2 ** 1000 ? 2 ** -4 : largest < 2 ** -900 ? 2 ** 108 : 1;
  const unscale = largest > 2 ** 1000 ? 4 : largest < 2 ** -900 ? 2 ** -54 : 1;
  const sx = Math.abs(x) * scale;
  const sy = Math.abs(y) * scale;
  const root = Math.sqrt((sx + modulus(sx, sy)) / 2);
  const other = sy / (2 * root);
  o[2 * i] = (x >= 0 ? root : other) * unscale;
  const im = (x >= 0 ? other : root) * unscale;
  o[2 * i + 1] = y < 0 || Object.is(y, -0) ? -im : im;
}

function modulus(x: number, y: number): number {
  const p = Math.max(x, y);
  const ratio = Math.min(x, y) / p;
  return p * Math.sqrt(1 + ratio * ratio);
}

/**
 * o[i] ← (a + ib) / (c + id) by Smith's algorithm (1962) with the repair of Baudin and Smith, "A robust complex division
 * in Scilab" (2012), where the ratio of the denominator's parts underflows.
 */
export function storeComplexQuotient(o: Float64Array, i: number, a: number, b: number, c: number, d: number): void {
  if (d === 0) {
    // also 0 / 0 and 1 / 0: the real axis divides as float64 does
    o[2 * i] = a / c;
    o[2 * i + 1] = b === 0 ? 0 : b / c;
    return;
  }
  // Scaled by powers of two, so that no sum below overflows and no part is subnormal for nothing.
  const dividendScale = towardsOne(a, b);
  const divisorScale = towardsOne(c, d);
  const unscale = divisorScale / dividendScale;
  const sa = a * dividendScale;
  const sb = b * dividendScale;
  const sc = c * divisorScale;
  const sd = d * divisorScale;
  if (Math.abs(c) >= Math.abs(d)) {
    const ratio = sd / sc;
    const divisor = sc + sd * ratio;
    o[2 * i] = ((sa + timesRatio(sb, sd, sc, ratio)) / divisor) * unscale;
    o[2 * i + 1] = ((sb - timesRatio(sa, sd, sc, ratio)) / divisor) * unscale;
  } else {
    const ratio = sc / sd;
    const divisor = sc * ratio + sd;
    o[2 * i] = ((timesRatio(sa, sc, sd, ratio) + sb) / divisor) * unscale;
    o[2 * i + 1] = ((timesRatio(sb, sc, sd, ratio) - sa) / divisor) * unscale;
  }
}

/** A power of two that brings the larger of the two away from the ends of the range. */
function towardsOne(x: number, y: number): number {
  const largest = Math.max(Math.abs(x), Math.abs(y));
  return largest >= 2 ** 1021 ? 2 ** -2 : largest < 2 ** -900 ? 2 ** 108 : 1;
}

/** x (p / q), given the ratio p / q: in another order where the ratio has lost bits below the normal numbers. */
function timesRatio(x: number, p: number, q: number, ratio: number): number {
  return Math.abs(ratio) < 2 ** -1022 ? times(p, x / q) : times(x, ratio);
}

/** x y, where a factor that is exactly 0 wins over an infinite one: what is real stays real. */
export function times(x: number, y: number): number {
  return x === 0 || y === 0 ? (Number.isNaN(x + y) ? Number.NaN : 0) : x * y;
}
