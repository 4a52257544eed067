import { Arena } from "./arena.ts";
import type { Arithmetic, Mode } from "./arithmetic.ts";
import {
  checkGemm,
  checkLogSumExp,
  checkRatio,
  checkRows,
  checkSameShape,
  checkValues,
  reductionView,
} from "./checks.ts";
import type { Field } from "./field.ts";
import { sameShape, sizeOf, type Tensor } from "./tensor.ts";
import { at, broadcastTo } from "./view.ts";
import { eachRow, rowLength, rowStride } from "./walk.ts";

/**
 * The naive kernels over a field, one slot operation at a time: the reference of every fast kernel.
 *
 * @example
 * ```ts
 * const A = dense(doubleDouble);
 * const half = A.ratio(1, 2);
 * A.lower(half); // Float64Array [0.5]
 * ```
 */
export function dense<S>(field: Field<S>): Arithmetic<S> {
  const arena = new Arena<S>({
    store: (elements) => field.store(elements),
    poison(store, start, end) {
      for (let i = start; i < end; i++) field.poison(store, i);
    },
  });
  const scratch = field.store(4);
  const zero = 0;
  const one = 1;
  const largest = 2;
  const sum = 3;
  field.lift(scratch, zero, 0);
  field.lift(scratch, one, 1);
  const [add, subtract, divide] = [field.binary("add"), field.binary("subtract"), field.binary("divide")];
  const [exp, log] = [field.unary("exp"), field.unary("log")];

  function fill(values: ArrayLike<number>, shape: readonly number[], put: Field<S>["lift"]): Tensor<S> {
    checkValues("lift", values, shape);
    const t = arena.empty(shape);
    for (let i = 0; i < values.length; i++) put.call(field, t.store, t.offset + i, values[i]);
    return t;
  }

  function copy(out: Tensor<S>, a: Tensor<S>): void {
    const from = broadcastTo(a, out.shape);
    const [length, os, as] = [rowLength(out.shape), rowStride(out), rowStride(from)];
    eachRow(out.shape, out, from, from, (o, i) => {
      for (let n = 0; n < length; n++) field.copy(out.store, o + n * os, from.store, i + n * as);
    });
  }

  function gemm(out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void {
    checkGemm(out, a, b);
    const [rows, columns] = out.shape;
    const inner = a.shape[1];
    const site = siteOf(field, "gemm", columns);
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < columns; n++) {
        field.site?.(site, n);
        const o = out.offset + m * out.strides[0] + n * out.strides[1];
        if (mode === "write") field.copy(out.store, o, scratch, zero);
        for (let k = 0; k < inner; k++) {
          const i = a.offset + m * a.strides[0] + k * a.strides[1];
          const j = b.offset + k * b.strides[0] + n * b.strides[1];
          field.multiplyAdd(out.store, o, a.store, i, b.store, j);
        }
      }
    }
  }

  function reduce(_operation: "sum", out: Tensor<S>, a: Tensor<S>, mode: Mode): void {
    const onto = reductionView(out, a);
    if (mode === "write") {
      eachRow(out.shape, out, out, out, (o) => {
        for (let n = 0; n < rowLength(out.shape); n++) field.copy(out.store, o + n * rowStride(out), scratch, zero);
      });
    }
    const [length, os, as] = [rowLength(a.shape), rowStride(onto), rowStride(a)];
    const site = siteOf(field, "sum", rowLength(out.shape));
    eachRow(a.shape, onto, a, a, (o, i) => {
      for (let n = 0; n < length; n++) {
        field.site?.(site, os === 0 ? 0 : n);
        add(out.store, o + n * os, out.store, o + n * os, a.store, i + n * as);
      }
    });
  }

  /** The largest element of a row into `scratch`; the first of equal ones. */
  function findLargest(store: S, i: number, stride: number, length: number): void {
    let best = i;
    for (let n = 1; n < length; n++) {
      if (field.lower(store, i + n * stride) > field.lower(store, best)) best = i + n * stride;
    }
    field.copy(scratch, largest, store, best);
  }

  function softmaxRow(o: S, i: number, oStride: number, a: S, j: number, aStride: number, length: number): void {
    const site = siteOf(field, "softmax", length);
    findLargest(a, j, aStride, length);
    field.copy(scratch, sum, scratch, zero);
    for (let n = 0; n < length; n++) {
      field.site?.(site, n);
      subtract(o, i + n * oStride, a, j + n * aStride, scratch, largest);
      exp(o, i + n * oStride, o, i + n * oStride);
      add(scratch, sum, scratch, sum, o, i + n * oStride);
    }
    for (let n = 0; n < length; n++) {
      field.site?.(site, n);
      divide(o, i + n * oStride, o, i + n * oStride, scratch, sum);
    }
  }

  const term = field.store(1);
  function logSumExpRow(o: S, i: number, a: S, j: number, aStride: number, length: number): void {
    const site = siteOf(field, "logSumExp", length);
    findLargest(a, j, aStride, length);
    field.copy(scratch, sum, scratch, zero);
    for (let n = 0; n < length; n++) {
      field.site?.(site, n);
      subtract(term, 0, a, j + n * aStride, scratch, largest);
      exp(term, 0, term, 0);
      add(scratch, sum, scratch, sum, term, 0);
    }
    log(scratch, sum, scratch, sum);
    add(o, i, scratch, largest, scratch, sum);
  }

  return {
    name: field.name,
    unitRoundoff: field.unitRoundoff,
    scope: (body) => arena.scope(body),
    empty: (shape) => arena.empty(shape),
    lift: (values, shape) => fill(values, shape, field.lift),
    round: (values, shape) => fill(values, shape, field.round),

    ratio(numerator, denominator) {
      checkRatio(numerator, denominator);
      const t = arena.empty([]);
      const divisor = field.store(1);
      field.lift(t.store, t.offset, numerator);
      if (denominator === 1) return t;
      field.lift(divisor, 0, denominator);
      divide(t.store, t.offset, t.store, t.offset, divisor, 0);
      return t;
    },

    lower(t) {
      const values = new Float64Array(sizeOf(t.shape));
      const [length, stride] = [rowLength(t.shape), rowStride(t)];
      let next = 0;
      eachRow(t.shape, t, t, t, (i) => {
        for (let n = 0; n < length; n++) values[next++] = field.lower(t.store, i + n * stride);
      });
      return values;
    },

    same(a, b) {
      if (!sameShape(a.shape, b.shape)) return false;
      const [length, as, bs] = [rowLength(a.shape), rowStride(a), rowStride(b)];
      let equal = true;
      eachRow(a.shape, a, b, b, (i, j) => {
        for (let n = 0; n < length; n++) equal &&= field.same(a.store, i + n * as, b.store, j + n * bs);
      });
      return equal;
    },

    copy,
    gemm,

    unary(operation, out, a) {
      const apply = field.unary(operation);
      const from = broadcastTo(a, out.shape);
      const [length, os, as] = [rowLength(out.shape), rowStride(out), rowStride(from)];
      const site = siteOf(field, operation, length);
      eachRow(out.shape, out, from, from, (o, i) => {
        for (let n = 0; n < length; n++) {
          field.site?.(site, n);
          apply(out.store, o + n * os, from.store, i + n * as);
        }
      });
    },

    binary(operation, out, a, b) {
      const apply = field.binary(operation);
      const left = broadcastTo(a, out.shape);
      const right = broadcastTo(b, out.shape);
      const [length, os, ls, rs] = [rowLength(out.shape), rowStride(out), rowStride(left), rowStride(right)];
      const site = siteOf(field, operation, length);
      eachRow(out.shape, out, left, right, (o, i, j) => {
        for (let n = 0; n < length; n++) {
          field.site?.(site, n);
          apply(out.store, o + n * os, left.store, i + n * ls, right.store, j + n * rs);
        }
      });
    },

    reduce,

    softmax(out, a) {
      checkSameShape("softmax", out, a);
      const [length, os, as] = [rowLength(a.shape), rowStride(out), rowStride(a)];
      eachRow(a.shape, out, a, a, (o, i) => {
        if (field.softmaxRow) field.softmaxRow(out.store, o, os, a.store, i, as, length);
        else softmaxRow(out.store, o, os, a.store, i, as, length);
      });
    },

    logSumExp(out, a) {
      checkLogSumExp(out, a);
      const [length, as] = [rowLength(a.shape), rowStride(a)];
      eachRow(a.shape, broadcastTo(out, a.shape), a, a, (o, i) => {
        if (field.logSumExpRow) field.logSumExpRow(out.store, o, a.store, i, as, length);
        else logSumExpRow(out.store, o, a.store, i, as, length);
      });
    },

    take(out, a, rows) {
      checkRows("take", a, rows, out);
      for (let i = 0; i < rows.length; i++) copy(at(out, i), at(a, rows[i]));
    },

    addAt(out, rows, a) {
      checkRows("addAt", out, rows, a);
      for (let i = 0; i < rows.length; i++) {
        const row = at(out, rows[i]);
        this.binary("add", row, row, at(a, i));
      }
    },
  };
}

/** The number of a kernel for outputs of that last axis, for {@link Field.site}; 0 where the field does not ask. */
function siteOf(field: Field<unknown> | { site?: unknown }, kernel: string, columns: number): number {
  if (!field.site) return 0;
  let hash = columns;
  for (let i = 0; i < kernel.length; i++) hash = Math.imul(hash ^ kernel.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
