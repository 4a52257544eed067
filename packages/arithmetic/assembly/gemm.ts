import { fourRows, oneRow, sixRows } from "./micro-kernels";
import { packPanel } from "./panel";
import { lanes, VECTOR } from "./vector";

/** Rows of a panel of b: with 2 vectors to a row it is 8 kB, a quarter of a first-level cache. */
const PANEL_ROWS: i32 = 256;
/** Elements of a that stay in the second-level cache while the columns of b pass by. */
const BLOCK_ELEMENTS: i32 = 32768;
/** From these on it pays to pack a panel of b whose rows are contiguous, and a block of a whose rows are not. */
const PACKED_INNER: i32 = 96;
const PACKED_ROWS: i32 = 24;
const PACKED_COLUMNS: i32 = 32;

/** Where in the scratch a panel of b begins, behind a block of the product; and a block of a, behind a panel at its widest. */
const PANEL: usize = 256;
const BLOCK: usize = PANEL + <usize>PANEL_ROWS * 8 * VECTOR;

/** Bytes of scratch that {@link gemm} needs. */
@inline
export const GEMM_SCRATCH: i32 = <i32>BLOCK + (BLOCK_ELEMENTS + 16 * PANEL_ROWS) * 8;

/**
 * out [rows, columns] ← (out +) a [rows, inner] b [inner, columns]; strides in bytes.
 *
 * Each element of out is one accumulator over ascending k, starting from 0 or from out. Vectors run along columns; where
 * out's columns are not contiguous, or a block is not whole, the block is computed in scratch.
 */
export function gemm<T>(
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
  inner: i32,
  accumulate: bool,
  scratch: usize,
): void {
  if (oColumn != sizeof<T>() && oRow == sizeof<T>()) {
    // outᵀ ← bᵀ aᵀ has contiguous columns, and the same products in the same order.
    gemm<T>(out, oColumn, oRow, b, bColumn, bRow, a, aColumn, aRow, columns, rows, inner, accumulate, scratch);
    return;
  }
  const isRow = rows < 4;
  const width: usize = isRow ? 8 * VECTOR : 2 * VECTOR;
  const columnsAtOnce = (isRow ? 8 : 2) * lanes<T>();
  const packsB = bColumn != sizeof<T>() || (inner >= PACKED_INNER && rows >= PACKED_ROWS);
  const packsA = aColumn != sizeof<T>() && rows >= 4 && inner >= PACKED_INNER && columns >= PACKED_COLUMNS;
  const innerAtOnce = packsA || packsB ? PANEL_ROWS : max(inner, 1);
  const rowsAtOnce = max(48, (BLOCK_ELEMENTS / max(min(inner, innerAtOnce), 1) / 12) * 12);
  let k = 0;
  do {
    const depth = min(innerAtOnce, inner - k);
    const adds = accumulate || k > 0;
    for (let m = 0; m < rows; ) {
      // No rest of fewer than four rows: the kernels read at least three.
      const height = rows - m < rowsAtOnce + 4 ? rows - m : rowsAtOnce;
      let left = a + <usize>m * aRow + <usize>k * aColumn;
      let leftRow = aRow;
      let leftStep = aColumn;
      if (packsA) {
        leftRow = <usize>depth * sizeof<T>();
        leftStep = sizeof<T>();
        packPanel<T>(scratch + BLOCK, leftRow, left, aRow, aColumn, height, depth);
        left = scratch + BLOCK;
      }
      for (let n = 0; n < columns; n += columnsAtOnce) {
        const breadth = min(columnsAtOnce, columns - n);
        let right = b + <usize>k * bRow + <usize>n * bColumn;
        let rightStep = bRow;
        if (packsB) {
          packPanel<T>(scratch + PANEL, width, right, bRow, bColumn, depth, breadth);
          right = scratch + PANEL;
          rightStep = width;
        }
        const whole = breadth == columnsAtOnce && oColumn == sizeof<T>();
        const to = out + <usize>m * oRow + <usize>n * oColumn;
        if (isRow) rowBlocks<T>(to, oRow, oColumn, left, leftRow, leftStep, right, rightStep, height, breadth, depth, adds, whole, scratch);
        else columnPair<T>(to, oRow, oColumn, left, leftRow, leftStep, right, rightStep, height, breadth, depth, adds, whole, scratch);
      }
      m += height;
    }
    k += depth;
  } while (k < inner);
}

/** Bytes of a b that {@link packColumns} has packed: whole vectors, two by two. */
@inline
export function packedBytes<T>(inner: i32, columns: i32): i32 {
  const atOnce = 2 * lanes<T>();
  return ((columns + atOnce - 1) / atOnce) * atOnce * inner * sizeof<T>();
}

/** All of b as {@link gemmPacked} takes it: blocks of PANEL_ROWS rows, each two vectors of columns after the other. */
export function packColumns<T>(packed: usize, b: usize, bRow: usize, bColumn: usize, inner: i32, columns: i32): void {
  const atOnce = 2 * lanes<T>();
  for (let k = 0; k < inner; k += PANEL_ROWS) {
    const depth = min(PANEL_ROWS, inner - k);
    for (let n = 0; n < columns; n += atOnce) {
      const from = b + <usize>k * bRow + <usize>n * bColumn;
      packPanel<T>(packed, 2 * VECTOR, from, bRow, bColumn, depth, min(atOnce, columns - n));
      packed += <usize>depth * 2 * VECTOR;
    }
  }
}

/** out ← out + a b for a b that {@link packColumns} has packed; columns of out and a contiguous, at least 4 rows. */
export function gemmPacked<T>(
  out: usize,
  oRow: usize,
  a: usize,
  aRow: usize,
  packed: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  scratch: usize,
): void {
  const atOnce = 2 * lanes<T>();
  for (let k = 0; k < inner; k += PANEL_ROWS) {
    const depth = min(PANEL_ROWS, inner - k);
    for (let n = 0; n < columns; n += atOnce) {
      const breadth = min(atOnce, columns - n);
      const to = out + <usize>n * sizeof<T>();
      columnPair<T>(to, oRow, sizeof<T>(), a, aRow, sizeof<T>(), packed, 2 * VECTOR, rows, breadth, depth, true, breadth == atOnce, scratch);
      packed += <usize>depth * 2 * VECTOR;
    }
    a += <usize>depth * sizeof<T>();
  }
}

/** All rows of two vectors of columns, by sixes and fours; an odd last row is computed twice, the second time in scratch. */
function columnPair<T>(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: bool,
  whole: bool,
  scratch: usize,
): void {
  let left = rows;
  while (left > 0) {
    const even = left + (left & 1);
    const size = even % 6 == 0 || even > 8 ? 6 : 4;
    const valid = min(size, left);
    const last = a + <usize>(valid - 1) * aRow;
    const direct = whole && valid == size;
    if (!direct && accumulate) gather<T>(scratch, 2 * VECTOR, out, oRow, oColumn, valid, columns);
    const c = direct ? out : scratch;
    const cRow = direct ? oRow : 2 * VECTOR;
    if (size == 6) sixRows<T>(a, last, aRow, aColumn, b, bStep, c, cRow, inner, accumulate);
    else fourRows<T>(a, last, aRow, aColumn, b, bStep, c, cRow, inner, accumulate);
    if (!direct) scatter<T>(out, oRow, oColumn, scratch, 2 * VECTOR, valid, columns);
    out += <usize>valid * oRow;
    a += <usize>valid * aRow;
    left -= valid;
  }
}

/** Fewer than four rows, each by eight vectors of columns. */
function rowBlocks<T>(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: bool,
  whole: bool,
  scratch: usize,
): void {
  for (let m = 0; m < rows; m++) {
    if (!whole && accumulate) gather<T>(scratch, 0, out, 0, oColumn, 1, columns);
    oneRow<T>(a, aColumn, b, bStep, whole ? out : scratch, inner, accumulate);
    if (!whole) scatter<T>(out, 0, oColumn, scratch, 0, 1, columns);
    out += oRow;
    a += aRow;
  }
}

/** block, its rows `width` bytes apart, ← out; the rest of the block stays as it is. */
function gather<T>(block: usize, width: usize, out: usize, oRow: usize, oColumn: usize, rows: i32, columns: i32): void {
  for (let m = 0; m < rows; m++) {
    for (let n = 0; n < columns; n++) store<T>(block + <usize>n * sizeof<T>(), load<T>(out + <usize>n * oColumn));
    block += width;
    out += oRow;
  }
}

/** out ← block, its rows `width` bytes apart. */
function scatter<T>(out: usize, oRow: usize, oColumn: usize, block: usize, width: usize, rows: i32, columns: i32): void {
  for (let m = 0; m < rows; m++) {
    for (let n = 0; n < columns; n++) store<T>(out + <usize>n * oColumn, load<T>(block + <usize>n * sizeof<T>()));
    block += width;
    out += oRow;
  }
}
