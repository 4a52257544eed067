import { lanes, multiplyAdd, storePart, VECTOR } from "./vector";

/** c ← (c +) a b for one row by 8 vectors: one accumulator per sum over ascending k, steps of k in bytes. */
export function oneRow<T>(
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  inner: i32,
  accumulate: bool,
): void {
  let s0 = v128.splat<T>(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c, VECTOR);
    s2 = v128.load(c, 2 * VECTOR);
    s3 = v128.load(c, 3 * VECTOR);
    s4 = v128.load(c, 4 * VECTOR);
    s5 = v128.load(c, 5 * VECTOR);
    s6 = v128.load(c, 6 * VECTOR);
    s7 = v128.load(c, 7 * VECTOR);
  }
  for (let k = inner; k > 0; k--) {
    const x = v128.load_splat<T>(a);
    s0 = multiplyAdd<T>(x, v128.load(b), s0);
    s1 = multiplyAdd<T>(x, v128.load(b, VECTOR), s1);
    s2 = multiplyAdd<T>(x, v128.load(b, 2 * VECTOR), s2);
    s3 = multiplyAdd<T>(x, v128.load(b, 3 * VECTOR), s3);
    s4 = multiplyAdd<T>(x, v128.load(b, 4 * VECTOR), s4);
    s5 = multiplyAdd<T>(x, v128.load(b, 5 * VECTOR), s5);
    s6 = multiplyAdd<T>(x, v128.load(b, 6 * VECTOR), s6);
    s7 = multiplyAdd<T>(x, v128.load(b, 7 * VECTOR), s7);
    a += aStep;
    b += bStep;
  }
  v128.store(c, s0);
  v128.store(c, s1, VECTOR);
  v128.store(c, s2, 2 * VECTOR);
  v128.store(c, s3, 3 * VECTOR);
  v128.store(c, s4, 4 * VECTOR);
  v128.store(c, s5, 5 * VECTOR);
  v128.store(c, s6, 6 * VECTOR);
  v128.store(c, s7, 7 * VECTOR);
}

/** {@link oneRow} with 9 vectors, which leaves no single one behind the eights. */
export function nineVectors<T>(
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  inner: i32,
  accumulate: bool,
): void {
  let s0 = v128.splat<T>(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let s8 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c, VECTOR);
    s2 = v128.load(c, 2 * VECTOR);
    s3 = v128.load(c, 3 * VECTOR);
    s4 = v128.load(c, 4 * VECTOR);
    s5 = v128.load(c, 5 * VECTOR);
    s6 = v128.load(c, 6 * VECTOR);
    s7 = v128.load(c, 7 * VECTOR);
    s8 = v128.load(c, 8 * VECTOR);
  }
  for (let k = inner; k > 0; k--) {
    const x = v128.load_splat<T>(a);
    s0 = multiplyAdd<T>(x, v128.load(b), s0);
    s1 = multiplyAdd<T>(x, v128.load(b, VECTOR), s1);
    s2 = multiplyAdd<T>(x, v128.load(b, 2 * VECTOR), s2);
    s3 = multiplyAdd<T>(x, v128.load(b, 3 * VECTOR), s3);
    s4 = multiplyAdd<T>(x, v128.load(b, 4 * VECTOR), s4);
    s5 = multiplyAdd<T>(x, v128.load(b, 5 * VECTOR), s5);
    s6 = multiplyAdd<T>(x, v128.load(b, 6 * VECTOR), s6);
    s7 = multiplyAdd<T>(x, v128.load(b, 7 * VECTOR), s7);
    s8 = multiplyAdd<T>(x, v128.load(b, 8 * VECTOR), s8);
    a += aStep;
    b += bStep;
  }
  v128.store(c, s0);
  v128.store(c, s1, VECTOR);
  v128.store(c, s2, 2 * VECTOR);
  v128.store(c, s3, 3 * VECTOR);
  v128.store(c, s4, 4 * VECTOR);
  v128.store(c, s5, 5 * VECTOR);
  v128.store(c, s6, 6 * VECTOR);
  v128.store(c, s7, 7 * VECTOR);
  v128.store(c, s8, 8 * VECTOR);
}

/** {@link oneRow} with one or two vectors of which so many columns are stored. */
export function twoVectors<T>(
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  inner: i32,
  accumulate: bool,
  columns: i32,
): void {
  let s0 = v128.splat<T>(0);
  let s1 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c, VECTOR);
  }
  for (let k = inner; k > 0; k--) {
    const x = v128.load_splat<T>(a);
    s0 = multiplyAdd<T>(x, v128.load(b), s0);
    s1 = multiplyAdd<T>(x, v128.load(b, VECTOR), s1);
    a += aStep;
    b += bStep;
  }
  storePart<T>(c, s0, min(columns, lanes<T>()));
  if (columns > lanes<T>()) storePart<T>(c + VECTOR, s1, columns - lanes<T>());
}
