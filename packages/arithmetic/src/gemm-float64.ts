import type { Tensor } from "./tensor.ts";

/**
 * out [M, N] ← out + a [M, K] b [K, N] in float64.
 *
 * Blocks of 2 by 2 keep their sums in registers; each is one accumulator over ascending k, so the block an element falls
 * into does not change its bits. A block at the edge has its last row or column twice. Columns are the outer loop: two
 * columns of b stay in the cache while the rows of a pass by. Its twin for float32 is gemm-float32.ts, apart so that each
 * sees one kind of typed array.
 */
export function gemmFloat64(out: Tensor<Float64Array>, a: Tensor<Float64Array>, b: Tensor<Float64Array>): void {
  const [o, x, y] = [out.store, a.store, b.store];
  const [rows, columns] = out.shape;
  const [oRow, oColumn] = out.strides;
  const [aRow, aInner] = a.strides;
  const [bInner, bColumn] = b.strides;
  const inner = a.shape[1];
  for (let n = 0; n < columns; n += 2) {
    for (let m = 0; m < rows; m += 2) {
      const toRow = m + 1 < rows ? oRow : 0;
      const toColumn = n + 1 < columns ? oColumn : 0;
      const o00 = out.offset + m * oRow + n * oColumn;
      const o10 = o00 + toRow;
      let s00 = o[o00];
      let s01 = o[o00 + toColumn];
      let s10 = o[o10];
      let s11 = o[o10 + toColumn];
      let i = a.offset + m * aRow;
      let j = b.offset + n * bColumn;
      const toI = m + 1 < rows ? aRow : 0;
      const toJ = n + 1 < columns ? bColumn : 0;
      for (let k = 0; k < inner; k++) {
        const x0 = x[i];
        const x1 = x[i + toI];
        const y0 = y[j];
        const y1 = y[j + toJ];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
        i += aInner;
        j += bInner;
      }
      o[o00] = s00;
      o[o00 + toColumn] = s01;
      o[o10] = s10;
      o[o10 + toColumn] = s11;
    }
  }
}
