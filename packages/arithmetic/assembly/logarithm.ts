import { horner } from "./polynomial";
import { multiplyAdd } from "./vector";

/**
 * log x = k log 2 + log(1 + f) for x = 2ᵏ (1 + f) with 1 + f in [√½, √2), and with s = f / (2 + f)
 *
 *   log(1 + f) = f - (f²/2 - s (f²/2 + R(s²))),   R(z) = 2z/3 + 2z²/5 + ...
 *
 * (the form of W. Kahan and K. C. Ng), R(z) / z by its Chebyshev approximation on [0, 0.0295]: of degree 3 (error 1.2e-9)
 * in float32 and 6 (error 3.1e-16) in float64. Subnormals are scaled; 0, negative, infinite and NaN arguments are put
 * right at the end.
 */
@inline
export function log<T>(x: v128): v128 {
  const one = v128.splat<T>(1);
  const zero = v128.splat<T>(0);
  const smallest = v128.splat<T>(sizeof<T>() == 4 ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
  const isSmall = v128.lt<T>(x, smallest);
  const scale = v128.splat<T>(sizeof<T>() == 4 ? 33554432.0 : 18014398509481984.0);
  const shift = v128.and(isSmall, v128.splat<T>(sizeof<T>() == 4 ? 25 : 54));
  const bits = v128.bitselect(v128.mul<T>(x, scale), x, isSmall);

  let k: v128;
  let m: v128;
  if (sizeof<T>() == 4) {
    const root = v128.splat<i32>(0x3f3504f3);
    const moved = v128.add<i32>(bits, v128.sub<i32>(v128.splat<i32>(0x3f800000), root));
    k = v128.convert<i32>(v128.sub<i32>(v128.shr<i32>(moved, 23), v128.splat<i32>(127)));
    m = v128.add<i32>(v128.and(moved, v128.splat<i32>(0x007fffff)), root);
  } else {
    const root = v128.splat<i64>(0x3fe6a09e667f3bcd);
    const moved = v128.add<i64>(bits, v128.sub<i64>(v128.splat<i64>(0x3ff0000000000000), root));
    const exponent = v128.sub<i64>(v128.shr<i64>(moved, 52), v128.splat<i64>(1023));
    // A small integer added to the bits of 1.5 · 2⁵² is added to that number.
    const shifter = v128.splat<f64>(6755399441055744.0);
    k = v128.sub<f64>(v128.add<i64>(exponent, shifter), shifter);
    m = v128.add<i64>(v128.and(moved, v128.splat<i64>(0x000fffffffffffff)), root);
  }
  k = v128.sub<T>(k, shift);

  const f = v128.sub<T>(m, one);
  const s = v128.div<T>(f, v128.add<T>(f, v128.splat<T>(2)));
  const z = v128.mul<T>(s, s);
  const halfSquare = v128.mul<T>(v128.mul<T>(f, v128.splat<T>(0.5)), f);
  const r = v128.mul<T>(z, series<T>(z));
  let high: v128;
  let low: v128;
  if (sizeof<T>() == 4) {
    high = v128.mul<f32>(k, v128.splat<f32>(0.693145751953125));
    low = v128.mul<f32>(k, v128.splat<f32>(1.4286068203094172e-6));
  } else {
    high = v128.mul<f64>(k, v128.splat<f64>(0.6931471805592082));
    low = v128.mul<f64>(k, v128.splat<f64>(7.371002565167799e-13));
  }
  const small = multiplyAdd<T>(s, v128.add<T>(halfSquare, r), low);
  let y = v128.sub<T>(high, v128.sub<T>(v128.sub<T>(halfSquare, small), f));

  const infinity = v128.splat<T>(Infinity as T);
  y = v128.bitselect(infinity, y, v128.eq<T>(x, infinity));
  y = v128.bitselect(v128.neg<T>(infinity), y, v128.eq<T>(x, zero));
  return v128.bitselect(y, v128.splat<T>(NaN as T), v128.ge<T>(x, zero));
}

/** log(1 + x): log u of the rounded u = 1 + x, and (1 + x - u) / u for what the rounding has lost. */
@inline
export function log1p<T>(x: v128): v128 {
  const one = v128.splat<T>(1);
  const u = v128.add<T>(x, one);
  const lost = v128.sub<T>(x, v128.sub<T>(u, one));
  const hasLost = v128.and(v128.gt<T>(u, v128.splat<T>(0)), v128.lt<T>(u, v128.splat<T>(Infinity as T)));
  return v128.add<T>(log<T>(u), v128.and(hasLost, v128.div<T>(lost, u)));
}

/** R(z) / z */
@inline
function series<T>(z: v128): v128 {
  let p: v128;
  if (sizeof<T>() == 4) {
    p = v128.splat<f32>(0.2333058193824189382);
    p = horner<f32>(p, z, 0.2855081659971154867);
    p = horner<f32>(p, z, 0.4000012187697200149);
    return horner<f32>(p, z, 0.6666666655445164633);
  }
  p = v128.splat<f64>(0.1461658542488862199);
  p = horner<f64>(p, z, 0.1533171061821077157);
  p = horner<f64>(p, z, 0.1818288945567494604);
  p = horner<f64>(p, z, 0.2222221113025987703);
  p = horner<f64>(p, z, 0.2857142862600326874);
  p = horner<f64>(p, z, 0.3999999999989944323);
  return horner<f64>(p, z, 0.6666666666666669688);
}
