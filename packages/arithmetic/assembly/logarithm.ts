import { Constant, constant } from "./constants";
import { polynomial } from "./polynomial";
import { multiplyAdd } from "./vector";

/**
 * log x = k log 2 + log(1 + f) for x = 2ᵏ (1 + f) with 1 + f in [√½, √2), and with s = f / (2 + f)
 *
 *   log(1 + f) = f - (f²/2 - s (f²/2 + R(s²))),   R(z) = 2z/3 + 2z²/5 + ...
 *
 * (the form of W. Kahan and K. C. Ng). Subnormals are scaled; 0, negative, infinite and NaN arguments are put right at the
 * end.
 */
@inline
export function log<T>(x: v128): v128 {
  const one = constant<T>(Constant.one);
  const isSmall = v128.lt<T>(x, constant<T>(Constant.smallestNormal));
  const bits = v128.bitselect(v128.mul<T>(x, constant<T>(Constant.subnormalScale)), x, isSmall);
  let k: v128;
  let m: v128;
  if (sizeof<T>() == 4) {
    const root = v128.splat<i32>(0x3f3504f3);
    const moved = v128.add<i32>(bits, v128.sub<i32>(one, root));
    k = v128.convert<i32>(v128.sub<i32>(v128.shr<i32>(moved, 23), v128.splat<i32>(127)));
    m = v128.add<i32>(v128.and(moved, v128.splat<i32>(0x007fffff)), root);
  } else {
    const root = v128.splat<i64>(0x3fe6a09e667f3bcd);
    const moved = v128.add<i64>(bits, v128.sub<i64>(one, root));
    const exponent = v128.sub<i64>(v128.shr<i64>(moved, 52), v128.splat<i64>(1023));
    // A small integer added to the bits of the shifter is added to that number.
    const shifter = constant<f64>(Constant.shifter);
    k = v128.sub<f64>(v128.add<i64>(exponent, shifter), shifter);
    m = v128.add<i64>(v128.and(moved, v128.splat<i64>(0x000fffffffffffff)), root);
  }
  k = v128.sub<T>(k, v128.and(isSmall, constant<T>(Constant.subnormalShift)));

  const f = v128.sub<T>(m, one);
  const s = v128.div<T>(f, v128.add<T>(f, constant<T>(Constant.two)));
  const z = v128.mul<T>(s, s);
  const halfSquare = v128.mul<T>(v128.mul<T>(f, constant<T>(Constant.half)), f);
  const r = v128.mul<T>(z, polynomial<T>(Constant.logSeries, 3, 6, z));
  const high = v128.mul<T>(k, constant<T>(Constant.log2High));
  const low = v128.mul<T>(k, constant<T>(Constant.log2Low));
  const small = multiplyAdd<T>(s, v128.add<T>(halfSquare, r), low);
  let y = v128.sub<T>(high, v128.sub<T>(v128.sub<T>(halfSquare, small), f));

  const zero = v128.splat<T>(0);
  const infinity = constant<T>(Constant.infinity);
  y = v128.bitselect(infinity, y, v128.eq<T>(x, infinity));
  y = v128.bitselect(v128.neg<T>(infinity), y, v128.eq<T>(x, zero));
  return v128.bitselect(y, constant<T>(Constant.notANumber), v128.ge<T>(x, zero));
}

/** log(1 + x): log u of the rounded u = 1 + x, and (1 + x - u) / u for what the rounding has lost. */
@inline
export function log1p<T>(x: v128): v128 {
  const one = constant<T>(Constant.one);
  const u = v128.add<T>(x, one);
  const lost = v128.sub<T>(x, v128.sub<T>(u, one));
  const hasLost = v128.and(v128.gt<T>(u, v128.splat<T>(0)), v128.lt<T>(u, constant<T>(Constant.infinity)));
  return v128.add<T>(log<T>(u), v128.and(hasLost, v128.div<T>(lost, u)));
}
