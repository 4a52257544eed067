import { makeArena } from "./arena.ts";
import type { Arithmetic, Mode } from "./arithmetic.ts";
import { checkGemm, checkLogSumExp, checkRatio, checkSoftmax, checkValues } from "./checks.ts";
import { OperationError } from "./errors.ts";
import type { Field } from "./field.ts";
import { siteNumber } from "./noise.ts";
import type { Binary } from "./operations.ts";
import { sameShape, sizeOf, type Tensor } from "./tensor.ts";
import { broadcastTo } from "./view.ts";
import { eachRow, rowLength } from "./walk.ts";

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
  const arena = makeArena<S>({
    store: (elements) => field.store(elements),
    poison(store, start, end) {
      if (field.poisonAll) field.poisonAll(store, start, end);
      else for (let i = start; i < end; i++) field.poison(store, i);
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

  function fill(put: "lift" | "round", values: ArrayLike<number>, shape: readonly number[]): Tensor<S> {
    checkValues(put, values, shape);
    const t = arena.empty(shape);
    for (let i = 0; i < values.length; i++) field[put](t.store, t.offset + i, values[i]);
    return t;
  }

  /** Types rule an unknown name out, but plain JavaScript calls too. */
  function known<F>(operation: string, apply: F | undefined): F {
    if (apply === undefined) throw new OperationError(field.name, operation, "has no such operation");
    return apply;
  }

  function copy(out: Tensor<S>, a: Tensor<S>): void {
    const from = broadcastTo(a, out.shape, "copy");
    eachRow(out.shape, out, from, from, (o, os, i, as, _j, _js, length) => {
      for (let n = 0; n < length; n++) field.copy(out.store, o + n * os, from.store, i + n * as);
    });
  }

  function gemm(out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void {
    checkGemm(out, a, b);
    const [rows, columns] = out.shape;
    const inner = a.shape[1];
    const site = siteNumber("gemm", columns);
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < columns; n++) {
        field.site?.(site, n);
        const o = out.offset + m * out.strides[0] + n * out.strides[1];
        if (mode === "write") field.copy(out.store, o, scratch, zero);
        const i = a.offset + m * a.strides[0];
        const j = b.offset + n * b.strides[1];
        if (field.dot) {
          field.dot(out.store, o, a.store, i, a.strides[1], b.store, j, b.strides[0], inner);
          continue;
        }
        for (let k = 0; k < inner; k++) {
          field.multiplyAdd(out.store, o, a.store, i + k * a.strides[1], b.store, j + k * b.strides[0]);
        }
      }
    }
  }

  function binary({ name: operation }: Binary, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
    const apply = known(operation, field.binary(operation));
    const left = broadcastTo(a, out.shape, operation);
    const right = broadcastTo(b, out.shape, operation);
    const site = siteNumber(operation, rowLength(out.shape));
    eachRow(out.shape, out, left, right, (o, os, i, ls, j, rs, length) => {
      for (let n = 0; n < length; n++) {
        field.site?.(site, n);
        apply(out.store, o + n * os, left.store, i + n * ls, right.store, j + n * rs);
      }
    });
  }

  function sumOf(out: Tensor<S>, a: Tensor<S>, mode: Mode): void {
    const onto = broadcastTo(out, a.shape, "sum");
    if (mode === "write") {
      eachRow(out.shape, out, out, out, (o, os, _i, _is, _j, _js, length) => {
        for (let n = 0; n < length; n++) field.copy(out.store, o + n * os, scratch, zero);
      });
    }
    const site = siteNumber("sum", rowLength(out.shape));
    eachRow(a.shape, onto, a, a, (o, os, i, as, _j, _js, length) => {
      for (let n = 0; n < length; n++) {
        field.site?.(site, os === 0 ? 0 : n);
        add(out.store, o + n * os, out.store, o + n * os, a.store, i + n * as);
      }
    });
  }

  /** The largest element of a row into `scratch`, the first of equal ones, or a NaN of it; answers its number. */
  function findLargest(store: S, i: number, stride: number, length: number): number {
    let best = i;
    let number = field.lower(store, i);
    for (let n = 1; n < length; n++) {
      const other = field.lower(store, i + n * stride);
      if (other > number || Number.isNaN(other)) {
        best = i + n * stride;
        number = other;
      }
    }
    field.copy(scratch, largest, store, best);
    return number;
  }

  function softmaxRow(o: S, i: number, oStride: number, a: S, j: number, aStride: number, length: number): void {
    const site = siteNumber("softmax", length);
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
    const site = siteNumber("logSumExp", length);
    if (!Number.isFinite(findLargest(a, j, aStride, length))) {
      field.copy(o, i, scratch, largest);
      return;
    }
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
    scope: arena.scope,
    lasting: arena.lasting,
    empty: arena.empty,
    lift: (values, shape) => fill("lift", values, shape),
    round: (values, shape) => fill("round", values, shape),

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
      let next = 0;
      eachRow(t.shape, t, t, t, (i, stride, _j, _js, _k, _ks, length) => {
        for (let n = 0; n < length; n++) values[next++] = field.lower(t.store, i + n * stride);
      });
      return values;
    },

    same(a, b) {
      if (!sameShape(a.shape, b.shape)) return false;
      let equal = true;
      eachRow(a.shape, a, b, b, (i, as, j, bs, _k, _ks, length) => {
        for (let n = 0; n < length; n++) equal &&= field.same(a.store, i + n * as, b.store, j + n * bs);
      });
      return equal;
    },

    copy,
    gemm,

    unary({ name: operation }, out, a) {
      const apply = known(operation, field.unary(operation));
      const from = broadcastTo(a, out.shape, operation);
      const site = siteNumber(operation, rowLength(out.shape));
      eachRow(out.shape, out, from, from, (o, os, i, as, _j, _js, length) => {
        for (let n = 0; n < length; n++) {
          field.site?.(site, n);
          apply(out.store, o + n * os, from.store, i + n * as);
        }
      });
    },

    binary,

    sum: sumOf,

    softmax(out, a) {
      checkSoftmax(out, a);
      eachRow(a.shape, out, a, a, (o, os, i, as, _j, _js, length) => {
        if (field.softmaxRow) field.softmaxRow(out.store, o, os, a.store, i, as, length);
        else softmaxRow(out.store, o, os, a.store, i, as, length);
      });
    },

    logSumExp(out, a) {
      checkLogSumExp(out, a);
      eachRow(a.shape, broadcastTo(out, a.shape), a, a, (o, _os, i, as, _j, _js, length) => {
        if (field.logSumExpRow) field.logSumExpRow(out.store, o, a.store, i, as, length);
        else logSumExpRow(out.store, o, a.store, i, as, length);
      });
    },
  };
}
