import { exp } from "./exponential";
import { log } from "./logarithm";
import { lanes, storePart, VECTOR } from "./vector";

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

/** Columns of {@link ROWS_AT_ONCE} rows of exponentials that log-sum-exp keeps while it adds them. */
const CHUNK: usize = 256;
const ROWS_AT_ONCE: usize = 4;

/** out ← e^(a - shift), both contiguous, in whole vectors but for the last. */
@inline
function exponentials<T>(out: usize, a: usize, columns: i32, shift: T): void {
  const by = v128.splat<T>(shift);
  let n = columns;
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(out, exp<T>(v128.sub<T>(v128.load(a), by)));
    out += VECTOR;
    a += VECTOR;
  }
  if (n > 0) storePart<T>(out, exp<T>(v128.sub<T>(v128.load(a), by)), n);
}

/** totals[i] ← totals[i] + Σ of a row in ascending order, for four rows at once: four sums that do not wait for each other. */
function addFourRows<T>(totals: usize, a: usize, aRow: usize, columns: i32): void {
  const size: usize = sizeof<T>();
  let t0 = load<T>(totals);
  let t1 = load<T>(totals + size);
  let t2 = load<T>(totals + 2 * size);
  let t3 = load<T>(totals + 3 * size);
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let n = 0; n < columns; n++) {
    t0 += load<T>(a);
    t1 += load<T>(a1);
    t2 += load<T>(a2);
    t3 += load<T>(a3);
    a += size;
    a1 += size;
    a2 += size;
    a3 += size;
  }
  store<T>(totals, t0);
  store<T>(totals + size, t1);
  store<T>(totals + 2 * size, t2);
  store<T>(totals + 3 * size, t3);
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

/**
 * The largest element of a contiguous row, or NaN: by instructions that pass over NaN, which is then in the sum of the
 * exponentials; only where the largest is infinite would that not show.
 */
@inline
function shiftOf<T>(a: usize, columns: i32): T {
  let best = load<T>(a);
  let p = a;
  let n = columns;
  let v = v128.splat<T>(best);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v = v128.pmax<T>(v, v128.load(p));
    p += VECTOR;
  }
  best = max<T>(v128.extract_lane<T>(v, 0), v128.extract_lane<T>(v, 1));
  if (sizeof<T>() == 4) best = max<T>(best, max<T>(v128.extract_lane<T>(v, 2), v128.extract_lane<T>(v, 3)));
  for (; n > 0; n--) {
    best = max<T>(best, load<T>(p));
    p += sizeof<T>();
  }
  return isFinite<T>(best) ? best : largest<T>(a, sizeof<T>(), columns);
}

/**
 * Softmax of each row: e^(a - max) over its sum; and where logs is not 0, log Σ eᵃ as {@link logSumExp} has it. Strides in
 * bytes.
 */
export function softmax<T>(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
  logs: usize,
  logRow: usize,
  scratch: usize,
): void {
  const shifts = scratch + 64;
  let m = <usize>rows;
  if (oColumn == sizeof<T>() && aColumn == sizeof<T>()) {
    for (; m >= ROWS_AT_ONCE; m -= ROWS_AT_ONCE) {
      for (let i: usize = 0; i < ROWS_AT_ONCE; i++) {
        const row = a + i * aRow;
        const shift = shiftOf<T>(row, columns);
        store<T>(scratch + i * sizeof<T>(), 0);
        store<T>(shifts + i * sizeof<T>(), shift);
        exponentials<T>(out + i * oRow, row, columns, shift);
      }
      addFourRows<T>(scratch, out, oRow, columns);
      for (let i: usize = 0; logs != 0 && i < ROWS_AT_ONCE; i++) {
        storeLogarithm<T>(logs, load<T>(shifts + i * sizeof<T>()), load<T>(scratch + i * sizeof<T>()));
        logs += logRow;
      }
      for (let i: usize = 0; i < ROWS_AT_ONCE; i++) divideRow<T>(out + i * oRow, oColumn, columns, load<T>(scratch + i * sizeof<T>()));
      out += ROWS_AT_ONCE * oRow;
      a += ROWS_AT_ONCE * aRow;
    }
  }
  for (; m > 0; m--) {
    const shift = largest<T>(a, aColumn, columns);
    const total = sumOfExponentials<T>(out, oColumn, a, aColumn, columns, shift);
    divideRow<T>(out, oColumn, columns, total);
    if (logs != 0) storeLogarithm<T>(logs, shift, total);
    logs += logs != 0 ? logRow : 0;
    out += oRow;
    a += aRow;
  }
}

function divideRow<T>(out: usize, oColumn: usize, columns: i32, by: T): void {
  const total = v128.splat<T>(by);
  let n = columns;
  if (oColumn == sizeof<T>()) {
    for (; n >= lanes<T>(); n -= lanes<T>()) {
      v128.store(out, v128.div<T>(v128.load(out), total));
      out += VECTOR;
    }
  }
  for (; n > 0; n--) {
    store<T>(out, load<T>(out) / by);
    out += oColumn;
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
  scratch: usize,
): void {
  const size: usize = sizeof<T>();
  const shifts = scratch + 64;
  const terms = scratch + 128;
  let m = <usize>rows;
  if (aColumn == size) {
    for (; m >= ROWS_AT_ONCE; m -= ROWS_AT_ONCE) {
      for (let i: usize = 0; i < ROWS_AT_ONCE; i++) {
        store<T>(scratch + i * size, 0);
        store<T>(shifts + i * size, shiftOf<T>(a + i * aRow, columns));
      }
      for (let n = 0; n < columns; n += <i32>CHUNK) {
        const count = min(<i32>CHUNK, columns - n);
        for (let i: usize = 0; i < ROWS_AT_ONCE; i++) {
          exponentials<T>(terms + i * CHUNK * size, a + i * aRow + <usize>n * size, count, load<T>(shifts + i * size));
        }
        addFourRows<T>(scratch, terms, CHUNK * size, count);
      }
      for (let i: usize = 0; i < ROWS_AT_ONCE; i++) {
        storeLogarithm<T>(out, load<T>(shifts + i * size), load<T>(scratch + i * size));
        out += oRow;
      }
      a += ROWS_AT_ONCE * aRow;
    }
  }
  for (; m > 0; m--) {
    const shift = largest<T>(a, aColumn, columns);
    storeLogarithm<T>(out, shift, sumOfExponentials<T>(0, 0, a, aColumn, columns, shift));
    out += oRow;
    a += aRow;
  }
}

@inline
function storeLogarithm<T>(out: usize, shift: T, total: T): void {
  const sum = shift + v128.extract_lane<T>(log<T>(v128.splat<T>(total)), 0);
  store<T>(out, isFinite<T>(shift) ? sum : shift);
}
