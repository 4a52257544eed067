import { cos, sin } from "./double-double-circular.ts";
import { exp, log, log1p, sigmoid, tanh } from "./double-double-functions.ts";
import { multiplyAddLanes, perturbLanes } from "./double-double-lanes.ts";
import {
  dot,
  multiplyAdd,
  nudge,
  storePair,
  storeProduct,
  storeQuotient,
  storeRoot,
  storeSum,
} from "./double-double-operations.ts";
import { LiftError } from "./errors.ts";
import type { BinaryOperation, BinarySlot, NudgedField, UnaryOperation, UnarySlot } from "./field.ts";
import { signOf } from "./sign.ts";

const name = "doubleDouble";

/**
 * Double-double numbers: about 106 bits, the exponent range of a double. The reference that float gradients are judged by.
 *
 * An element is an unevaluated sum of two doubles, hi + lo with |lo| <= ulp(hi) / 2 (Dekker 1971); `lower` is hi, which
 * is the sum rounded to nearest, and {@link doubleDoubleParts} gives both. The unit roundoff 2^-102 is proven for sum
 * (3u², u = 2^-53), product and square (5u²), quotient and reciprocal (15u² + 56u³) and sqrt (25/8 u²), with sources in
 * `double-double-operations.ts`; the functions are measured to keep it. All bounds are relative; below 2^-960 the
 * low part runs out of exponents and the error is at most two of the smallest subnormals. Overflow is infinite, and what
 * is infinite or NaN has low part 0.
 *
 * @throws LiftError from `lift` for what is not finite; `round` takes every double.
 * @example
 * ```ts
 * const A = dense(doubleDouble);
 * const third = A.ratio(1, 3);
 * doubleDoubleParts(third.store, third.offset); // [0.3333333333333333, 1.850371707708594e-17]
 * ```
 */
export const doubleDouble: NudgedField<Float64Array> = {
  name,
  unitRoundoff: 2 ** -102,
  store: (elements) => new Float64Array(2 * elements),
  copy,
  lift(o, i, x) {
    if (!Number.isFinite(x)) throw new LiftError(name, x, "a finite number");
    o[2 * i] = x;
    o[2 * i + 1] = 0;
  },
  round(o, i, x) {
    o[2 * i] = x;
    o[2 * i + 1] = 0;
  },
  lower: (a, i) => a[2 * i],
  same(a, i, b, j) {
    const hi = a[2 * i];
    return Object.is(hi, b[2 * j]) && (Number.isNaN(hi) || a[2 * i + 1] === b[2 * j + 1]);
  },
  poison(o, i) {
    o[2 * i] = Number.NaN;
    o[2 * i + 1] = Number.NaN;
  },
  poisonAll(o, start, end) {
    o.fill(Number.NaN, 2 * start, 2 * end);
  },
  unary: (operation) => unary[operation],
  binary: (operation) => binary[operation],
  multiplyAdd,
  dot,
  nudge,
  perturbLanes,
  multiplyAddLanes,
};

/** Both parts of element i, hi + lo, hi the sum rounded to nearest. */
export function doubleDoubleParts(store: Float64Array, i: number): [hi: number, lo: number] {
  return [store[2 * i], store[2 * i + 1]];
}

/** store[i] ← hi + lo, any two doubles, correctly rounded to a double-double. */
export function setDoubleDouble(store: Float64Array, i: number, hi: number, lo: number): void {
  storeSum(store, i, hi, 0, lo, 0);
}

const unary: Record<UnaryOperation, UnarySlot<Float64Array>> = {
  negate(o, i, a, j) {
    storePair(o, i, -a[2 * j], -a[2 * j + 1]);
  },
  square(o, i, a, j) {
    const hi = a[2 * j];
    const lo = a[2 * j + 1];
    storeProduct(o, i, hi, lo, hi, lo);
  },
  oneMinus(o, i, a, j) {
    storeSum(o, i, 1, 0, -a[2 * j], -a[2 * j + 1]);
  },
  reciprocal(o, i, a, j) {
    storeQuotient(o, i, 1, 0, a[2 * j], a[2 * j + 1]);
  },
  tanh,
  sigmoid,
  exp,
  log,
  log1p,
  sin,
  cos,
  sqrt(o, i, a, j) {
    storeRoot(o, i, a[2 * j], a[2 * j + 1]);
  },
  relu(o, i, a, j) {
    if (a[2 * j] > 0) copy(o, i, a, j);
    else storePair(o, i, Math.max(a[2 * j], 0), 0);
  },
  step(o, i, a, j) {
    const hi = a[2 * j];
    storePair(o, i, hi > 0 ? 1 : Number.isNaN(hi) ? hi : 0, 0);
  },
  sign(o, i, a, j) {
    storePair(o, i, signOf(a[2 * j]), 0);
  },
};

const binary: Record<BinaryOperation, BinarySlot<Float64Array>> = {
  add(o, i, a, j, b, k) {
    storeSum(o, i, a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
  },
  subtract(o, i, a, j, b, k) {
    storeSum(o, i, a[2 * j], a[2 * j + 1], -b[2 * k], -b[2 * k + 1]);
  },
  multiply(o, i, a, j, b, k) {
    storeProduct(o, i, a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
  },
  divide(o, i, a, j, b, k) {
    storeQuotient(o, i, a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
  },
  maximum(o, i, a, j, b, k) {
    const [x, y] = [a[2 * j], b[2 * k]];
    const first = x === y ? a[2 * j + 1] >= b[2 * k + 1] : Object.is(Math.max(x, y), x);
    if (first) copy(o, i, a, j);
    else copy(o, i, b, k);
  },
};

function copy(o: Float64Array, i: number, a: Float64Array, j: number): void {
  const lo = a[2 * j + 1];
  o[2 * i] = a[2 * j];
  o[2 * i + 1] = lo;
}
