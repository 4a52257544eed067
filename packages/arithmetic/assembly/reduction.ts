import { exp } from "./exponential";
import { log } from "./logarithm";
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

/** The largest element of a row, or NaN. */
function largest<T>(a: usize, aColumn: usize, columns: i32): T {
  let best = load<T>(a);
  let n = columns;
  if (aColumn == sizeof<T>()) {
    let v = v128.splat<T>(best);
    for (; n >= lanes<T>(); n -= lanes<T>()) {
      v = v128.max<T>(v, v128.load(a));
      a += VECTOR;
    }
    best = max<T>(v128.extract_lane<T>(v, 0), v128.extract_lane<T>(v, 1));
    if (sizeof<T>() == 4) {
      best = max<T>(best, max<T>(v128.extract_lane<T>(v, 2), v128.extract_lane<T>(v, 3)));
    }
  }
  for (; n > 0; n--) {
    best = max<T>(best, load<T>(a));
    a += aColumn;
  }
  return best;
}

/** Σ e^(a - shift) in ascending order; the terms go to out, if it is not 0. */
function sumOfExponentials<T>(out: usize, oColumn: usize, a: usize, aColumn: usize, columns: i32, shift: T): T {
  const keeps = out != 0;
  const isContiguous = aColumn == sizeof<T>() && (!keeps || oColumn == sizeof<T>());
  const count = isContiguous ? lanes<T>() : 1;
  const oStep = isContiguous ? VECTOR : oColumn;
  const aStep = isContiguous ? VECTOR : aColumn;
  const by = v128.splat<T>(shift);
  let total: T = 0;
  for (let n = columns; n > 0; n -= count) {
    const x = isContiguous ? v128.load(a) : v128.load_splat<T>(a);
    const e = exp<T>(v128.sub<T>(x, by));
    const valid = min(n, count);
    if (keeps) storePart<T>(out, e, valid);
    total += v128.extract_lane<T>(e, 0);
    if (valid > 1) total += v128.extract_lane<T>(e, 1);
    if (sizeof<T>() == 4) {
      if (valid > 2) total += v128.extract_lane<T>(e, 2);
      if (valid > 3) total += v128.extract_lane<T>(e, 3);
    }
    out += oStep;
    a += aStep;
  }
  return total;
}

/** Softmax of each row: e^(a - max) over its sum. Strides in bytes. */
export function softmax<T>(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  const isContiguous = oColumn == sizeof<T>();
  const count = isContiguous ? lanes<T>() : 1;
  for (let m = 0; m < rows; m++) {
    const shift = largest<T>(a, aColumn, columns);
    const total = v128.splat<T>(sumOfExponentials<T>(out, oColumn, a, aColumn, columns, shift));
    let o = out;
    for (let n = columns; n > 0; n -= count) {
      storePart<T>(o, v128.div<T>(isContiguous ? v128.load(o) : v128.load_splat<T>(o), total), min(n, count));
      o += isContiguous ? VECTOR : oColumn;
    }
    out += oRow;
    a += aRow;
  }
}

/** log Σ eᵃ of each row: max + log Σ e^(a - max), or max itself where it is infinite or NaN. Strides in bytes. */
export function logSumExp<T>(
  out: usize,
  oRow: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  for (let m = 0; m < rows; m++) {
    const shift = largest<T>(a, aColumn, columns);
    let result = shift;
    if (isFinite<T>(shift)) {
      const total = sumOfExponentials<T>(0, 0, a, aColumn, columns, shift);
      result = shift + v128.extract_lane<T>(log<T>(v128.splat<T>(total)), 0);
    }
    store<T>(out, result);
    out += oRow;
    a += aRow;
  }
}
