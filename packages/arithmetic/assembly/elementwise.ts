import { Constant, constant } from "./constants";
import { exp, sigmoid, tanh } from "./exponential";
import { log, log1p } from "./logarithm";
import { lanes, storePart, VECTOR } from "./vector";

/** Unary operations by their place in the list of src/simd/operation-numbers.ts. */
@inline
function applyUnary<T>(operation: i32, x: v128): v128 {
  switch (operation) {
    case 0: return v128.neg<T>(x);
    case 1: return v128.mul<T>(x, x);
    case 2: return v128.sub<T>(constant<T>(Constant.one), x);
    case 3: return v128.div<T>(constant<T>(Constant.one), x);
    case 4: return tanh<T>(x);
    case 5: return sigmoid<T>(x);
    case 6: return exp<T>(x);
    case 7: return log<T>(x);
    case 8: return v128.sqrt<T>(x);
    case 9: return v128.max<T>(x, v128.splat<T>(0));
    case 10: return step<T>(x);
    case 11: {
      const zero = v128.splat<T>(0);
      const isPositive = v128.and(constant<T>(Constant.one), v128.gt<T>(x, zero));
      const isNegative = v128.and(v128.neg<T>(constant<T>(Constant.one)), v128.lt<T>(x, zero));
      return v128.bitselect(v128.or(isPositive, isNegative), x, v128.eq<T>(x, x));
    }
    case 12: return log1p<T>(x);
    default: return x;
  }
}

/** 1 where x > 0, NaN where it is, else 0. */
@inline
function step<T>(x: v128): v128 {
  const isPositive = v128.and(constant<T>(Constant.one), v128.gt<T>(x, v128.splat<T>(0)));
  return v128.bitselect(isPositive, x, v128.eq<T>(x, x));
}

/** Binary operations by their place in the list of src/simd/operation-numbers.ts. */
@inline
function applyBinary<T>(operation: i32, x: v128, y: v128): v128 {
  switch (operation) {
    case 0: return v128.add<T>(x, y);
    case 1: return v128.sub<T>(x, y);
    case 2: return v128.mul<T>(x, y);
    case 3: return v128.div<T>(x, y);
    case 4: return v128.max<T>(x, y);
    case 5: return v128.mul<T>(v128.sub<T>(constant<T>(Constant.one), v128.mul<T>(x, x)), y);
    default: return v128.mul<T>(step<T>(x), y);
  }
}

/**
 * One row, a vector at a time where the elements are contiguous and else one by one, always by the same instructions:
 * where an element lies does not change its bits. A last part of a vector is read whole and written in part.
 */
@inline
function unaryRow<T>(operation: i32, out: usize, oColumn: usize, a: usize, aColumn: usize, columns: i32): void {
  let n = columns;
  if (oColumn != sizeof<T>() || aColumn != sizeof<T>()) {
    for (; n > 0; n--) {
      storePart<T>(out, applyUnary<T>(operation, v128.load_splat<T>(a)), 1);
      out += oColumn;
      a += aColumn;
    }
    return;
  }
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(out, applyUnary<T>(operation, v128.load(a)));
    out += VECTOR;
    a += VECTOR;
  }
  if (n > 0) storePart<T>(out, applyUnary<T>(operation, v128.load(a)), n);
}

/** {@link unaryRow} of two operands, each contiguous or one repeated element where vectors are to be used. */
@inline
function binaryRow<T>(
  operation: i32,
  out: usize,
  oColumn: usize,
  a: usize,
  aColumn: usize,
  b: usize,
  bColumn: usize,
  columns: i32,
): void {
  let n = columns;
  const isWhole = oColumn == sizeof<T>();
  if (isWhole && aColumn == sizeof<T>() && bColumn == sizeof<T>()) {
    for (; n >= lanes<T>(); n -= lanes<T>()) {
      v128.store(out, applyBinary<T>(operation, v128.load(a), v128.load(b)));
      out += VECTOR;
      a += VECTOR;
      b += VECTOR;
    }
  } else if (isWhole && aColumn == sizeof<T>() && bColumn == 0) {
    const y = v128.load_splat<T>(b);
    for (; n >= lanes<T>(); n -= lanes<T>()) {
      v128.store(out, applyBinary<T>(operation, v128.load(a), y));
      out += VECTOR;
      a += VECTOR;
    }
  }
  for (; n > 0; n--) {
    storePart<T>(out, applyBinary<T>(operation, v128.load_splat<T>(a), v128.load_splat<T>(b)), 1);
    out += oColumn;
    a += aColumn;
    b += bColumn;
  }
}

/** out ← (out + a) + b in every row; all contiguous but for what is between the rows of out. */
export function addRows<T>(out: usize, oRow: usize, a: usize, b: usize, rows: i32, columns: i32): void {
  const width = <usize>columns * sizeof<T>();
  const whole = width & ~(VECTOR - 1);
  for (let m = 0; m < rows; m++) {
    for (let i: usize = 0; i < whole; i += VECTOR) {
      v128.store(out + i, v128.add<T>(v128.add<T>(v128.load(out + i), v128.load(a + i)), v128.load(b + i)));
    }
    for (let i = whole; i < width; i += sizeof<T>()) {
      store<T>(out + i, load<T>(out + i) + load<T>(a + i) + load<T>(b + i));
    }
    out += oRow;
  }
}

@inline
function unaryRows<T>(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  for (let m = 0; m < rows; m++) {
    unaryRow<T>(operation, out, oColumn, a, aColumn, columns);
    out += oRow;
    a += aRow;
  }
}

@inline
function binaryRows<T>(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
): void {
  for (let m = 0; m < rows; m++) {
    binaryRow<T>(operation, out, oColumn, a, aColumn, b, bColumn, columns);
    out += oRow;
    a += aRow;
    b += bRow;
  }
}

/** out ← f(a) over two axes; strides in bytes. Each operation has a loop of its own. */
export function unary<T>(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  switch (operation) {
    case 0: return unaryRows<T>(0, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 1: return unaryRows<T>(1, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 2: return unaryRows<T>(2, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 3: return unaryRows<T>(3, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 4: return unaryRows<T>(4, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 5: return unaryRows<T>(5, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 6: return unaryRows<T>(6, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 7: return unaryRows<T>(7, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 8: return unaryRows<T>(8, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 9: return unaryRows<T>(9, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 10: return unaryRows<T>(10, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 11: return unaryRows<T>(11, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    case 12: return unaryRows<T>(12, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
    default: return unaryRows<T>(13, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
  }
}

/** out ← f(a, b) over two axes; strides in bytes. */
export function binary<T>(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
): void {
  switch (operation) {
    case 0: return binaryRows<T>(0, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
    case 1: return binaryRows<T>(1, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
    case 2: return binaryRows<T>(2, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
    case 3: return binaryRows<T>(3, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
    case 4: return binaryRows<T>(4, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
    case 5: return binaryRows<T>(5, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
    default: return binaryRows<T>(6, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
  }
}
