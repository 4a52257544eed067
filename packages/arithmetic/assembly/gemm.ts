import { fewRows } from "./matrix-vector";
import { fourRows, sixRows } from "./micro-kernels";
import { packGroup, packPanel } from "./panel";
import { lanes, storePart, VECTOR } from "./vector";

/** Rows of a panel of b: with 2 vectors to a row it is 8 kB, a quarter of a first-level cache. */
const PANEL_ROWS: i32 = 256;
/** Columns of b whose panels are packed at once, and used by all rows of a: half of a second-level cache in float64. */
const PANEL_COLUMNS: i32 = 128;
/** Elements of a that stay in the second-level cache while the columns of b pass by. */
const BLOCK_ELEMENTS: i32 = 32768;
/** From these on it pays to pack panels of a b whose rows are contiguous, and blocks of an a whose rows are not. */
const PACKED_INNER: i32 = 96;
const PACKED_ROWS: i32 = 24;
const PACKED_COLUMNS: i32 = 32;

/** Where in the scratch panels of b begin, behind a block of the product; and a block of a, behind the panels. */
const PANELS: usize = 256;
const BLOCK: usize = PANELS + <usize>PANEL_ROWS * PANEL_COLUMNS * 8;

/** Bytes of scratch that {@link gemm} needs; a packed group may be 6 rows high for 1 that counts, and is stored in whole vectors. */
@inline
export const GEMM_SCRATCH: i32 = <i32>BLOCK + (BLOCK_ELEMENTS + 16 * PANEL_ROWS) * 8;

/**
 * out [rows, columns] ← (out +) a [rows, inner] b [inner, columns]; strides in bytes.
 *
 * Each element of out is one accumulator over ascending k, starting from 0 or from out. Vectors run along columns; where
 * out's columns are not contiguous, or a block is not whole, the block is computed in scratch. Where nothing is added to,
 * a last block that is not whole begins further ahead and computes some elements twice, to the same bits.
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
  const size: usize = sizeof<T>();
  if (rows < 4) {
    fewRows<T>(out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns, inner, accumulate, scratch);
    return;
  }
  // outᵀ ← bᵀ aᵀ are the same products in the same order.
  if (columns < 3) {
    fewRows<T>(out, oColumn, oRow, b, bColumn, bRow, a, aColumn, aRow, columns, rows, inner, accumulate, scratch);
    return;
  }
  if (oColumn != size && oRow == size) {
    gemm<T>(out, oColumn, oRow, b, bColumn, bRow, a, aColumn, aRow, columns, rows, inner, accumulate, scratch);
    return;
  }
  const atOnce = 2 * lanes<T>();
  const packsB = bColumn != size || (inner >= PACKED_INNER && rows >= PACKED_ROWS);
  const packsA = aColumn != size && inner >= PACKED_INNER && columns >= PACKED_COLUMNS;
  const innerAtOnce = packsA || packsB ? PANEL_ROWS : max(inner, 1);
  const rowsAtOnce = max(48, (BLOCK_ELEMENTS / max(min(inner, innerAtOnce), 1) / 12) * 12);
  const overlaps = !accumulate && inner <= innerAtOnce;
  for (let n = 0; n < columns; n += PANEL_COLUMNS) {
    const breadth = min(PANEL_COLUMNS, columns - n);
    let k = 0;
    do {
      const depth = min(innerAtOnce, inner - k);
      let right = b + <usize>k * bRow + <usize>n * bColumn;
      if (packsB) {
        packPanels<T>(scratch + PANELS, right, bRow, bColumn, depth, breadth, overlaps);
        right = scratch + PANELS;
      }
      for (let m = 0; m < rows; ) {
        // No rest of fewer than four rows: the kernels read at least three.
        const height = rows - m < rowsAtOnce + 4 ? rows - m : rowsAtOnce;
        let left = a + <usize>m * aRow + <usize>k * aColumn;
        if (packsA) {
          packGroups<T>(scratch + BLOCK, left, aRow, aColumn, height, depth, overlaps);
          left = scratch + BLOCK;
        }
        for (let p = 0; p < breadth; p += atOnce) {
          const from = panelStart(p, breadth, atOnce, overlaps);
          const to = out + <usize>m * oRow + <usize>(n + from) * oColumn;
          const panel = packsB ? right + <usize>p * depth * size : right + <usize>from * size;
          const bStep: usize = packsB ? 2 * VECTOR : bRow;
          columnPair<T>(to, oRow, oColumn, left, aRow, aColumn, packsA, panel, bStep, height, min(atOnce, breadth - from), depth, accumulate || k > 0, overlaps, scratch);
        }
        m += height;
      }
      k += depth;
    } while (k < inner);
  }
}

/** Where the panel of two vectors that is to begin at column p of so many does begin. */
@inline
function panelStart(p: i32, columns: i32, atOnce: i32, overlaps: bool): i32 {
  return overlaps && columns >= atOnce ? min(p, columns - atOnce) : p;
}

/** Rows of the next block of so many that are left: any even number of rows from 4 on is a sum of sixes and at most two fours. */
@inline
function blockHeight(left: i32): i32 {
  const even = left + (left & 1);
  return even % 6 == 0 || even > 8 ? 6 : 4;
}

/** How many blocks of six whole rows come first of so many that are left, of which the first block has six. */
@inline
function wholeSixes(left: i32): i32 {
  const even = left + (left & 1);
  return max(1, even % 6 == 0 ? left / 6 : (left - 3) / 6);
}

/** Panels of b, two vectors wide, one behind the other. */
function packPanels<T>(
  to: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  inner: i32,
  columns: i32,
  overlaps: bool,
): void {
  const atOnce = 2 * lanes<T>();
  for (let p = 0; p < columns; p += atOnce) {
    const from = panelStart(p, columns, atOnce, overlaps);
    packPanel<T>(to, 2 * VECTOR, b + <usize>from * bColumn, bRow, bColumn, inner, min(atOnce, columns - from));
    to += <usize>inner * 2 * VECTOR;
  }
}

/** Blocks of rows of a as {@link columnPair} takes them, each with its columns one behind the other. */
function packGroups<T>(
  to: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  inner: i32,
  overlaps: bool,
): void {
  for (let m = 0; m < rows; ) {
    const size = blockHeight(rows - m);
    const from = overlaps && rows >= size ? min(m, rows - size) : m;
    const valid = min(size, rows - from);
    packGroup<T>(to, a + <usize>from * aRow, aRow, aColumn, valid, inner);
    to += <usize>valid * inner * sizeof<T>();
    m = from + valid;
  }
}

/** All rows of two vectors of columns, by sixes and fours; a block that is not whole is computed in scratch. */
function columnPair<T>(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  isPacked: bool,
  b: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: bool,
  overlaps: bool,
  scratch: usize,
): void {
  const whole = columns == 2 * lanes<T>() && oColumn == sizeof<T>();
  for (let m = 0; m < rows; ) {
    const size = blockHeight(rows - m);
    const from = overlaps && rows >= size ? min(m, rows - size) : m;
    let valid = min(size, rows - from);
    const left = isPacked ? a : a + <usize>from * aRow;
    const row = isPacked ? sizeof<T>() : aRow;
    const step = isPacked ? <usize>valid * sizeof<T>() : aColumn;
    const last = left + <usize>(valid - 1) * row;
    const to = out + <usize>from * oRow;
    const direct = whole && valid == size;
    if (!direct && accumulate) gather<T>(scratch, to, oRow, oColumn, valid, columns);
    const c = direct ? to : scratch;
    const cRow = direct ? oRow : 2 * VECTOR;
    if (size == 6) {
      const blocks = direct ? wholeSixes(rows - m) : 1;
      const next = isPacked ? 6 * <usize>inner * sizeof<T>() : 6 * aRow;
      sixRows<T>(left, last, row, step, next, b, bStep, c, cRow, inner, accumulate, blocks);
      valid *= blocks;
    }
    else fourRows<T>(left, last, row, step, b, bStep, c, cRow, inner, accumulate);
    if (!direct) scatter<T>(to, oRow, oColumn, scratch, valid, columns);
    if (isPacked) a += <usize>valid * inner * sizeof<T>();
    m = from + valid;
  }
}

/** A block of two vectors to a row ← out; what is behind the last column does not matter. */
function gather<T>(block: usize, out: usize, oRow: usize, oColumn: usize, rows: i32, columns: i32): void {
  for (let m = 0; m < rows; m++) {
    if (oColumn == sizeof<T>()) {
      v128.store(block, v128.load(out));
      v128.store(block, v128.load(out, VECTOR), VECTOR);
    } else {
      for (let n = 0; n < columns; n++) store<T>(block + <usize>n * sizeof<T>(), load<T>(out + <usize>n * oColumn));
    }
    block += 2 * VECTOR;
    out += oRow;
  }
}

/** out ← a block of two vectors to a row. */
function scatter<T>(out: usize, oRow: usize, oColumn: usize, block: usize, rows: i32, columns: i32): void {
  for (let m = 0; m < rows; m++) {
    if (oColumn == sizeof<T>()) {
      storePart<T>(out, v128.load(block), min(columns, lanes<T>()));
      if (columns > lanes<T>()) storePart<T>(out + VECTOR, v128.load(block, VECTOR), columns - lanes<T>());
    } else {
      for (let n = 0; n < columns; n++) store<T>(out + <usize>n * oColumn, load<T>(block + <usize>n * sizeof<T>()));
    }
    block += 2 * VECTOR;
    out += oRow;
  }
}

/** Bytes of a b that {@link packColumns} has packed. */
@inline
export function packedBytes<T>(inner: i32, columns: i32): i32 {
  const atOnce = 2 * lanes<T>();
  return ((columns + atOnce - 1) / atOnce) * atOnce * inner * sizeof<T>();
}

/** All of b for {@link gemmPacked}: the panels of PANEL_ROWS rows, then those of the next. */
export function packColumns<T>(packed: usize, b: usize, bRow: usize, bColumn: usize, inner: i32, columns: i32): void {
  for (let k = 0; k < inner; k += PANEL_ROWS) {
    const depth = min(PANEL_ROWS, inner - k);
    packPanels<T>(packed, b + <usize>k * bRow, bRow, bColumn, depth, columns, false);
    packed += packedBytes<T>(depth, columns);
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
  const size: usize = sizeof<T>();
  for (let k = 0; k < inner; k += PANEL_ROWS) {
    const depth = min(PANEL_ROWS, inner - k);
    for (let n = 0; n < columns; n += atOnce) {
      columnPair<T>(out + <usize>n * size, oRow, size, a, aRow, size, false, packed, 2 * VECTOR, rows, min(atOnce, columns - n), depth, true, false, scratch);
      packed += <usize>depth * 2 * VECTOR;
    }
    a += <usize>depth * size;
  }
}
