import { horner } from "./polynomial";
import { multiplyAdd, signs } from "./vector";

/** Adding it to a small integer n puts n into the lowest bits of the significand: 1.5 times the power of two of the last bit. */
@inline
function shifter<T>(): v128 {
  if (sizeof<T>() == 4) return v128.splat<f32>(12582912.0);
  return v128.splat<f64>(6755399441055744.0);
}

/** 2ⁿ for integers n of the normal range. */
@inline
function powerOfTwo<T>(n: v128): v128 {
  const bits = v128.add<T>(n, shifter<T>());
  if (sizeof<T>() == 4) return v128.add<i32>(v128.shl<i32>(bits, 23), v128.splat<i32>(0x3f800000));
  return v128.add<i64>(v128.shl<i64>(bits, 52), v128.splat<i64>(0x3ff0000000000000));
}

/** n, the integer nearest to y / log 2. */
@inline
function exponentOf<T>(y: v128): v128 {
  return v128.nearest<T>(v128.mul<T>(y, v128.splat<T>(1.4426950408889634 as T)));
}

/** y - n log 2, of size at most log 2 / 2; log 2 is split, so that the product with its high part is exact. */
@inline
function remainderOf<T>(y: v128, n: v128): v128 {
  if (sizeof<T>() == 4) {
    const r = multiplyAdd<f32>(n, v128.splat<f32>(-0.693145751953125), y);
    return multiplyAdd<f32>(n, v128.splat<f32>(-1.4286068203094172e-6), r);
  }
  const r = multiplyAdd<f64>(n, v128.splat<f64>(-0.6931471805592082), y);
  return multiplyAdd<f64>(n, v128.splat<f64>(-7.371002565167799e-13), r);
}

/**
 * eʳ - 1 for |r| <= log 2 / 2, as r + r² p(r). p is the Chebyshev approximation of (eʳ - 1 - r) / r² on that interval, of
 * degree 5 (error 1.4e-9) in float32 and 10 (error 1.4e-18) in float64.
 */
@inline
function exponentialMinusOne<T>(r: v128): v128 {
  let p: v128;
  if (sizeof<T>() == 4) {
    p = v128.splat<f32>(0.00019890990824673654);
    p = horner<f32>(p, r, 0.001393364999630925);
    p = horner<f32>(p, r, 0.008333310925480901);
    p = horner<f32>(p, r, 0.041666464925285905);
    p = horner<f32>(p, r, 0.16666666681623231);
    p = horner<f32>(p, r, 0.5);
  } else {
    p = v128.splat<f64>(2.091468696808687723e-9);
    p = horner<f64>(p, r, 2.510521700472074516e-8);
    p = horner<f64>(p, r, 2.755727364311029533e-7);
    p = horner<f64>(p, r, 2.755725540020642443e-6);
    p = horner<f64>(p, r, 0.00002480158732554774122);
    p = horner<f64>(p, r, 0.0001984126987482062527);
    p = horner<f64>(p, r, 0.00138888888888837483);
    p = horner<f64>(p, r, 0.008333333333326135126);
    p = horner<f64>(p, r, 0.04166666666666666975);
    p = horner<f64>(p, r, 0.1666666666666667099);
    p = horner<f64>(p, r, 0.5);
  }
  return multiplyAdd<T>(v128.mul<T>(r, r), p, r);
}

/** eʸ: beyond the bounds it is 0 or infinite. 2ⁿ is multiplied in two halves, so that subnormal results round once. */
@inline
export function exp<T>(y: v128): v128 {
  y = v128.max<T>(y, v128.splat<T>(sizeof<T>() == 4 ? -105 : -747));
  y = v128.min<T>(y, v128.splat<T>(sizeof<T>() == 4 ? 90 : 711));
  const n = exponentOf<T>(y);
  const q = exponentialMinusOne<T>(remainderOf<T>(y, n));
  const half = v128.nearest<T>(v128.mul<T>(n, v128.splat<T>(0.5)));
  const scaled = v128.mul<T>(v128.add<T>(q, v128.splat<T>(1)), powerOfTwo<T>(half));
  return v128.mul<T>(scaled, powerOfTwo<T>(v128.sub<T>(n, half)));
}

/**
 * tanh x = E / (E + 2) with E = e^2|x| - 1 = 2ⁿ (eʳ - 1) + (2ⁿ - 1), and the sign of x; for |x| < 0.55, where E loses bits
 * to cancellation, x + x³ p(x²).
 */
@inline
export function tanh<T>(x: v128): v128 {
  const size = v128.abs<T>(x);
  const y = v128.min<T>(v128.add<T>(size, size), v128.splat<T>(sizeof<T>() == 4 ? 20 : 40));
  const n = exponentOf<T>(y);
  const power = powerOfTwo<T>(n);
  const q = exponentialMinusOne<T>(remainderOf<T>(y, n));
  const e = multiplyAdd<T>(q, power, v128.sub<T>(power, v128.splat<T>(1)));
  const large = v128.div<T>(e, v128.add<T>(e, v128.splat<T>(2)));
  const z = v128.mul<T>(x, x);
  const small = multiplyAdd<T>(v128.mul<T>(size, z), smallTanh<T>(z), size);
  const isSmall = v128.lt<T>(size, v128.splat<T>(0.55 as T));
  return v128.bitselect(x, v128.bitselect(small, large, isSmall), signs<T>());
}

/**
 * p(z) = (tanh √z / √z - 1) / z, by its Chebyshev approximation on [0, 0.3026]: of degree 4 (error 1.3e-8) in float32 and
 * 10 (error 7.7e-18) in float64.
 */
@inline
function smallTanh<T>(z: v128): v128 {
  let p: v128;
  if (sizeof<T>() == 4) {
    p = v128.splat<f32>(-0.006609614012884622992);
    p = horner<f32>(p, z, 0.02130906232857861971);
    p = horner<f32>(p, z, -0.05390937564184794531);
    p = horner<f32>(p, z, 0.133331134587324157);
    return horner<f32>(p, z, -0.3333333200590813404);
  }
  p = v128.splat<f64>(-0.0000205985566732751667);
  p = horner<f64>(p, z, 0.00008510707927354112723);
  p = horner<f64>(p, z, -0.000234631045283004056);
  p = horner<f64>(p, z, 0.0005889348072447027721);
  p = horner<f64>(p, z, -0.001455661577570236361);
  p = horner<f64>(p, z, 0.003592110347096176598);
  p = horner<f64>(p, z, -0.008863234395418095595);
  p = horner<f64>(p, z, 0.02186948849356303812);
  p = horner<f64>(p, z, -0.05396825396743173891);
  p = horner<f64>(p, z, 0.133333333333327129);
  return horner<f64>(p, z, -0.3333333333333333256);
}

/**
 * 1 / (1 + e⁻ˣ) by t = E / (1 + E) with E = e^-|x|, which never overflows: t below 0, 1 - t from 0 on, and so relatively
 * accurate on both sides.
 */
@inline
export function sigmoid<T>(x: v128): v128 {
  const one = v128.splat<T>(1);
  const e = exp<T>(v128.or(x, signs<T>()));
  const t = v128.div<T>(e, v128.add<T>(one, e));
  return v128.bitselect(t, v128.sub<T>(one, t), v128.lt<T>(x, v128.splat<T>(0)));
}
