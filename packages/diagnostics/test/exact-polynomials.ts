import fc from "fast-check";

/** Σ c_k x^k with c_k = coefficients[k] / 16. */
export interface Polynomial {
  readonly coefficients: readonly number[];
}

/** p(x) / (1 + q(x)²), defined everywhere, at x = at / 16. */
export interface Rational {
  readonly p: Polynomial;
  readonly q: Polynomial;
  readonly at: number;
}

const unit = 16;

/** Coefficients k/16, small and distinct ones first; the highest is not 0. */
const polynomials = (degree: number): fc.Arbitrary<Polynomial> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: -48, max: 48 }), { maxLength: degree }),
      fc.integer({ min: 1, max: 48 }),
      fc.boolean(),
    )
    .map(([lower, highest, negative]) => ({ coefficients: [...lower, negative ? -highest : highest] }));

export const rationals: fc.Arbitrary<Rational> = fc.record({
  p: polynomials(6),
  q: polynomials(3),
  at: fc.integer({ min: -40, max: 40 }),
});

export const plainPolynomials: fc.Arbitrary<Rational> = fc.record({
  p: polynomials(6),
  q: fc.constant({ coefficients: [0] }),
  at: fc.integer({ min: -40, max: 40 }),
});

/** By Horner's rule in doubles, as a user would. */
export function evaluate({ p, q }: Rational, x: number): number {
  const horner = ({ coefficients }: Polynomial) => coefficients.reduceRight((sum, c) => sum * x + c / unit, 0);
  return horner(p) / (1 + horner(q) ** 2);
}

/**
 * The derivative at the point, from integers: everything is a fraction over a power of 16, and only the last division
 * rounds.
 */
export function derivativeOf({ p, q, at }: Rational): number {
  const degree = Math.max(p.coefficients.length, q.coefficients.length);
  // x = at / 16, so x^k = at^k 16^(degree - k) / 16^degree; all values below are over 16^(degree + 1).
  const [P, dP] = valueAndDerivative(p, at, degree);
  const [Q, dQ] = valueAndDerivative(q, at, degree);
  const one = 16n ** BigInt(degree + 1);
  const denominator = one * one + Q * Q; // (1 + q²) one²
  // (p / (1 + q²))' = (p' (1 + q²) - 2 p q q') / (1 + q²)²
  const numerator = dP * denominator - 2n * P * Q * dQ;
  return quotient(numerator * one, denominator * denominator);
}

/** The polynomial and its derivative, both times 16^(degree + 1). */
function valueAndDerivative({ coefficients }: Polynomial, at: number, degree: number): [bigint, bigint] {
  let [value, derivative] = [0n, 0n];
  coefficients.forEach((c, k) => {
    const scale = (power: number) => 16n ** BigInt(degree - power);
    value += BigInt(c) * BigInt(at) ** BigInt(k) * scale(k);
    if (k > 0) derivative += BigInt(c) * BigInt(k) * BigInt(at) ** BigInt(k - 1) * scale(k - 1);
  });
  return [value, derivative];
}

/** a / b to about 60 bits, rounded to a double. */
function quotient(a: bigint, b: bigint): number {
  if (a === 0n) return 0;
  const length = (n: bigint) => (n < 0n ? -n : n).toString(2).length;
  const shift = BigInt(Math.max(0, 64 + length(b) - length(a)));
  return Number((a << shift) / b) / 2 ** Number(shift);
}
