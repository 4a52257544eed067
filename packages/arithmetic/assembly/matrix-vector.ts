import { packPanel } from "./panel";
import { nineVectors, oneRow, twoVectors } from "./row-kernels";
import { lanes, storePart, VECTOR } from "./vector";

/** Rows of b that are packed at once where its columns are not contiguous, and where in the scratch they begin. */
const PANEL_ROWS: i32 = 256;
const PANEL: usize = 256;

/**
 * out ← (out +) a b for fewer than four rows, each by eight vectors of columns, or in the end by nine or two, so that
 * no single one is left behind the eights; strides in bytes.
 */
export function fewRows<T>(
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
  const count = lanes<T>();
  const packs = bColumn != size;
  const innerAtOnce = packs ? PANEL_ROWS : max(inner, 1);
  const vectors = (columns + count - 1) / count;
  const endsInNine = !packs && vectors > 8 && vectors % 8 == 1;
  const blocks = endsInNine ? vectors / 8 : (vectors + 7) / 8;
  let k = 0;
  do {
    const depth = min(innerAtOnce, inner - k);
    const adds = accumulate || k > 0;
    for (let block = 0; block < blocks; block++) {
      const n = block * 8 * count;
      const isNine = endsInNine && block == blocks - 1;
      const breadth = min((isNine ? 9 : 8) * count, columns - n);
      const isTwo = breadth <= 2 * count && oColumn == size;
      let right = b + <usize>k * bRow + <usize>n * bColumn;
      let step = bRow;
      if (packs) {
        packPanel<T>(scratch + PANEL, 8 * VECTOR, right, bRow, bColumn, depth, breadth);
        right = scratch + PANEL;
        step = 8 * VECTOR;
      }
      const direct = breadth == (isNine ? 9 : 8) * count && oColumn == size;
      for (let m = 0; m < rows; m++) {
        const left = a + <usize>m * aRow + <usize>k * aColumn;
        const to = out + <usize>m * oRow + <usize>n * oColumn;
        if (isTwo) {
          twoVectors<T>(left, aColumn, right, step, to, depth, adds, breadth);
          continue;
        }
        const c = direct ? to : scratch;
        if (!direct && adds) gatherRow<T>(c, to, oColumn, breadth);
        if (isNine) nineVectors<T>(left, aColumn, right, step, c, depth, adds);
        else oneRow<T>(left, aColumn, right, step, c, depth, adds);
        if (!direct) scatterRow<T>(to, c, oColumn, breadth);
      }
    }
    k += depth;
  } while (k < inner);
}

/** row ← out, in whole vectors where its columns are contiguous; what is behind the last one does not matter. */
function gatherRow<T>(row: usize, out: usize, oColumn: usize, columns: i32): void {
  if (oColumn == sizeof<T>()) {
    for (let n = 0; n < columns; n += lanes<T>()) v128.store(row + <usize>n * sizeof<T>(), v128.load(out + <usize>n * sizeof<T>()));
  } else {
    for (let n = 0; n < columns; n++) store<T>(row + <usize>n * sizeof<T>(), load<T>(out + <usize>n * oColumn));
  }
}

function scatterRow<T>(out: usize, row: usize, oColumn: usize, columns: i32): void {
  if (oColumn == sizeof<T>()) {
    for (let n = columns; n > 0; n -= lanes<T>()) {
      storePart<T>(out, v128.load(row), min(n, lanes<T>()));
      out += VECTOR;
      row += VECTOR;
    }
  } else {
    for (let n = 0; n < columns; n++) store<T>(out + <usize>n * oColumn, load<T>(row + <usize>n * sizeof<T>()));
  }
}
