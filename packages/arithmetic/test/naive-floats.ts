import { LiftError } from "../src/errors.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "../src/field.ts";

export type NaiveFunctions = Record<UnaryOperation, (x: number) => number>;

export const mathFunctions: NaiveFunctions = {
  negate: (x) => -x,
  square: (x) => x * x,
  oneMinus: (x) => 1 - x,
  reciprocal: (x) => 1 / x,
  tanh: Math.tanh,
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  relu: (x) => (Number.isNaN(x) || x > 0 ? x : 0),
  step: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : 0),
  sign: (x) => Math.sign(x) + 0,
};

const operations: Record<BinaryOperation, (x: number, y: number) => number> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: Math.max,
};

/** Floats in the plainest way, one number of an array at a time: the reference of the fast float kernels. */
export function naiveFloats(
  name: string,
  unitRoundoff: number,
  rounded: (x: number) => number,
  functions: NaiveFunctions = mathFunctions,
): Field<number[]> {
  const unary =
    (f: (x: number) => number): UnarySlot<number[]> =>
    (o, i, a, j) => {
      o[i] = rounded(f(a[j]));
    };
  const binary =
    (f: (x: number, y: number) => number): BinarySlot<number[]> =>
    (o, i, a, j, b, k) => {
      o[i] = rounded(f(a[j], b[k]));
    };
  return {
    name,
    unitRoundoff,
    store: (elements) => new Array<number>(elements).fill(0),
    copy(o, i, a, j) {
      o[i] = a[j];
    },
    lift(o, i, x) {
      if (!Number.isFinite(x) || rounded(x) !== x) throw new LiftError(name, x, "a number of the format");
      o[i] = x;
    },
    round(o, i, x) {
      o[i] = rounded(x);
    },
    lower: (a, i) => a[i],
    same: (a, i, b, j) => Object.is(a[i], b[j]),
    poison(o, i) {
      o[i] = Number.NaN;
    },
    unary: (operation) => unary(functions[operation]),
    binary: (operation) => binary(operations[operation]),
    multiplyAdd(o, i, a, j, b, k) {
      o[i] = rounded(o[i] + rounded(a[j] * b[k]));
    },
  };
}

export const naiveFloat64: Field<number[]> = naiveFloats("naive float64", 2 ** -53, (x) => x);

/** Operations computed in double and rounded by Math.fround. */
export const naiveFloat32: Field<number[]> = naiveFloats("naive float32", 2 ** -24, Math.fround);
