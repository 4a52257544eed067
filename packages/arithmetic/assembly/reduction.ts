import { lanes, storePart, VECTOR } from "./vector";

/** out ← (out +) Σ a over two axes, in row-major order of a: an axis along which out has stride 0 is summed. Strides in bytes. */
export function sum<T>(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
  accumulate: bool,
): void {
  if (oColumn == sizeof<T>() && aColumn == sizeof<T>() && oRow == 0) {
    sumOfRows<T>(out, a, aRow, rows, columns, accumulate);
    return;
  }
  for (let m = 0; m < rows; m++) {
    const adds = accumulate || (m > 0 && oRow == 0);
    let o = out;
    let i = a;
    if (oColumn == 0) {
      let total: T = adds ? load<T>(o) : 0;
      for (let n = 0; n < columns; n++) {
        total += load<T>(i);
        i += aColumn;
      }
      store<T>(o, total);
    } else {
      for (let n = 0; n < columns; n++) {
        store<T>(o, (adds ? load<T>(o) : 0) + load<T>(i));
        o += oColumn;
        i += aColumn;
      }
    }
    out += oRow;
    a += aRow;
  }
}

/** Four vectors of columns at a time, their sums in registers while the rows pass by in ascending order. */
function sumOfRows<T>(out: usize, a: usize, aRow: usize, rows: i32, columns: i32, accumulate: bool): void {
  const count = lanes<T>();
  let n = columns;
  for (; n >= 4 * count; n -= 4 * count) {
    let s0 = v128.splat<T>(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    if (accumulate) {
      s0 = v128.load(out);
      s1 = v128.load(out, VECTOR);
      s2 = v128.load(out, 2 * VECTOR);
      s3 = v128.load(out, 3 * VECTOR);
    }
    let i = a;
    for (let m = 0; m < rows; m++) {
      s0 = v128.add<T>(s0, v128.load(i));
      s1 = v128.add<T>(s1, v128.load(i, VECTOR));
      s2 = v128.add<T>(s2, v128.load(i, 2 * VECTOR));
      s3 = v128.add<T>(s3, v128.load(i, 3 * VECTOR));
      i += aRow;
    }
    v128.store(out, s0);
    v128.store(out, s1, VECTOR);
    v128.store(out, s2, 2 * VECTOR);
    v128.store(out, s3, 3 * VECTOR);
    out += 4 * VECTOR;
    a += 4 * VECTOR;
  }
  for (; n > 0; n -= count) {
    let s = accumulate ? v128.load(out) : v128.splat<T>(0);
    let i = a;
    for (let m = 0; m < rows; m++) {
      s = v128.add<T>(s, v128.load(i));
      i += aRow;
    }
    storePart<T>(out, s, min(n, count));
    out += VECTOR;
    a += VECTOR;
  }
}
