import type { Mode } from "./arithmetic.ts";
import type { Tensor } from "./tensor.ts";

/**
 * out [M, N] ← (out +) a [M, K] b [K, N] in float32: products and sums are rounded one by one.
 *
 * Blocks of 2 rows by 4 columns (1 by 4 in an odd last row) keep their sums in registers; each is one accumulator over ascending k, so the block
 * an element falls into does not change its bits. Columns are the outer loop: four columns of b stay in the cache while
 * the rows of a pass by. Its twin for float64 is gemm-float64.ts, apart so that each sees one kind of typed array.
 */
export function gemmFloat32(
  out: Tensor<Float32Array>,
  a: Tensor<Float32Array>,
  b: Tensor<Float32Array>,
  mode: Mode,
): void {
  const [rows, columns] = out.shape;
  const wholeRows = rows - (rows % 2);
  const wholeColumns = columns - (columns % 4);
  for (let n = 0; n < wholeColumns; n += 4) {
    for (let m = 0; m < wholeRows; m += 2) block(out, a, b, mode, m, n);
  }
  for (let n = 0; n < wholeColumns && wholeRows < rows; n += 4) row(out, a, b, mode, wholeRows, n);
  for (let m = 0; m < rows; m++) {
    for (let n = wholeColumns; n < columns; n++) element(out, a, b, mode, m, n);
  }
}

function block(
  out: Tensor<Float32Array>,
  a: Tensor<Float32Array>,
  b: Tensor<Float32Array>,
  mode: Mode,
  m: number,
  n: number,
): void {
  const [o, x, y] = [out.store, a.store, b.store];
  const oColumn = out.strides[1];
  const o0 = out.offset + m * out.strides[0] + n * oColumn;
  const o1 = o0 + out.strides[0];
  const inner = a.shape[1];
  const aInner = a.strides[1];
  const bInner = b.strides[0];
  const bColumn = b.strides[1];
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  if (mode === "accumulate") {
    s00 = o[o0];
    s01 = o[o0 + oColumn];
    s02 = o[o0 + 2 * oColumn];
    s03 = o[o0 + 3 * oColumn];
    s10 = o[o1];
    s11 = o[o1 + oColumn];
    s12 = o[o1 + 2 * oColumn];
    s13 = o[o1 + 3 * oColumn];
  }
  let i0 = a.offset + m * a.strides[0];
  let i1 = i0 + a.strides[0];
  let j0 = b.offset + n * bColumn;
  let j1 = j0 + bColumn;
  let j2 = j1 + bColumn;
  let j3 = j2 + bColumn;
  for (let k = 0; k < inner; k++) {
    const x0 = x[i0];
    const x1 = x[i1];
    const y0 = y[j0];
    const y1 = y[j1];
    const y2 = y[j2];
    const y3 = y[j3];
    s00 = Math.fround(s00 + Math.fround(x0 * y0));
    s01 = Math.fround(s01 + Math.fround(x0 * y1));
    s02 = Math.fround(s02 + Math.fround(x0 * y2));
    s03 = Math.fround(s03 + Math.fround(x0 * y3));
    s10 = Math.fround(s10 + Math.fround(x1 * y0));
    s11 = Math.fround(s11 + Math.fround(x1 * y1));
    s12 = Math.fround(s12 + Math.fround(x1 * y2));
    s13 = Math.fround(s13 + Math.fround(x1 * y3));
    i0 += aInner;
    i1 += aInner;
    j0 += bInner;
    j1 += bInner;
    j2 += bInner;
    j3 += bInner;
  }
  o[o0] = s00;
  o[o0 + oColumn] = s01;
  o[o0 + 2 * oColumn] = s02;
  o[o0 + 3 * oColumn] = s03;
  o[o1] = s10;
  o[o1 + oColumn] = s11;
  o[o1 + 2 * oColumn] = s12;
  o[o1 + 3 * oColumn] = s13;
}

function row(
  out: Tensor<Float32Array>,
  a: Tensor<Float32Array>,
  b: Tensor<Float32Array>,
  mode: Mode,
  m: number,
  n: number,
): void {
  const [o, x, y] = [out.store, a.store, b.store];
  const oColumn = out.strides[1];
  const o0 = out.offset + m * out.strides[0] + n * oColumn;
  const inner = a.shape[1];
  const aInner = a.strides[1];
  const bInner = b.strides[0];
  const bColumn = b.strides[1];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  if (mode === "accumulate") {
    s0 = o[o0];
    s1 = o[o0 + oColumn];
    s2 = o[o0 + 2 * oColumn];
    s3 = o[o0 + 3 * oColumn];
  }
  let i = a.offset + m * a.strides[0];
  let j0 = b.offset + n * bColumn;
  let j1 = j0 + bColumn;
  let j2 = j1 + bColumn;
  let j3 = j2 + bColumn;
  for (let k = 0; k < inner; k++) {
    const x0 = x[i];
    s0 = Math.fround(s0 + Math.fround(x0 * y[j0]));
    s1 = Math.fround(s1 + Math.fround(x0 * y[j1]));
    s2 = Math.fround(s2 + Math.fround(x0 * y[j2]));
    s3 = Math.fround(s3 + Math.fround(x0 * y[j3]));
    i += aInner;
    j0 += bInner;
    j1 += bInner;
    j2 += bInner;
    j3 += bInner;
  }
  o[o0] = s0;
  o[o0 + oColumn] = s1;
  o[o0 + 2 * oColumn] = s2;
  o[o0 + 3 * oColumn] = s3;
}

function element(
  out: Tensor<Float32Array>,
  a: Tensor<Float32Array>,
  b: Tensor<Float32Array>,
  mode: Mode,
  m: number,
  n: number,
): void {
  const [x, y] = [a.store, b.store];
  const o = out.offset + m * out.strides[0] + n * out.strides[1];
  let i = a.offset + m * a.strides[0];
  let j = b.offset + n * b.strides[1];
  let sum = mode === "accumulate" ? out.store[o] : 0;
  for (let k = 0; k < a.shape[1]; k++) {
    sum = Math.fround(sum + Math.fround(x[i] * y[j]));
    i += a.strides[1];
    j += b.strides[0];
  }
  out.store[o] = sum;
}
