import { exponentOf, scaleByPowerOfTwo } from "./power-of-two.ts";

/*
 * Sum, product, quotient and root of unevaluated sums hi + lo with |lo| <= ulp(hi) / 2, element i at [2i, 2i + 1].
 *
 * Error-free transformations: the sum of two doubles and its error (Knuth, TAOCP 2, 4.2.2), for ordered ones in three
 * operations (Dekker 1971); the product and its error by splitting into halves of 26 bits (Veltkamp; Dekker 1971), as
 * there is no fused multiply-add. Algorithms and bounds, u = 2^-53, are those of Joldes, Muller and Popescu, "Tight and
 * rigorous error bounds for basic building blocks of double-word arithmetic", ACM TOMS 44 (2017), their numbering; the
 * product's bound is Muller and Rideau's, "Formalization of double-word arithmetic, and comments on ...", ACM TOMS 48
 * (2022); the root is of Lefèvre, Louvet, Muller, Picot and Rideau, "Accurate calculation of Euclidean norms using
 * double-word arithmetic", ACM TOMS 49 (2023).
 *
 * Each function computes once without regard to the range. Overflow of a splitting, infinities and NaN all make the low
 * part NaN or infinite, and the error of a product may be lost only where it is below `tiny`: then the same function
 * runs again on operands scaled by powers of two. Inputs are read before the output is written.
 */

/** 2^27 + 1: Veltkamp's constant for 53 bits. */
const splitter = 134217729;
/** Above it, the error of a product of two doubles is a double (2^-1074 / u^2 with room). */
const tiny = 2 ** -960;

/** o[i] ← a + b. Relative error at most 3u² + 13u³ (algorithm 6, AccurateDWPlusDW). */
export function storeSum(o: Float64Array, i: number, ah: number, al: number, bh: number, bl: number): void {
  const s = ah + bh;
  const sb = s - ah;
  const e = ah - (s - sb) + (bh - sb);
  const t = al + bl;
  const tb = t - al;
  const f = al - (t - tb) + (bl - tb);
  const c = e + t;
  const v = s + c;
  const w = f + (c - (v - s));
  const hi = v + w;
  const lo = w - (hi - v);
  if (hi !== 0 && lo - lo === 0) {
    o[2 * i] = hi;
    o[2 * i + 1] = lo;
  } else {
    storeUnusualSum(o, i, ah, al, bh, bl);
  }
}

/** o[i] ← a b. Relative error at most 5u² (algorithm 10, DWTimesDW1) unless the result is below 2^-960. */
export function storeProduct(o: Float64Array, i: number, ah: number, al: number, bh: number, bl: number): void {
  const p = ah * bh;
  const as = splitter * ah;
  const a1 = as - (as - ah);
  const a2 = ah - a1;
  const bs = splitter * bh;
  const b1 = bs - (bs - bh);
  const b2 = bh - b1;
  const e = a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
  const c = e + (ah * bl + al * bh);
  const hi = p + c;
  const lo = c - (hi - p);
  if ((p > tiny || p < -tiny) && lo - lo === 0) {
    o[2 * i] = hi;
    o[2 * i + 1] = lo;
  } else {
    storeUnusualProduct(o, i, ah, al, bh, bl);
  }
}

/** o[i] ← a / b. Relative error at most 15u² + 56u³ (algorithm 17, DWDivDW2) unless the result is below 2^-960. */
export function storeQuotient(o: Float64Array, i: number, ah: number, al: number, bh: number, bl: number): void {
  const q = ah / bh;
  // r = b q, relative error at most 3/2 u² + 4u³ (algorithm 7, DWTimesFP1)
  const p = bh * q;
  const bs = splitter * bh;
  const b1 = bs - (bs - bh);
  const b2 = bh - b1;
  const qs = splitter * q;
  const q1 = qs - (qs - q);
  const q2 = q - q1;
  const e = b1 * q1 - p + b1 * q2 + b2 * q1 + b2 * q2;
  const c = bl * q;
  const t = p + c;
  const f = c - (t - p) + e;
  const rh = t + f;
  const rl = f - (rh - t);
  // the correction (a - r) / b, then the sum
  const d = (ah - rh + (al - rl)) / bh;
  const hi = q + d;
  const lo = d - (hi - q);
  if ((ah > tiny || ah < -tiny) && lo - lo === 0) {
    o[2 * i] = hi;
    o[2 * i + 1] = lo;
  } else {
    storeUnusualQuotient(o, i, ah, al, bh, bl);
  }
}

/** o[i] ← √a. Relative error at most 25/8 u² (SQRTDWtoDW; its remainder a - s² is a double, so that two steps give it exactly). */
export function storeRoot(o: Float64Array, i: number, ah: number, al: number): void {
  const s = Math.sqrt(ah);
  const p = s * s;
  const ss = splitter * s;
  const s1 = ss - (ss - s);
  const s2 = s - s1;
  const e = s1 * s1 - p + 2 * s1 * s2 + s2 * s2;
  const d = (al + (ah - p - e)) / (2 * s);
  const hi = s + d;
  const lo = d - (hi - s);
  if (ah > tiny && lo - lo === 0) {
    o[2 * i] = hi;
    o[2 * i + 1] = lo;
  } else {
    storeUnusualRoot(o, i, ah, al);
  }
}

/** o[i] ← o[i] + a[j] b[k], bit for bit the sum of the product: error at most 5u²|a b| + 3u²|result|. */
export function multiplyAdd(o: Float64Array, i: number, a: Float64Array, j: number, b: Float64Array, k: number): void {
  const ah = a[2 * j];
  const bh = b[2 * k];
  const p = ah * bh;
  const as = splitter * ah;
  const a1 = as - (as - ah);
  const a2 = ah - a1;
  const bs = splitter * bh;
  const b1 = bs - (bs - bh);
  const b2 = bh - b1;
  const e = a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
  const c = e + (ah * b[2 * k + 1] + a[2 * j + 1] * bh);
  const ph = p + c;
  const pl = c - (ph - p);
  if ((p > tiny || p < -tiny) && pl - pl === 0) {
    storeSum(o, i, o[2 * i], o[2 * i + 1], ph, pl);
  } else {
    storeUnusualProduct(product, 0, ah, a[2 * j + 1], bh, b[2 * k + 1]);
    storeSum(o, i, o[2 * i], o[2 * i + 1], product[0], product[1]);
  }
}
const product = /* @__PURE__ */ new Float64Array(2);

/** o[i] ← o[i] + Σ a[j + n aStride] b[k + n bStride]: {@link multiplyAdd} with the sum in registers, bit for bit. */
export function dot(
  o: Float64Array,
  i: number,
  a: Float64Array,
  j: number,
  aStride: number,
  b: Float64Array,
  k: number,
  bStride: number,
  length: number,
): void {
  let oh = o[2 * i];
  let ol = o[2 * i + 1];
  for (let n = 0, x = 2 * j, y = 2 * k; n < length; n++, x += 2 * aStride, y += 2 * bStride) {
    const ah = a[x];
    const bh = b[y];
    const p = ah * bh;
    const as = splitter * ah;
    const a1 = as - (as - ah);
    const a2 = ah - a1;
    const bs = splitter * bh;
    const b1 = bs - (bs - bh);
    const b2 = bh - b1;
    const e = a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
    const c = e + (ah * b[y + 1] + a[x + 1] * bh);
    const ph = p + c;
    const pl = c - (ph - p);
    const s = oh + ph;
    const sb = s - oh;
    const f = oh - (s - sb) + (ph - sb);
    const t = ol + pl;
    const tb = t - ol;
    const g = ol - (t - tb) + (pl - tb);
    const d = f + t;
    const v = s + d;
    const w = g + (d - (v - s));
    const hi = v + w;
    const lo = w - (hi - v);
    if ((p > tiny || p < -tiny) && hi !== 0 && lo - lo === 0) {
      oh = hi;
      ol = lo;
    } else {
      o[2 * i] = oh;
      o[2 * i + 1] = ol;
      multiplyAdd(o, i, a, x / 2, b, y / 2);
      oh = o[2 * i];
      ol = o[2 * i + 1];
    }
  }
  o[2 * i] = oh;
  o[2 * i + 1] = ol;
}

/** o[i] ← o[i] (1 + relative) + absolute for small changes, each to about the precision of a double in itself. */
export function nudge(o: Float64Array, i: number, relative: number, absolute: number): void {
  const hi = o[2 * i];
  const change = hi * relative + absolute;
  const s = hi + change;
  const c = s - hi;
  const lo = hi - (s - c) + (change - c) + o[2 * i + 1];
  storePair(o, i, s + lo, lo - (s + lo - s));
}

/** o[i] ← o[i] 2^e for 1/4 <= |o[i]| <= 2^1023 and any e, rounded to nearest; an overflow is infinite. */
export function scaleSlot(o: Float64Array, i: number, e: number): void {
  const hi = scaleByPowerOfTwo(o[2 * i], e);
  if (Math.abs(hi) < 2 ** -1021) {
    // One double holds the result. The high part alone was rounded: does the rest still lie within half a spacing?
    const rest = o[2 * i] - scaleByPowerOfTwo(hi, -e) + o[2 * i + 1];
    const halfSpacing = scaleByPowerOfTwo(2 ** -1074, -e) / 2;
    const correction = rest > halfSpacing ? 2 ** -1074 : rest < -halfSpacing ? -(2 ** -1074) : 0;
    storePair(o, i, correction === 0 ? hi : hi + correction, 0);
  } else {
    storePair(o, i, hi, Number.isFinite(hi) ? scaleByPowerOfTwo(o[2 * i + 1], e) : 0);
  }
}

/** o[i] ← hi + lo for |hi| >= |lo| or hi = 0; what is infinite or NaN keeps no low part, and zero keeps its sign. */
export function storePair(o: Float64Array, i: number, hi: number, lo: number): void {
  const sum = lo === 0 ? hi : hi + lo;
  const rest = lo - (sum - hi);
  o[2 * i] = sum;
  o[2 * i + 1] = rest - rest === 0 ? rest : 0;
}

/** A sum that is zero, or where an operand or an intermediate result is infinite or NaN. */
function storeUnusualSum(o: Float64Array, i: number, ah: number, al: number, bh: number, bl: number): void {
  const s = ah + bh;
  if (!Number.isFinite(ah) || !Number.isFinite(bh)) {
    storePair(o, i, s, 0);
  } else if (Math.abs(s) < 2 ** 1000) {
    storePair(o, i, s === 0 ? s : 0, 0);
  } else {
    storeSum(o, i, ah / 4, al / 4, bh / 4, bl / 4);
    scaleSlot(o, i, 2);
  }
}

function storeUnusualProduct(o: Float64Array, i: number, ah: number, al: number, bh: number, bl: number): void {
  if (!isScalable(ah) || !isScalable(bh)) {
    storePair(o, i, ah * bh, 0);
    return;
  }
  const d = exponentOf(ah);
  const e = exponentOf(bh);
  const [sh, sl] = [scaleByPowerOfTwo(ah, -d), scaleByPowerOfTwo(al, -d)];
  storeProduct(o, i, sh, sl, scaleByPowerOfTwo(bh, -e), scaleByPowerOfTwo(bl, -e));
  scaleSlot(o, i, d + e);
}

function storeUnusualQuotient(o: Float64Array, i: number, ah: number, al: number, bh: number, bl: number): void {
  if (!isScalable(ah) || !isScalable(bh)) {
    storePair(o, i, ah / bh, 0);
    return;
  }
  const d = exponentOf(ah);
  const e = exponentOf(bh);
  const [sh, sl] = [scaleByPowerOfTwo(ah, -d), scaleByPowerOfTwo(al, -d)];
  storeQuotient(o, i, sh, sl, scaleByPowerOfTwo(bh, -e), scaleByPowerOfTwo(bl, -e));
  scaleSlot(o, i, d - e);
}

function storeUnusualRoot(o: Float64Array, i: number, ah: number, al: number): void {
  if (!isScalable(ah) || ah < 0) {
    storePair(o, i, Math.sqrt(ah), 0);
    return;
  }
  const half = Math.floor(exponentOf(ah) / 2);
  storeRoot(o, i, scaleByPowerOfTwo(ah, -2 * half), scaleByPowerOfTwo(al, -2 * half));
  scaleSlot(o, i, half);
}

/** Whether a scaling brings it near 1. */
function isScalable(x: number): boolean {
  return Number.isFinite(x) && x !== 0;
}

/** o[i] ← c₀ + x (c₁ + x (... + x (c_last + x tail))), coefficients in pairs of doubles. */
export function storePolynomial(
  o: Float64Array,
  i: number,
  xh: number,
  xl: number,
  coefficients: Float64Array,
  tail: number,
): void {
  let n = coefficients.length - 2;
  storeSum(o, i, coefficients[n], coefficients[n + 1], xh * tail, 0);
  for (n -= 2; n >= 0; n -= 2) {
    storeProduct(o, i, xh, xl, o[2 * i], o[2 * i + 1]);
    storeSum(o, i, coefficients[n], coefficients[n + 1], o[2 * i], o[2 * i + 1]);
  }
}
