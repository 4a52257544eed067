import { broadcastTo as broadcastView } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { node, type Rule, type Variable, wrap } from "../variable.ts";
import { broadcastTo, sumTo } from "./broadcasting.ts";
import { divide, multiply, square } from "./elementwise.ts";
import { sign } from "./extremes.ts";
import { log, sqrt } from "./functions.ts";
import { where } from "./piecewise.ts";
import { combined, filled } from "./values.ts";

/**
 * aᵇ        da = b aᵇ ȳ / a, db = aᵇ log(a) ȳ
 *
 * An integer b that is a number: by squaring and multiplying, for every a, 0 and negative ones too, with a⁰ = 1; 0.5: √a.
 * Any other b: exp(b log a) for a ≥ 0, with a⁰ = 1; at a = 0 the derivative by b is 0.
 */
export function pow<S>(a: Variable<S>, b: Variable<S> | number): Variable<S> {
  const A = a.arithmetic;
  if (typeof b !== "number") return realPower(a, b);
  if (Number.isSafeInteger(b)) return integerPower(a, b);
  return b === 0.5 ? sqrt(a) : realPower(a, wrap(A, A.round([b], [])));
}

function integerPower<S>(a: Variable<S>, exponent: number): Variable<S> {
  const A = a.arithmetic;
  const one = wrap(A, A.ratio(1, 1));
  if (exponent < 0) return divide(one, integerPower(a, -exponent));
  let result: Variable<S> | undefined;
  let factor = a;
  for (let rest = exponent; rest > 0; rest = (rest - (rest % 2)) / 2) {
    if (rest % 2 === 1) result = result ? multiply(result, factor) : factor;
    if (rest > 1) factor = square(factor);
  }
  return result ?? wrap(A, filled(A, a.shape, one.value));
}

function realPower<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = combined(op.multiply, log(wrap(A, a.value)), b);
  // 0 · −∞ = NaN: a⁰ is 1 by its exponent. Reads numbers: in a function that is compiled the exponent must be a constant.
  const exponents = A.lower(broadcastView(b.value, value.shape));
  A.unary(op.exp, value, value);
  const powers = A.lower(value);
  const missing = exponents.map((x, i) => (x === 0 && powers[i] !== 1 ? 1 : 0));
  if (missing.includes(1)) {
    const one = wrap(A, filled(A, value.shape, A.ratio(1, 1)));
    const given = wrap(A, A.lift(missing, value.shape));
    A.copy(value, where(given, one, wrap(A, value)).value);
  }
  const vjps: Rule<S>[] = [
    (ct, own, y) => sumTo(baseRule(ct, own, y), own[0].shape),
    (ct, own, y) => sumTo(exponentRule(ct, own, y), own[1].shape),
  ];
  const jvps: Rule<S>[] = [
    (tangent, own, y) => broadcastTo(baseRule(tangent, own, y), y.shape),
    (tangent, own, y) => broadcastTo(exponentRule(tangent, own, y), y.shape),
  ];
  return node(A, "pow", value, [a, b], vjps, jvps);
}

/** b aᵇ / a; at 0 its limit: 0 for b above 1 and for b = 0, 1 for b = 1, infinite between. */
function baseRule<S>(change: Variable<S>, [a, b]: readonly Variable<S>[], y: Variable<S>): Variable<S> {
  const slope = (base: Variable<S>) => divide(multiply(multiply(change, b), y), base);
  return awayFromZero(a, slope, () => {
    const A = a.arithmetic;
    const limits = A.lower(b.value).map((x) => (x === 1 ? 1 : x > 1 || x === 0 ? 0 : Number.POSITIVE_INFINITY));
    return multiply(change, broadcastTo(wrap(A, A.round(limits, b.shape)), y.shape));
  });
}

/** log(a) aᵇ, 0 at 0 */
function exponentRule<S>(change: Variable<S>, [a]: readonly Variable<S>[], y: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const slope = (base: Variable<S>) => multiply(multiply(change, y), log(base));
  return awayFromZero(a, slope, () => wrap(A, A.ratio(0, 1)));
}

/** f(a), but where a is 0 another value; f does not see the zeros. */
function awayFromZero<S>(a: Variable<S>, f: (a: Variable<S>) => Variable<S>, atZero: () => Variable<S>): Variable<S> {
  const A = a.arithmetic;
  if (!A.lower(a.value).includes(0)) return f(a);
  const other = square(sign(a));
  return where(other, f(where(other, a, wrap(A, A.ratio(1, 1)))), atZero());
}
