import { Arena } from "./arena.ts";
import type { Arithmetic, Mode } from "./arithmetic.ts";
import {
  checkBinary,
  checkGemm,
  checkLogSumExp,
  checkRatio,
  checkRows,
  checkSoftmax,
  checkValues,
  operandView,
  reductionView,
} from "./checks.ts";
import { LiftError, OperationError } from "./errors.ts";
import type { BinaryOperation, UnaryOperation } from "./field.ts";
import { binaryRow, type FloatArray, logSumExpRow, softmaxRow, unaryRow } from "./float-rows.ts";
import { gemmFloat32 } from "./gemm-float32.ts";
import { gemmFloat64 } from "./gemm-float64.ts";
import { checkShape, isContiguous, sameShape, sizeOf, type Tensor } from "./tensor.ts";
import { at, repeated } from "./view.ts";
import { eachRow, rowLength, rowStride } from "./walk.ts";

type Gemm<S> = (out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode) => void;

/** IEEE double precision on Float64Array: portable, blocked loops. */
export const float64: Arithmetic<Float64Array> = /* @__PURE__ */ floats(
  "float64",
  53,
  (elements) => new Float64Array(elements),
  gemmFloat64,
);

/**
 * IEEE single precision on Float32Array: every operation rounds to float32. Elementary functions are computed in double
 * and rounded. `lift` refuses what it would round; `round` rounds.
 */
export const float32: Arithmetic<Float32Array> = /* @__PURE__ */ floats(
  "float32",
  24,
  (elements) => new Float32Array(elements),
  gemmFloat32,
);

/**
 * The kernels on one kind of typed array. A store to the array rounds, and a sum, product, quotient or root of two
 * float32 numbers computed in double and rounded once more is correctly rounded (Figueroa 1995), so only gemm, which
 * keeps its sums in registers, is written twice.
 *
 * @param significandBits - not the power itself: as an argument it would keep bundlers from dropping an unused format.
 */
function floats<S extends FloatArray>(
  name: string,
  significandBits: number,
  store: (elements: number) => S,
  multiply: Gemm<S>,
): Arithmetic<S> {
  const arena = new Arena<S>({
    store,
    poison: (memory, start, end) => {
      memory.fill(Number.NaN, start, end);
    },
  });
  const rounded = store(2);
  const zero: Tensor<S> = { store: store(1), offset: 0, shape: [], strides: [] };

  function fill(operation: string, values: ArrayLike<number>, shape: readonly number[]): Tensor<S> {
    checkValues(operation, values, shape);
    const t = arena.empty(shape);
    t.store.set(values, t.offset);
    return t;
  }

  function unary(operation: UnaryOperation, out: Tensor<S>, a: Tensor<S>): void {
    if (sameShape(a.shape, out.shape) && isContiguous(out) && isContiguous(a)) {
      unaryRow(operation, out.store, out.offset, 1, a.store, a.offset, 1, sizeOf(out.shape));
      return;
    }
    const from = operandView(operation, out, a);
    const [length, os, as] = [rowLength(out.shape), rowStride(out), rowStride(from)];
    eachRow(out.shape, out, from, from, (o, i) => unaryRow(operation, out.store, o, os, from.store, i, as, length));
  }

  function binary(operation: BinaryOperation, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
    const whole = sameShape(a.shape, out.shape) && sameShape(b.shape, out.shape);
    if (whole && isContiguous(out) && isContiguous(a) && isContiguous(b)) {
      const size = sizeOf(out.shape);
      binaryRow(operation, out.store, out.offset, 1, a.store, a.offset, 1, b.store, b.offset, 1, size);
      return;
    }
    checkBinary(operation, out, a, b);
    const [left, right] = [repeated(a, out.shape), repeated(b, out.shape)];
    const [length, os, ls, rs] = [rowLength(out.shape), rowStride(out), rowStride(left), rowStride(right)];
    eachRow(out.shape, out, left, right, (o, i, j) =>
      binaryRow(operation, out.store, o, os, left.store, i, ls, right.store, j, rs, length),
    );
  }

  function copy(out: Tensor<S>, a: Tensor<S>): void {
    const from = operandView("copy", out, a);
    const [o, x] = [out.store, from.store];
    const [length, os, as] = [rowLength(out.shape), rowStride(out), rowStride(from)];
    eachRow(out.shape, out, from, from, (i, j) => {
      for (let n = 0; n < length; n++) o[i + n * os] = x[j + n * as];
    });
  }

  return {
    name,
    unitRoundoff: 2 ** -significandBits,
    scope: (body) => arena.scope(body),
    lasting: (body) => arena.lasting(body),
    empty(shape) {
      checkShape("empty", shape);
      return arena.empty(shape);
    },
    round: (values, shape) => fill("round", values, shape),

    lift(values, shape) {
      for (let i = 0; i < values.length; i++) {
        rounded[0] = values[i];
        if (!Number.isFinite(values[i])) throw new LiftError(name, values[i], "a finite number");
        if (rounded[0] !== values[i])
          throw new LiftError(name, values[i], "a number of single precision; round() rounds");
      }
      return fill("lift", values, shape);
    },

    ratio(numerator, denominator) {
      checkRatio(numerator, denominator);
      return fill("ratio", [numerator / denominator], []);
    },

    lower(t) {
      const values = new Float64Array(sizeOf(t.shape));
      const [length, stride] = [rowLength(t.shape), rowStride(t)];
      let next = 0;
      eachRow(t.shape, t, t, t, (i) => {
        for (let n = 0; n < length; n++) values[next++] = t.store[i + n * stride];
      });
      return values;
    },

    same(a, b) {
      if (!sameShape(a.shape, b.shape)) return false;
      const [length, as, bs] = [rowLength(a.shape), rowStride(a), rowStride(b)];
      let equal = true;
      eachRow(a.shape, a, b, b, (i, j) => {
        for (let n = 0; n < length; n++) equal &&= Object.is(a.store[i + n * as], b.store[j + n * bs]);
      });
      return equal;
    },

    copy,
    gemm(out, a, b, mode) {
      checkGemm(out, a, b);
      multiply(out, a, b, mode);
    },
    unary,
    binary,

    reduce(operation, out, a, mode) {
      if (operation !== "sum") throw new OperationError(name, operation, "has no such operation");
      const onto = reductionView(out, a);
      const [o, x] = [onto.store, a.store];
      const [length, os, as] = [rowLength(a.shape), rowStride(onto), rowStride(a)];
      if (mode === "write") copy(out, zero);
      eachRow(a.shape, onto, a, a, (i, j) => {
        for (let n = 0; n < length; n++) o[i + n * os] += x[j + n * as];
      });
    },

    softmax(out, a) {
      checkSoftmax(out, a);
      const [length, os, as] = [rowLength(a.shape), rowStride(out), rowStride(a)];
      eachRow(a.shape, out, a, a, (o, i) => softmaxRow(rounded, out.store, o, os, a.store, i, as, length));
    },

    logSumExp(out, a) {
      checkLogSumExp(out, a);
      const [length, as] = [rowLength(a.shape), rowStride(a)];
      eachRow(a.shape, repeated(out, a.shape), a, a, (o, i) => {
        logSumExpRow(rounded, out.store, o, a.store, i, as, length);
      });
    },

    take(out, a, rows) {
      checkRows("take", a, rows, out);
      if (a.shape.length === 1) {
        const [os, as] = [rowStride(out), rowStride(a)];
        for (let i = 0; i < rows.length; i++) out.store[out.offset + i * os] = a.store[a.offset + rows[i] * as];
        return;
      }
      for (let i = 0; i < rows.length; i++) copy(at(out, i), at(a, rows[i]));
    },

    addAt(out, rows, a) {
      checkRows("addAt", out, rows, a);
      if (a.shape.length === 1) {
        const [os, as] = [rowStride(out), rowStride(a)];
        for (let i = 0; i < rows.length; i++) out.store[out.offset + rows[i] * os] += a.store[a.offset + i * as];
        return;
      }
      for (let i = 0; i < rows.length; i++) binary("add", at(out, rows[i]), at(out, rows[i]), at(a, i));
    },
  };
}
