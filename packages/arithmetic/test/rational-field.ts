import { LiftError } from "../src/errors.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "../src/field.ts";
import { type Random, random } from "../src/random.ts";
import { integerOf } from "./big-fixed-point.ts";

/** numerator / denominator in lowest terms, denominator > 0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type RationalStore = Rational[];

export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator === 0n) throw new RangeError(`rational: ${numerator} / 0`);
  const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export const sum = (a: Rational, b: Rational) =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
export const product = (a: Rational, b: Rational) => rational(a.numerator * b.numerator, a.denominator * b.denominator);
export const opposite = (a: Rational) => rational(-a.numerator, a.denominator);
export const inverse = (a: Rational) => rational(a.denominator, a.numerator);
export const isEqual = (a: Rational, b: Rational) => a.numerator === b.numerator && a.denominator === b.denominator;

/** A double, exactly. */
export function exactly(x: number): Rational {
  return rational(integerOf(x), 1n << 1074n);
}

/** Exact rationals; the elementary functions and the weights of softmax are random oracles that remember their answers. */
export function rationalField(seed: number): Field<RationalStore> {
  const source = random(seed);
  const answers = new Map<string, Rational>();

  const oracle =
    (f: string): UnarySlot<RationalStore> =>
    (o, i, a, j) => {
      o[i] = answer(answers, source, `${f} ${a[j].numerator}/${a[j].denominator}`);
    };
  /** Positive weights of a row, keyed on the whole row. */
  function weights(a: RationalStore, j: number, stride: number, length: number): Rational[] {
    const row = Array.from({ length }, (_, n) => a[j + n * stride]);
    const key = row.map((z) => `${z.numerator}/${z.denominator}`).join(" ");
    return row.map((_, n) => answer(answers, source, `weight ${n} of ${key}`));
  }
  const one = rational(1n);
  const positive = (a: Rational) => a.numerator > 0n;

  const unary: Record<UnaryOperation, (a: Rational) => Rational> = {
    negate: opposite,
    square: (a) => product(a, a),
    oneMinus: (a) => sum(one, opposite(a)),
    reciprocal: inverse,
    relu: (a) => (positive(a) ? a : rational(0n)),
    step: (a) => rational(positive(a) ? 1n : 0n),
    tanh: (a) => a,
    sigmoid: (a) => a,
    exp: (a) => a,
    log: (a) => a,
    log1p: (a) => a,
    sqrt: (a) => a,
    sin: (a) => a,
    cos: (a) => a,
    sign: (a) => rational(positive(a) ? 1n : a.numerator < 0n ? -1n : 0n),
  };
  const oracles = ["tanh", "sigmoid", "exp", "log", "log1p", "sqrt", "sin", "cos"];
  const binary: Record<BinaryOperation, (a: Rational, b: Rational) => Rational> = {
    add: sum,
    subtract: (a, b) => sum(a, opposite(b)),
    multiply: product,
    divide: (a, b) => product(a, inverse(b)),
    maximum: (a, b) => (positive(sum(b, opposite(a))) ? b : a),
  };
  const lift = (o: RationalStore, i: number, x: number) => {
    if (!Number.isFinite(x)) throw new LiftError("rational", x, "a finite number");
    o[i] = exactly(x);
  };
  return {
    name: "rational",
    unitRoundoff: 0,
    // sealed, so that a slot beyond the end throws
    store: (elements) => Object.seal(new Array<Rational>(elements).fill(undefined as unknown as Rational)),
    copy(o, i, a, j) {
      o[i] = a[j];
    },
    lift,
    round: lift,
    lower: (a, i) => Number((a[i].numerator << 60n) / a[i].denominator) / 2 ** 60,
    same: (a, i, b, j) => isEqual(a[i], b[j]),
    poison(o, i) {
      o[i] = undefined as unknown as Rational;
    },
    unary: (operation): UnarySlot<RationalStore> => {
      if (oracles.includes(operation)) return oracle(operation);
      return (o, i, a, j) => {
        o[i] = unary[operation](a[j]);
      };
    },
    binary: (operation): BinarySlot<RationalStore> => {
      return (o, i, a, j, b, k) => {
        o[i] = binary[operation](a[j], b[k]);
      };
    },
    multiplyAdd(o, i, a, j, b, k) {
      o[i] = sum(o[i], product(a[j], b[k]));
    },
    softmaxRow(o, i, oStride, a, j, aStride, length) {
      const row = weights(a, j, aStride, length);
      const total = inverse(row.reduce(sum));
      for (let n = 0; n < length; n++) o[i + n * oStride] = product(row[n], total);
    },
    logSumExpRow(o, i, a, j, aStride, length) {
      o[i] = weights(a, j, aStride, length).reduce(sum);
    },
  };
}

function answer(answers: Map<string, Rational>, source: Random, key: string): Rational {
  let value = answers.get(key);
  if (value === undefined) {
    value = rational(BigInt(source.integer(1, 2 ** 30)), BigInt(source.integer(1, 2 ** 30)));
    answers.set(key, value);
  }
  return value;
}
