import type { BinaryOperation, UnaryOperation } from "./field.ts";
import { sigmoid as sigmoidOf } from "./sigmoid.ts";
import { signOf } from "./sign.ts";

/**
 * The operations on elements. Number systems know them by their names; each brings its loop over a row of floats, so that
 * a bundle has the loops of those that are used.
 */

export type FloatArray = Float64Array | Float32Array;

/** o[i + n os] ← f(a[j + n as]) for n in [0, length); the store rounds. */
export type UnaryRow = (
  o: FloatArray,
  i: number,
  os: number,
  a: FloatArray,
  j: number,
  as: number,
  length: number,
) => void;

/** o[i + n os] ← f(a[j + n as], b[k + n bs]) for n in [0, length); the store rounds. */
export type BinaryRow = (
  o: FloatArray,
  i: number,
  os: number,
  a: FloatArray,
  j: number,
  as: number,
  b: FloatArray,
  k: number,
  bs: number,
  length: number,
) => void;

/**
 * An operation on the elements of one tensor.
 *
 * @example
 * ```ts
 * const out = float64.empty([2]);
 * float64.unary(op.square, out, float64.lift([3, -4], [2]));
 * console.log(...float64.lower(out)); // -> 9 16
 * ```
 */
export interface Unary {
  readonly name: UnaryOperation;
  readonly row: UnaryRow;
}

/**
 * An operation on the elements of two tensors.
 *
 * @example
 * ```ts
 * const out = float64.empty([2]);
 * float64.binary(op.divide, out, float64.lift([3, -4], [2]), float64.ratio(2, 1));
 * console.log(...float64.lower(out)); // -> 1.5 -2
 * ```
 */
export interface Binary {
  readonly name: BinaryOperation;
  readonly row: BinaryRow;
}

export const tanh: Unary = {
  name: "tanh",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.tanh(a[j + n * as]);
  },
};

export const negate: Unary = {
  name: "negate",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = -a[j + n * as];
  },
};

export const square: Unary = {
  name: "square",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] * a[j + n * as];
  },
};

/** 1 - a */
export const oneMinus: Unary = {
  name: "oneMinus",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = 1 - a[j + n * as];
  },
};

/** 1 / a */
export const reciprocal: Unary = {
  name: "reciprocal",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = 1 / a[j + n * as];
  },
};

/** 1 / (1 + exp(-a)) */
export const sigmoid: Unary = {
  name: "sigmoid",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = sigmoidOf(a[j + n * as]);
  },
};

export const exp: Unary = {
  name: "exp",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.exp(a[j + n * as]);
  },
};

export const log: Unary = {
  name: "log",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.log(a[j + n * as]);
  },
};

/** log(1 + a), accurate where a is tiny */
export const log1p: Unary = {
  name: "log1p",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.log1p(a[j + n * as]);
  },
};

export const sqrt: Unary = {
  name: "sqrt",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.sqrt(a[j + n * as]);
  },
};

export const sin: Unary = {
  name: "sin",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.sin(a[j + n * as]);
  },
};

export const cos: Unary = {
  name: "cos",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.cos(a[j + n * as]);
  },
};

/** max(a, 0) */
export const relu: Unary = {
  name: "relu",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.max(a[j + n * as], 0);
  },
};

/** 1 where a > 0, else 0: the derivative of relu, with relu'(0) = 0; NaN at NaN */
export const step: Unary = {
  name: "step",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = stepOf(a[j + n * as]);
  },
};

/** 1 above 0, -1 below, 0 at 0, NaN at NaN */
export const sign: Unary = {
  name: "sign",
  row(o, i, os, a, j, as, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = signOf(a[j + n * as]);
  },
};

export const add: Binary = {
  name: "add",
  row(o, i, os, a, j, as, b, k, bs, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] + b[k + n * bs];
  },
};

export const multiply: Binary = {
  name: "multiply",
  row(o, i, os, a, j, as, b, k, bs, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] * b[k + n * bs];
  },
};

export const subtract: Binary = {
  name: "subtract",
  row(o, i, os, a, j, as, b, k, bs, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] - b[k + n * bs];
  },
};

export const divide: Binary = {
  name: "divide",
  row(o, i, os, a, j, as, b, k, bs, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] / b[k + n * bs];
  },
};

/** The larger of both; NaN where one is. */
export const maximum: Binary = {
  name: "maximum",
  row(o, i, os, a, j, as, b, k, bs, length) {
    for (let n = 0; n < length; n++) o[i + n * os] = Math.max(a[j + n * as], b[k + n * bs]);
  },
};

/** relu'(a): 1 above 0, 0 at and below it, and NaN stays NaN. */
function stepOf(a: number): number {
  if (a > 0) return 1;
  return Number.isNaN(a) ? a : 0;
}
