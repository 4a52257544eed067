/** Bytes of a vector: 4 lanes of float32 or 2 of float64. */
@inline
export const VECTOR: usize = 16;

@inline
export function lanes<T>(): i32 {
  return <i32>(VECTOR / sizeof<T>());
}

/** a b + c: rounded once where the relaxed variant finds a machine that fuses, twice in the baseline variant. */
@inline
export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** Stores the first `count` lanes, at least one. */
@inline
export function storePart<T>(out: usize, v: v128, count: i32): void {
  if (sizeof<T>() == 8) {
    if (count == 1) v128.store64_lane(out, v, 0);
    else v128.store(out, v);
    return;
  }
  if (count == 1) {
    v128.store32_lane(out, v, 0);
    return;
  }
  if (count == 4) {
    v128.store(out, v);
    return;
  }
  v128.store64_lane(out, v, 0);
  if (count == 3) v128.store32_lane(out, v, 2, 8);
}
