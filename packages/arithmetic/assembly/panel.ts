import { lanes, VECTOR } from "./vector";

/**
 * panel ← `columns` columns of b, `inner` rows of them, one row behind the other, each padded to `width` bytes. What it
 * is padded with does not matter: those columns of the product are dropped.
 */
export function packPanel<T>(
  panel: usize,
  width: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  inner: i32,
  columns: i32,
): void {
  if (bColumn == sizeof<T>()) {
    const bytes = <usize>columns * sizeof<T>();
    for (let k = 0; k < inner; k++) {
      for (let i: usize = 0; i < bytes; i += VECTOR) v128.store(panel + i, v128.load(b + i));
      panel += width;
      b += bRow;
    }
    return;
  }
  const group = lanes<T>();
  let n = 0;
  if (bRow == sizeof<T>()) {
    for (; n + group <= columns; n += group) packColumns<T>(panel + <usize>n * sizeof<T>(), width, b + <usize>n * bColumn, bColumn, inner);
  }
  for (; n < columns; n++) {
    let from = b + <usize>n * bColumn;
    let to = panel + <usize>n * sizeof<T>();
    for (let k = 0; k < inner; k++) {
      store<T>(to, load<T>(from));
      from += bRow;
      to += width;
    }
  }
}

/** group ← up to 6 rows of a, its columns one behind the other. What is behind the last one may be written over. */
export function packGroup<T>(group: usize, a: usize, aRow: usize, aColumn: usize, rows: i32, inner: i32): void {
  const width = <usize>rows * sizeof<T>();
  for (let k = 0; k < inner; k++) {
    if (aRow == sizeof<T>()) {
      for (let i: usize = 0; i < width; i += VECTOR) v128.store(group + i, v128.load(a + i));
    } else {
      for (let m = 0; m < rows; m++) store<T>(group + <usize>m * sizeof<T>(), load<T>(a + <usize>m * aRow));
    }
    group += width;
    a += aColumn;
  }
}

/** A vector's worth of columns whose elements lie one behind the other, transposed in registers. */
@inline
function packColumns<T>(to: usize, width: usize, b0: usize, bColumn: usize, inner: i32): void {
  let b1 = b0 + bColumn;
  let k = inner;
  if (sizeof<T>() == 8) {
    for (; k >= 2; k -= 2) {
      const x0 = v128.load(b0);
      const x1 = v128.load(b1);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(to + width, v128.shuffle<f64>(x0, x1, 1, 3));
      b0 += VECTOR;
      b1 += VECTOR;
      to += 2 * width;
    }
    if (k > 0) {
      store<f64>(to, load<f64>(b0));
      store<f64>(to, load<f64>(b1), 8);
    }
    return;
  }
  let b2 = b1 + bColumn;
  let b3 = b2 + bColumn;
  for (; k >= 4; k -= 4) {
    const x0 = v128.load(b0);
    const x1 = v128.load(b1);
    const x2 = v128.load(b2);
    const x3 = v128.load(b3);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    to += width;
    v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3));
    to += width;
    v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2));
    to += width;
    v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3));
    to += width;
    b0 += VECTOR;
    b1 += VECTOR;
    b2 += VECTOR;
    b3 += VECTOR;
  }
  for (; k > 0; k--) {
    store<f32>(to, load<f32>(b0));
    store<f32>(to, load<f32>(b1), 4);
    store<f32>(to, load<f32>(b2), 8);
    store<f32>(to, load<f32>(b3), 12);
    to += width;
    b0 += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
}
