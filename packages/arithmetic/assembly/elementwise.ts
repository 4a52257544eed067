import { exp, sigmoid, tanh } from "./exponential";
import { log, log1p } from "./logarithm";
import { lanes, storePart, VECTOR } from "./vector";

/** Unary operations by their place in the list of src/simd/operations.ts. */
@inline
function applyUnary<T>(operation: i32, x: v128): v128 {
  switch (operation) {
    case 0: return v128.neg<T>(x);
    case 1: return v128.mul<T>(x, x);
    case 2: return v128.sub<T>(v128.splat<T>(1), x);
    case 3: return v128.div<T>(v128.splat<T>(1), x);
    case 4: return tanh<T>(x);
    case 5: return sigmoid<T>(x);
    case 6: return exp<T>(x);
    case 7: return log<T>(x);
    case 8: return v128.sqrt<T>(x);
    case 9: return v128.max<T>(x, v128.splat<T>(0));
    case 10: {
      const zero = v128.splat<T>(0);
      const isPositive = v128.and(v128.splat<T>(1), v128.gt<T>(x, zero));
      return v128.bitselect(isPositive, x, v128.eq<T>(x, x));
    }
    case 11: {
      const zero = v128.splat<T>(0);
      const isPositive = v128.and(v128.splat<T>(1), v128.gt<T>(x, zero));
      const isNegative = v128.and(v128.splat<T>(-1), v128.lt<T>(x, zero));
      return v128.bitselect(v128.or(isPositive, isNegative), x, v128.eq<T>(x, x));
    }
    case 12: return log1p<T>(x);
    default: return x;
  }
}

/** Binary operations by their place in the list of src/simd/operations.ts. */
@inline
function applyBinary<T>(operation: i32, x: v128, y: v128): v128 {
  switch (operation) {
    case 0: return v128.add<T>(x, y);
    case 1: return v128.sub<T>(x, y);
    case 2: return v128.mul<T>(x, y);
    case 3: return v128.div<T>(x, y);
    default: return v128.max<T>(x, y);
  }
}

/**
 * One row, a vector at a time where the elements are contiguous and else one by one, always by the same instructions:
 * where an element lies does not change its bits. A last part of a vector is read whole and written in part.
 */
@inline
function unaryRow<T>(operation: i32, out: usize, oColumn: usize, a: usize, aColumn: usize, columns: i32): void {
  const isContiguous = oColumn == sizeof<T>() && aColumn == sizeof<T>();
  const count = isContiguous ? lanes<T>() : 1;
  const oStep = isContiguous ? VECTOR : oColumn;
  const aStep = isContiguous ? VECTOR : aColumn;
  for (let n = columns; n > 0; n -= count) {
    const x = isContiguous ? v128.load(a) : v128.load_splat<T>(a);
    const y = applyUnary<T>(operation, x);
    if (isContiguous && n >= count) v128.store(out, y);
    else storePart<T>(out, y, min(n, count));
    out += oStep;
    a += aStep;
  }
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
  const isContiguous =
    oColumn == sizeof<T>() && (aColumn == sizeof<T>() || aColumn == 0) && (bColumn == sizeof<T>() || bColumn == 0);
  const count = isContiguous ? lanes<T>() : 1;
  const oStep = isContiguous ? VECTOR : oColumn;
  const loadsA = isContiguous && aColumn != 0;
  const loadsB = isContiguous && bColumn != 0;
  const aStep = loadsA ? VECTOR : aColumn;
  const bStep = loadsB ? VECTOR : bColumn;
  for (let n = columns; n > 0; n -= count) {
    const x = loadsA ? v128.load(a) : v128.load_splat<T>(a);
    const y = loadsB ? v128.load(b) : v128.load_splat<T>(b);
    const z = applyBinary<T>(operation, x, y);
    if (isContiguous && n >= count) v128.store(out, z);
    else storePart<T>(out, z, min(n, count));
    out += oStep;
    a += aStep;
    b += bStep;
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
    default: return binaryRows<T>(4, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
  }
}
