import { Constant, constant } from "./constants";
import { polynomial } from "./polynomial";
import { multiplyAdd } from "./vector";

/** y / log 2 and the shifter, whose sum is rounded to an integer n in the lowest bits of the significand. */
@inline
function shifted<T>(y: v128): v128 {
  return multiplyAdd<T>(y, constant<T>(Constant.inverseLog2), constant<T>(Constant.shifter));
}

/** n of a sum with the shifter. */
@inline
function integerOf<T>(bits: v128): v128 {
  return v128.sub<T>(bits, constant<T>(Constant.shifter));
}

/** 2ⁿ of a sum with the shifter, for n of the normal range. */
@inline
function powerOfTwo<T>(bits: v128): v128 {
  const one = constant<T>(Constant.one);
  if (sizeof<T>() == 4) return v128.add<i32>(v128.shl<i32>(bits, 23), one);
  return v128.add<i64>(v128.shl<i64>(bits, 52), one);
}

/**
 * eʳ - 1 = r + r² p(r) for r = y - n log 2, of size at most log 2 / 2; log 2 is split, so that the product of n with its
 * high part is exact.
 */
@inline
function exponentialMinusOne<T>(y: v128, n: v128): v128 {
  let r = multiplyAdd<T>(n, constant<T>(Constant.minusLog2High), y);
  r = multiplyAdd<T>(n, constant<T>(Constant.minusLog2Low), r);
  return multiplyAdd<T>(v128.mul<T>(r, r), polynomial<T>(Constant.expSeries, 5, 10, r), r);
}

/** eˣ: beyond the bounds it is 0 or infinite, and NaN passes pmin and pmax as their first argument. 2ⁿ is multiplied in two halves, so that subnormal results round once. */
@inline
export function exp<T>(x: v128): v128 {
  const y = v128.pmin<T>(v128.pmax<T>(x, constant<T>(Constant.expLeast)), constant<T>(Constant.expMost));
  const n = integerOf<T>(shifted<T>(y));
  const q = exponentialMinusOne<T>(y, n);
  const half = multiplyAdd<T>(n, constant<T>(Constant.half), constant<T>(Constant.shifter));
  const rest = v128.add<T>(v128.sub<T>(n, integerOf<T>(half)), constant<T>(Constant.shifter));
  const scaled = v128.mul<T>(v128.add<T>(q, constant<T>(Constant.one)), powerOfTwo<T>(half));
  return v128.mul<T>(scaled, powerOfTwo<T>(rest));
}

/**
 * tanh x = E / (E + 2) with E = e^2|x| - 1 = 2ⁿ (eʳ - 1) + (2ⁿ - 1), and the sign of x; for |x| < 0.55, where E loses bits
 * to cancellation, x + x³ p(x²).
 */
@inline
export function tanh<T>(x: v128): v128 {
  const size = v128.abs<T>(x);
  const y = v128.pmin<T>(v128.add<T>(size, size), constant<T>(Constant.tanhMost));
  const bits = shifted<T>(y);
  const power = powerOfTwo<T>(bits);
  const q = exponentialMinusOne<T>(y, integerOf<T>(bits));
  const e = multiplyAdd<T>(q, power, v128.sub<T>(power, constant<T>(Constant.one)));
  const large = v128.div<T>(e, v128.add<T>(e, constant<T>(Constant.two)));
  const z = v128.mul<T>(x, x);
  const small = multiplyAdd<T>(v128.mul<T>(size, z), polynomial<T>(Constant.tanhSeries, 4, 10, z), size);
  const isSmall = v128.lt<T>(size, constant<T>(Constant.tanhSmall));
  return v128.or(v128.bitselect(small, large, isSmall), v128.and(x, constant<T>(Constant.negativeZero)));
}

/**
 * 1 / (1 + e⁻ˣ) by t = E / (1 + E) with E = e^-|x|, which never overflows: t below 0, 1 - t from 0 on, and so relatively
 * accurate on both sides.
 */
@inline
export function sigmoid<T>(x: v128): v128 {
  const one = constant<T>(Constant.one);
  const e = exp<T>(v128.or(x, constant<T>(Constant.negativeZero)));
  const t = v128.div<T>(e, v128.add<T>(one, e));
  return v128.bitselect(t, v128.sub<T>(one, t), v128.lt<T>(x, v128.splat<T>(0)));
}
