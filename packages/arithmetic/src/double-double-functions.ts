import {
  scaleSlot,
  storePair,
  storePolynomial,
  storeProduct,
  storeQuotient,
  storeSum,
} from "./double-double-operations.ts";
import { exponentOf, scaleByPowerOfTwo } from "./power-of-two.ts";

/*
 * exp, log, log1p, tanh and sigmoid of double-doubles by argument reduction and Taylor series. The leading coefficients are
 * double-doubles, the rest of each series is below 2^-53 of the result and is summed in doubles. With the bounds of the
 * operations, and u = 2^-53, the relative errors are to first order at most 10u² for exp and 32u² for the others; the
 * tests find at most 1u² and 7u². All are plain arithmetic, so they give the same bits on every engine.
 */

/** ln 2 in three parts, the first two of 42 bits: a multiple by an integer below 2^11 is exact. */
const ln2First = 0.6931471805598903;
const ln2Second = 5.4979230187085024e-14;
const ln2Third = -1.3124698417785255e-27;

/** 1 / n! for n = 2 ... 14, high and low parts. */
const inverseFactorials = /* @__PURE__ */ new Float64Array([
  0.5, 0, 0.16666666666666666, 9.25185853854297e-18, 0.041666666666666664, 2.3129646346357427e-18, 0.008333333333333333,
  1.1564823173178714e-19, 0.001388888888888889, -5.300543954373577e-20, 0.0001984126984126984, 1.7209558293420705e-22,
  2.48015873015873e-5, 2.1511947866775882e-23, 2.7557319223985893e-6, -1.858393274046472e-22, 2.755731922398589e-7,
  2.3767714622250297e-23, 2.505210838544172e-8, -1.448814070935912e-24, 2.08767569878681e-9, -1.20734505911326e-25,
  1.6059043836821613e-10, 1.2585294588752098e-26, 1.1470745597729725e-11, 2.0655512752830745e-28,
]);
/** 1 / 15! */
const inverseFactorial15 = 7.647163731819816e-13;

/** 1 / (2n + 1) for n = 1 ... 11, high and low parts. */
const inverseOdds = /* @__PURE__ */ new Float64Array([
  0.3333333333333333, 1.850371707708594e-17, 0.2, -1.1102230246251566e-17, 0.14285714285714285, 7.93016446160826e-18,
  0.1111111111111111, 6.1679056923619804e-18, 0.09090909090909091, -2.523234146875356e-18, 0.07692307692307693,
  -4.270088556250602e-18, 0.06666666666666667, 9.251858538542971e-19, 0.058823529411764705, 8.163404592832033e-19,
  0.05263157894736842, 2.921639538487254e-18, 0.047619047619047616, 2.64338815386942e-18, 0.043478260869565216,
  1.206764157201257e-18,
]);

const w = /* @__PURE__ */ new Float64Array(16);
// Elements of w; those of one function are not touched by the functions that it calls.
const reduced = 0;
const result = 1;
const term = 2;
const series = 3;
const argument = 4;
const denominator = 5;

/** o[i] ← exp(a[j]); infinite above 709.78, subnormal and then 0 below -708.4. */
export function exp(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  if (!(x < 710 && x > -746)) {
    storePair(o, i, Number.isNaN(x) ? x : x > 0 ? Number.POSITIVE_INFINITY : 0, 0);
    return;
  }
  const k = reduceByLn2(a, j);
  expm1OfReduced();
  storeSum(o, i, 1, 0, w[2 * result], w[2 * result + 1]);
  scaleSlot(o, i, k);
}

/** o[i] ← log(a[j]); -infinity at 0, NaN below. */
export function log(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const x = a[2 * j];
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) {
    storePair(o, i, x > 0 ? x : x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN, 0);
    return;
  }
  // x = 2^k m, m in [√½, √2), so that log m and k log 2 never cancel by more than half.
  let k = exponentOf(x);
  if (scaleByPowerOfTwo(x, -k) > Math.SQRT2) k++;
  const mh = scaleByPowerOfTwo(x, -k);
  const ml = scaleByPowerOfTwo(a[2 * j + 1], -k);
  logOfReduced(mh, ml);
  if (k !== 0) {
    addDouble(result, k * ln2Third);
    addDouble(result, k * ln2Second);
    addDouble(result, k * ln2First);
  }
  storePair(o, i, w[2 * result], w[2 * result + 1]);
}

/** o[i] ← log(1 + a[j]); -infinity at -1, NaN below. */
export function log1p(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const hi = a[2 * j];
  const lo = a[2 * j + 1];
  if (Math.abs(hi) < 2 ** -108) {
    storePair(o, i, hi, lo);
    return;
  }
  if (hi > -0.25 && hi < 0.375) {
    storePair(w, result, hi, lo);
    storeSum(w, denominator, 2, 0, hi, lo);
    logOfQuotient();
    storePair(o, i, w[2 * result], w[2 * result + 1]);
    return;
  }
  storeSum(w, argument, 1, 0, hi, lo);
  log(o, i, w, argument);
}

/**
 * o[i] ← tanh(a[j]). Where it saturates, the low part goes on holding the distance from ±1 down to 2^-1074, so 1 - tanh²
 * keeps at least 53 correct bits there.
 */
export function tanh(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const sign = a[2 * j] < 0 ? -1 : 1;
  const xh = sign * a[2 * j];
  const xl = sign * a[2 * j + 1];
  if (xh < 2 ** -55) {
    // tanh x = x (1 - x²/3 + ...)
    storePair(o, i, a[2 * j], a[2 * j + 1]);
    return;
  }
  if (xh < 1) {
    // tanh x = E / (E + 2), E = exp(2x) - 1 = 2^k (exp(r) - 1) + 2^k - 1
    setArgument(2 * xh, 2 * xl);
    const power = 2 ** reduceByLn2(w, argument);
    expm1OfReduced();
    storeSum(w, result, power * w[2 * result], power * w[2 * result + 1], power - 1, 0);
    storeSum(w, denominator, w[2 * result], w[2 * result + 1], 2, 0);
    quotientOfResult();
    storePair(o, i, sign * w[2 * result], sign * w[2 * result + 1]);
    return;
  }
  // tanh x = 1 - 2F / (1 + F), F = exp(-2x)
  setArgument(-2 * xh, -2 * xl);
  exp(w, result, w, argument);
  storeSum(w, denominator, 1, 0, w[2 * result], w[2 * result + 1]);
  quotientOfResult();
  storeSum(o, i, sign, 0, -2 * sign * w[2 * result], -2 * sign * w[2 * result + 1]);
}

/**
 * o[i] ← 1 / (1 + exp(-a[j])). Where it saturates, the low part goes on holding the distance from 1 down to 2^-1074, so
 * s (1 - s) keeps at least 53 correct bits there.
 */
export function sigmoid(o: Float64Array, i: number, a: Float64Array, j: number): void {
  // F / (1 + F), F = exp(-|x|), is sigmoid x below 0 and 1 - sigmoid x above.
  const below = a[2 * j] < 0;
  const sign = below ? 1 : -1;
  setArgument(sign * a[2 * j], sign * a[2 * j + 1]);
  exp(w, result, w, argument);
  storeSum(w, denominator, 1, 0, w[2 * result], w[2 * result + 1]);
  quotientOfResult();
  if (below) storePair(o, i, w[2 * result], w[2 * result + 1]);
  else storeSum(o, i, 1, 0, -w[2 * result], -w[2 * result + 1]);
}

/** reduced ← a[j] - k ln 2, at most ln(2) / 2 in size; returns k. Requires |a[j]| < 1400. */
function reduceByLn2(a: Float64Array, j: number): number {
  const k = Math.round(a[2 * j] * Math.LOG2E);
  w[2 * reduced] = a[2 * j];
  w[2 * reduced + 1] = a[2 * j + 1];
  if (k !== 0) {
    addDouble(reduced, -k * ln2First);
    addDouble(reduced, -k * ln2Second);
    addDouble(reduced, -k * ln2Third);
  }
  return k;
}

/** result ← exp(r) - 1 = r + r² (1/2! + r/3! + ...), r = reduced, |r| <= 0.35. */
function expm1OfReduced(): void {
  const rh = w[2 * reduced];
  const rl = w[2 * reduced + 1];
  if (Math.abs(rh) < 2 ** -108) {
    storePair(w, result, rh, rl);
    return;
  }
  // 1/15! (1 + r/16 (1 + r/17 (...)))
  let tail = 1;
  for (let n = 24; n > 15; n--) tail = 1 + (rh * tail) / n;
  storePolynomial(w, series, rh, rl, inverseFactorials, tail * inverseFactorial15);
  storeProduct(w, term, rh, rl, rh, rl);
  storeProduct(w, term, w[2 * term], w[2 * term + 1], w[2 * series], w[2 * series + 1]);
  storeSum(w, result, rh, rl, w[2 * term], w[2 * term + 1]);
}

/** result ← log m, m in [√½, √2]. */
function logOfReduced(mh: number, ml: number): void {
  storeSum(w, result, mh, ml, -1, 0);
  storeSum(w, denominator, mh, ml, 1, 0);
  logOfQuotient();
}

/** result ← log m = 2z + 2z z² (1/3 + z²/5 + ...), z = result / denominator = (m - 1) / (m + 1), |z| <= 0.172. */
function logOfQuotient(): void {
  quotientOfResult();
  const zh = 2 * w[2 * result];
  const zl = 2 * w[2 * result + 1];
  if (Math.abs(zh) < 2 ** -54) {
    storePair(w, result, zh, zl);
    return;
  }
  storeProduct(w, reduced, w[2 * result], w[2 * result + 1], w[2 * result], w[2 * result + 1]);
  const sh = w[2 * reduced];
  let tail = 0;
  for (let n = 21; n > 11; n--) tail = 1 / (2 * n + 1) + sh * tail;
  storePolynomial(w, series, sh, w[2 * reduced + 1], inverseOdds, tail);
  storeProduct(w, term, w[2 * reduced], w[2 * reduced + 1], w[2 * series], w[2 * series + 1]);
  storeProduct(w, term, zh, zl, w[2 * term], w[2 * term + 1]);
  storeSum(w, result, zh, zl, w[2 * term], w[2 * term + 1]);
}

function setArgument(hi: number, lo: number): void {
  w[2 * argument] = hi;
  w[2 * argument + 1] = lo;
}

/** result ← result / denominator */
function quotientOfResult(): void {
  storeQuotient(w, result, w[2 * result], w[2 * result + 1], w[2 * denominator], w[2 * denominator + 1]);
}

function addDouble(element: number, x: number): void {
  storeSum(w, element, w[2 * element], w[2 * element + 1], x, 0);
}
