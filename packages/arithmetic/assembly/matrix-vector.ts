import { nineVectors, oneRow } from "./micro-kernels";
import { packPanel } from "./panel";
import { lanes, VECTOR } from "./vector";

/** Rows of b that are packed at once where its columns are not contiguous, and where in the scratch they begin. */
const PANEL_ROWS: i32 = 256;
const PANEL: usize = 256;

/** out ← (out +) a b for fewer than four rows, each by eight or nine vectors of columns; strides in bytes. */
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
  let k = 0;
  do {
    const depth = min(innerAtOnce, inner - k);
    const adds = accumulate || k > 0;
    for (let n = 0; n < columns; ) {
      const isNine = !packs && columns - n > 8 * count && columns - n <= 9 * count;
      const atOnce = (isNine ? 9 : 8) * count;
      const breadth = min(atOnce, columns - n);
      let right = b + <usize>k * bRow + <usize>n * bColumn;
      let step = bRow;
      if (packs) {
        packPanel<T>(scratch + PANEL, 8 * VECTOR, right, bRow, bColumn, depth, breadth);
        right = scratch + PANEL;
        step = 8 * VECTOR;
      }
      const direct = breadth == atOnce && oColumn == size;
      for (let m = 0; m < rows; m++) {
        const left = a + <usize>m * aRow + <usize>k * aColumn;
        const to = out + <usize>m * oRow + <usize>n * oColumn;
        const c = direct ? to : scratch;
        if (!direct && adds) gatherRow<T>(c, to, oColumn, breadth);
        if (isNine) nineVectors<T>(left, aColumn, right, step, c, depth, adds);
        else oneRow<T>(left, aColumn, right, step, c, depth, adds);
        if (!direct) scatterRow<T>(to, c, oColumn, breadth);
      }
      n += breadth;
    }
    k += depth;
  } while (k < inner);
}

function gatherRow<T>(row: usize, out: usize, oColumn: usize, columns: i32): void {
  for (let n = 0; n < columns; n++) store<T>(row + <usize>n * sizeof<T>(), load<T>(out + <usize>n * oColumn));
}

function scatterRow<T>(out: usize, row: usize, oColumn: usize, columns: i32): void {
  for (let n = 0; n < columns; n++) store<T>(out + <usize>n * oColumn, load<T>(row + <usize>n * sizeof<T>()));
}
