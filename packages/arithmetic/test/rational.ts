import type { BinaryOperation, UnaryOperation } from "../src/field.ts";

/** In lowest terms, the denominator positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function rational(integer: number): Rational {
  return { numerator: BigInt(integer), denominator: 1n };
}

export function isInteger({ denominator }: Rational): boolean {
  return denominator === 1n;
}

/** Undefined where the denominator is 0. */
function quotient(numerator: bigint, denominator: bigint): Rational | undefined {
  if (denominator === 0n) return undefined;
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  while (b > 0n) [a, b] = [b, a % b];
  const divisor = denominator < 0n ? -a : a;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

type Result = Rational | undefined;

/** Exact arithmetic that shares no code with any arithmetic under test. */
export const rationalOperations: { readonly [F in BinaryOperation]: (a: Rational, b: Rational) => Result } & {
  readonly [F in UnaryOperation]?: (a: Rational) => Result;
} = {
  add: (a, b) => quotient(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator),
  subtract: (a, b) =>
    quotient(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator),
  multiply: (a, b) => quotient(a.numerator * b.numerator, a.denominator * b.denominator),
  maximum: (a, b) => (a.numerator * b.denominator < b.numerator * a.denominator ? b : a),
  divide: (a, b) => quotient(a.numerator * b.denominator, a.denominator * b.numerator),
  negate: (a) => quotient(-a.numerator, a.denominator),
  square: (a) => quotient(a.numerator ** 2n, a.denominator ** 2n),
  oneMinus: (a) => quotient(a.denominator - a.numerator, a.denominator),
  reciprocal: (a) => quotient(a.denominator, a.numerator),
};
