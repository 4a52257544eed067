import {
  complexCos,
  complexExp,
  complexLog,
  complexLog1p,
  complexSigmoid,
  complexSin,
  complexSqrt,
  complexTanh,
  storeComplexQuotient,
  times,
} from "./complex-functions.ts";
import { LiftError } from "./errors.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "./field.ts";
import { signOf } from "./sign.ts";

const name = "complex";

/**
 * Complex numbers of two doubles, for the complex-step derivative: f(x + ih) = f(x) + ih f'(x) + O(h²), so with h = 1e-30
 * the imaginary part over h is the derivative to a few units in the last place, without a difference (Squire and Trapp,
 * "Using complex variables to estimate derivatives of real functions", SIAM Review 40, 1998).
 *
 * Every operation is the analytic continuation of the real one (principal branches of log and sqrt); a tiny imaginary
 * part is neither lost nor cancelled, and the real part is then what float64 gives, bit for bit. Comparisons, relu,
 * step, sign and maximum decide on the real part: relu passes the imaginary part where it is positive, step and sign have
 * none, maximum has that of the larger one. What is real stays
 * real: 0 times an infinity of the other axis is 0. `lift` and `lower` are of the real part; {@link setImaginary} and
 * {@link complexParts} reach the other. The unit roundoff is that of the doubles underneath: a product has up to √5 of
 * it in norm (Brent, Percival and Zimmermann 2007), a quotient or function a few.
 *
 * @throws LiftError from `lift` for what is not finite; `round` takes every double.
 * @example
 * ```ts
 * const x = complex.store(1);
 * complex.lift(x, 0, 3);
 * setImaginary(x, 0, 1e-30);
 * complex.unary("square")(x, 0, x, 0);
 * complexParts(x, 0); // [9, 6e-30]
 * ```
 */
export const complex: Field<Float64Array> = {
  name,
  unitRoundoff: 2 ** -53,
  store: (elements) => new Float64Array(2 * elements),
  copy,
  lift(o, i, x) {
    if (!Number.isFinite(x)) throw new LiftError(name, x, "a finite number");
    set(o, i, x, 0);
  },
  round(o, i, x) {
    set(o, i, x, 0);
  },
  lower: (a, i) => a[2 * i],
  same: (a, i, b, j) => Object.is(a[2 * i], b[2 * j]) && Object.is(a[2 * i + 1], b[2 * j + 1]),
  poison(o, i) {
    set(o, i, Number.NaN, Number.NaN);
  },
  unary: (operation) => unary[operation],
  binary: (operation) => binary[operation],
  multiplyAdd(o, i, a, j, b, k) {
    const re = productReal(a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
    const im = productImaginary(a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
    o[2 * i] += re;
    o[2 * i + 1] += im;
  },
};

/** Real and imaginary part of element i. */
export function complexParts(store: Float64Array, i: number): [re: number, im: number] {
  return [store[2 * i], store[2 * i + 1]];
}

/** Gives element i an imaginary part, any double; the real part stays. */
export function setImaginary(store: Float64Array, i: number, im: number): void {
  store[2 * i + 1] = im;
}

const unary: Record<UnaryOperation, UnarySlot<Float64Array>> = {
  negate(o, i, a, j) {
    set(o, i, -a[2 * j], -a[2 * j + 1]);
  },
  square(o, i, a, j) {
    storeProduct(o, i, a[2 * j], a[2 * j + 1], a[2 * j], a[2 * j + 1]);
  },
  oneMinus(o, i, a, j) {
    set(o, i, 1 - a[2 * j], -a[2 * j + 1]);
  },
  reciprocal(o, i, a, j) {
    storeComplexQuotient(o, i, 1, 0, a[2 * j], a[2 * j + 1]);
  },
  tanh: complexTanh,
  sigmoid: complexSigmoid,
  exp: complexExp,
  log: complexLog,
  log1p: complexLog1p,
  sqrt: complexSqrt,
  sin: complexSin,
  cos: complexCos,
  relu(o, i, a, j) {
    if (a[2 * j] > 0) copy(o, i, a, j);
    else set(o, i, Math.max(a[2 * j], 0), 0);
  },
  step(o, i, a, j) {
    const re = a[2 * j];
    set(o, i, re > 0 ? 1 : Number.isNaN(re) ? re : 0, 0);
  },
  sign(o, i, a, j) {
    set(o, i, signOf(a[2 * j]), 0);
  },
};

const binary: Record<BinaryOperation, BinarySlot<Float64Array>> = {
  add(o, i, a, j, b, k) {
    set(o, i, a[2 * j] + b[2 * k], a[2 * j + 1] + b[2 * k + 1]);
  },
  subtract(o, i, a, j, b, k) {
    set(o, i, a[2 * j] - b[2 * k], a[2 * j + 1] - b[2 * k + 1]);
  },
  multiply(o, i, a, j, b, k) {
    storeProduct(o, i, a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
  },
  divide(o, i, a, j, b, k) {
    storeComplexQuotient(o, i, a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
  },
  maximum(o, i, a, j, b, k) {
    if (Object.is(Math.max(a[2 * j], b[2 * k]), a[2 * j])) copy(o, i, a, j);
    else copy(o, i, b, k);
  },
};

function storeProduct(o: Float64Array, i: number, a: number, b: number, c: number, d: number): void {
  const re = productReal(a, b, c, d);
  const im = productImaginary(a, b, c, d);
  set(o, i, re, im);
}

/** Re (a + ib)(c + id) = ac - bd; a c where b or d is 0 or both are tiny, with its sign of zero. */
function productReal(a: number, b: number, c: number, d: number): number {
  const bd = b * d;
  return bd === 0 || b === 0 || d === 0 ? a * c : a * c - bd;
}

/** Im (a + ib)(c + id) = ad + bc */
function productImaginary(a: number, b: number, c: number, d: number): number {
  const im = a * d + b * c;
  return Number.isNaN(im) ? times(a, d) + times(b, c) : im;
}

function copy(o: Float64Array, i: number, a: Float64Array, j: number): void {
  set(o, i, a[2 * j], a[2 * j + 1]);
}

function set(o: Float64Array, i: number, re: number, im: number): void {
  o[2 * i] = re;
  o[2 * i + 1] = im;
}
