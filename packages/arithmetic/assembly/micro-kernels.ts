import { multiplyAdd, VECTOR } from "./vector";

/**
 * c ← (c +) a b for 6 rows by 2 vectors: 12 sums in registers, which leaves room for two vectors of b and one element of
 * a. Each sum has one accumulator over ascending k, so that the block that an element falls into does not change its bits.
 *
 * Rows of a are `aRow` bytes apart but for the last one, which is at `aLast`; steps of k are `aStep` and `bStep` bytes. Of
 * several blocks, all by the same b, the next is `aBlock` bytes on in a, and 6 rows on in c. The loop over k is not
 * unrolled: V8 spills registers if it is.
 */
export function sixRows<T>(
  a: usize,
  aLast: usize,
  aRow: usize,
  aStep: usize,
  aBlock: usize,
  bFirst: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  inner: i32,
  accumulate: bool,
  blocks: i32,
): void {
  for (;;) {
    let b = bFirst;
    let a0 = a;
    let a5 = aLast;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let a4 = a3 + aRow;
    const c1 = c + cRow;
    const c2 = c1 + cRow;
    const c3 = c2 + cRow;
    const c4 = c3 + cRow;
    const c5 = c4 + cRow;
    let s00 = v128.splat<T>(0);
    let s01 = s00;
    let s10 = s00;
    let s11 = s00;
    let s20 = s00;
    let s21 = s00;
    let s30 = s00;
    let s31 = s00;
    let s40 = s00;
    let s41 = s00;
    let s50 = s00;
    let s51 = s00;
    if (accumulate) {
      s00 = v128.load(c);
      s01 = v128.load(c, VECTOR);
      s10 = v128.load(c1);
      s11 = v128.load(c1, VECTOR);
      s20 = v128.load(c2);
      s21 = v128.load(c2, VECTOR);
      s30 = v128.load(c3);
      s31 = v128.load(c3, VECTOR);
      s40 = v128.load(c4);
      s41 = v128.load(c4, VECTOR);
      s50 = v128.load(c5);
      s51 = v128.load(c5, VECTOR);
    }
    for (let k = inner; k > 0; k--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, VECTOR);
      let x = v128.load_splat<T>(a0);
      s00 = multiplyAdd<T>(x, b0, s00);
      s01 = multiplyAdd<T>(x, b1, s01);
      x = v128.load_splat<T>(a1);
      s10 = multiplyAdd<T>(x, b0, s10);
      s11 = multiplyAdd<T>(x, b1, s11);
      x = v128.load_splat<T>(a2);
      s20 = multiplyAdd<T>(x, b0, s20);
      s21 = multiplyAdd<T>(x, b1, s21);
      x = v128.load_splat<T>(a3);
      s30 = multiplyAdd<T>(x, b0, s30);
      s31 = multiplyAdd<T>(x, b1, s31);
      x = v128.load_splat<T>(a4);
      s40 = multiplyAdd<T>(x, b0, s40);
      s41 = multiplyAdd<T>(x, b1, s41);
      x = v128.load_splat<T>(a5);
      s50 = multiplyAdd<T>(x, b0, s50);
      s51 = multiplyAdd<T>(x, b1, s51);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      a4 += aStep;
      a5 += aStep;
      b += bStep;
    }
    v128.store(c, s00);
    v128.store(c, s01, VECTOR);
    v128.store(c1, s10);
    v128.store(c1, s11, VECTOR);
    v128.store(c2, s20);
    v128.store(c2, s21, VECTOR);
    v128.store(c3, s30);
    v128.store(c3, s31, VECTOR);
    v128.store(c4, s40);
    v128.store(c4, s41, VECTOR);
    v128.store(c5, s50);
    v128.store(c5, s51, VECTOR);
    if (--blocks == 0) return;
    a += aBlock;
    aLast += aBlock;
    c += 6 * cRow;
  }
}

/** {@link sixRows} with 4 rows: any even number of rows from 4 on is a sum of sixes and at most two fours. */
export function fourRows<T>(
  a0: usize,
  aLast: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  inner: i32,
  accumulate: bool,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = v128.splat<T>(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, VECTOR);
    s10 = v128.load(c1);
    s11 = v128.load(c1, VECTOR);
    s20 = v128.load(c2);
    s21 = v128.load(c2, VECTOR);
    s30 = v128.load(c3);
    s31 = v128.load(c3, VECTOR);
  }
  for (let k = inner; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, VECTOR);
    let x = v128.load_splat<T>(a0);
    s00 = multiplyAdd<T>(x, b0, s00);
    s01 = multiplyAdd<T>(x, b1, s01);
    x = v128.load_splat<T>(a1);
    s10 = multiplyAdd<T>(x, b0, s10);
    s11 = multiplyAdd<T>(x, b1, s11);
    x = v128.load_splat<T>(a2);
    s20 = multiplyAdd<T>(x, b0, s20);
    s21 = multiplyAdd<T>(x, b1, s21);
    x = v128.load_splat<T>(aLast);
    s30 = multiplyAdd<T>(x, b0, s30);
    s31 = multiplyAdd<T>(x, b1, s31);
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    aLast += aStep;
    b += bStep;
  }
  v128.store(c, s00);
  v128.store(c, s01, VECTOR);
  v128.store(c1, s10);
  v128.store(c1, s11, VECTOR);
  v128.store(c2, s20);
  v128.store(c2, s21, VECTOR);
  v128.store(c3, s30);
  v128.store(c3, s31, VECTOR);
}

/** The calibrating kernel: 12 independent chains of multiply-adds and nothing else, 24 lanes<T>() operations a turn. */
export function peak<T>(turns: i32, p: usize): void {
  const x = v128.load(p);
  const y = v128.load(p, VECTOR);
  let s0 = x;
  let s1 = x;
  let s2 = x;
  let s3 = x;
  let s4 = x;
  let s5 = x;
  let s6 = x;
  let s7 = x;
  let s8 = x;
  let s9 = x;
  let s10 = x;
  let s11 = x;
  for (let i = 0; i < turns; i++) {
    s0 = multiplyAdd<T>(s0, x, y);
    s1 = multiplyAdd<T>(s1, x, y);
    s2 = multiplyAdd<T>(s2, x, y);
    s3 = multiplyAdd<T>(s3, x, y);
    s4 = multiplyAdd<T>(s4, x, y);
    s5 = multiplyAdd<T>(s5, x, y);
    s6 = multiplyAdd<T>(s6, x, y);
    s7 = multiplyAdd<T>(s7, x, y);
    s8 = multiplyAdd<T>(s8, x, y);
    s9 = multiplyAdd<T>(s9, x, y);
    s10 = multiplyAdd<T>(s10, x, y);
    s11 = multiplyAdd<T>(s11, x, y);
  }
  s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3));
  s4 = v128.add<T>(v128.add<T>(s4, s5), v128.add<T>(s6, s7));
  s8 = v128.add<T>(v128.add<T>(s8, s9), v128.add<T>(s10, s11));
  v128.store(p, v128.add<T>(s0, v128.add<T>(s4, s8)));
}
