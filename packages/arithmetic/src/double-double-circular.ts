import { storePair, storePolynomial, storeProduct, storeSum } from "./double-double-operations.ts";
import { exponentOf, scaleByPowerOfTwo } from "./power-of-two.ts";

/*
 * sin and cos of double-doubles: x = k π/2 + r with |r| <= π/4, the remainder formed exactly on integers, and the Taylor
 * series of r. Every double-double has a right result, however large or near a multiple of π/2; the tests find relative
 * errors of at most 2u², u = 2^-53. Plain arithmetic, so the same bits on every engine.
 */

/** π/2 in units of 2^-1408. */
const halfPi =
  0x1921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273644a29410f31c6809bbdf2a33679a748636605614dbe4be286e9fc26adadaa3848bc90b6aecc4bcfd8de89885d34c6fdad617feb96de80d6fdbdc70d7f6b5133f4b5d3e4822f8963fcc9250cca3d9c8b67b8400f97142c77e0b31b4906c38aba734d22c7f51fa499ebf06caba47b9475b2c38c5e6ac410aa5773daa520ee12d2cdace186a9c95793009e2e8d811943042f8n;
const halfPiBits = 1408;

/** 1 / n! for n = 3, 5 ... 17, high and low parts. */
const oddFactorials = /* @__PURE__ */ new Float64Array([
  0.16666666666666666, 9.25185853854297e-18, 0.008333333333333333, 1.1564823173178714e-19, 0.0001984126984126984,
  1.7209558293420705e-22, 2.7557319223985893e-6, -1.858393274046472e-22, 2.505210838544172e-8, -1.448814070935912e-24,
  1.6059043836821613e-10, 1.2585294588752098e-26, 7.647163731819816e-13, 7.03872877733453e-30, 2.8114572543455206e-15,
  1.6508842730861433e-31,
]);
/** 1 / 19! */
const inverseFactorial19 = 8.22063524662433e-18;

/** 1 / n! for n = 2, 4 ... 16, high and low parts. */
const evenFactorials = /* @__PURE__ */ new Float64Array([
  0.5, 0, 0.041666666666666664, 2.3129646346357427e-18, 0.001388888888888889, -5.300543954373577e-20,
  2.48015873015873e-5, 2.1511947866775882e-23, 2.755731922398589e-7, 2.3767714622250297e-23, 2.08767569878681e-9,
  -1.20734505911326e-25, 1.1470745597729725e-11, 2.0655512752830745e-28, 4.779477332387385e-14, 4.399205485834081e-31,
]);
/** 1 / 18! */
const inverseFactorial18 = 1.5619206968586225e-16;

const w = /* @__PURE__ */ new Float64Array(8);
const remainder = 0;
const result = 1;
const opposite = 2;
const series = 3;

/** o[i] ← sin(a[j]); NaN where a is not finite. */
export function sin(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const quadrant = reduceByHalfPi(a[2 * j], a[2 * j + 1]);
  storeQuadrant(o, i, quadrant);
}

/** o[i] ← cos(a[j]); NaN where a is not finite. */
export function cos(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const quadrant = reduceByHalfPi(a[2 * j], a[2 * j + 1]);
  storeQuadrant(o, i, quadrant + 1);
}

/** o[i] ← sin(r + quadrant π/2), r = remainder: sin r, cos r, -sin r, -cos r in turn. */
function storeQuadrant(o: Float64Array, i: number, quadrant: number): void {
  if (quadrant % 2 === 0) sinOfRemainder();
  else cosOfRemainder();
  const sign = quadrant % 4 < 2 ? 1 : -1;
  storePair(o, i, sign * w[2 * result], sign * w[2 * result + 1]);
}

/** remainder ← x - k π/2, at most π/4 in size; returns k modulo 4. */
function reduceByHalfPi(hi: number, lo: number): number {
  if (Math.abs(hi) < 0.785 || !Number.isFinite(hi)) {
    storePair(w, remainder, Number.isFinite(hi) ? hi : Number.NaN, Number.isFinite(hi) ? lo : 0);
    return 0;
  }
  // No double-double of this size comes nearer to a multiple of π/2 than 2^-130.
  const bits = 384 + Math.max(0, exponentOf(hi));
  const x = integerOf(hi, bits) + integerOf(lo, bits);
  const divisor = halfPi >> BigInt(halfPiBits - bits);
  const magnitude = x < 0n ? -x : x;
  const k = (2n * magnitude + divisor) / (2n * divisor);
  const rest = magnitude - k * divisor;
  const scaled = (x < 0n ? -rest : rest) >> BigInt(bits - 300);
  const first = Number(scaled);
  storePair(w, remainder, first * 2 ** -300, Number(scaled - BigInt(first)) * 2 ** -300);
  const quadrant = Number(k % 4n);
  return x < 0n ? (4 - quadrant) % 4 : quadrant;
}

/** x 2^bits, rounded down. */
function integerOf(x: number, bits: number): bigint {
  if (x === 0) return 0n;
  const exponent = exponentOf(x);
  const significand = BigInt(scaleByPowerOfTwo(x, 52 - exponent));
  const shift = exponent - 52 + bits;
  return shift >= 0 ? significand << BigInt(shift) : significand >> BigInt(-shift);
}

/** result ← sin r = r + r x (1/3! + x/5! + x²/7! + ...), x = -r² */
function sinOfRemainder(): void {
  const rh = w[2 * remainder];
  const rl = w[2 * remainder + 1];
  if (!(Math.abs(rh) > 2 ** -54)) {
    storePair(w, result, rh, rl);
    return;
  }
  const x = squareOfRemainder();
  let tail = 1;
  for (let n = 26; n > 19; n -= 2) tail = 1 + (x * tail) / (n * (n + 1));
  storePolynomial(w, series, x, w[2 * opposite + 1], oddFactorials, tail * inverseFactorial19);
  storeProduct(w, series, w[2 * opposite], w[2 * opposite + 1], w[2 * series], w[2 * series + 1]);
  storeProduct(w, series, rh, rl, w[2 * series], w[2 * series + 1]);
  storeSum(w, result, rh, rl, w[2 * series], w[2 * series + 1]);
}

/** result ← cos r = 1 + x (1/2! + x/4! + x²/6! + ...), x = -r² */
function cosOfRemainder(): void {
  const x = squareOfRemainder();
  let tail = 1;
  for (let n = 25; n > 18; n -= 2) tail = 1 + (x * tail) / (n * (n + 1));
  storePolynomial(w, series, x, w[2 * opposite + 1], evenFactorials, tail * inverseFactorial18);
  storeProduct(w, series, w[2 * opposite], w[2 * opposite + 1], w[2 * series], w[2 * series + 1]);
  storeSum(w, result, 1, 0, w[2 * series], w[2 * series + 1]);
}

/** opposite ← -r²; returns its high part. */
function squareOfRemainder(): number {
  const rh = w[2 * remainder];
  const rl = w[2 * remainder + 1];
  storeProduct(w, opposite, -rh, -rl, rh, rl);
  return w[2 * opposite];
}
