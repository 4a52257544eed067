import { makeArena } from "./arena.ts";
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
import { checkShape, contiguousStrides, isContiguous, sameShape, sizeOf, type Tensor } from "./tensor.ts";
import { repeated } from "./view.ts";
import { eachRow } from "./walk.ts";

type Gemm<S> = (out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode) => void;

/** IEEE double precision on Float64Array: portable, blocked loops. */
export const float64: Arithmetic<Float64Array> = /* @__PURE__ */ floats(
  "float64",
  53,
  "a finite number",
  Float64Array,
  gemmFloat64,
);

/**
 * IEEE single precision on Float32Array: every operation rounds to float32. Elementary functions are computed in double
 * and rounded. `lift` refuses what it would round; `round` rounds.
 */
export const float32: Arithmetic<Float32Array> = /* @__PURE__ */ floats(
  "float32",
  24,
  "a number of single precision; round() rounds",
  Float32Array,
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
  exact: string,
  Store: new (elements: number) => S,
  multiply: Gemm<S>,
): Arithmetic<S> {
  const arena = makeArena<S>({
    store: (elements) => new Store(elements),
    poison: (memory, start, end) => {
      memory.fill(Number.NaN, start, end);
    },
  });
  const rounded = new Store(2);
  const zero: Tensor<S> = { store: new Store(1), offset: 0, shape: [], strides: [] };

  function fill(operation: string, values: ArrayLike<number>, shape: readonly number[]): Tensor<S> {
    checkValues(operation, values, shape);
    const t = arena.empty(shape);
    t.store.set(values, t.offset);
    return t;
  }

  function unary(operation: UnaryOperation | "copy" | "accumulate", out: Tensor<S>, a: Tensor<S>): void {
    if (sameShape(a.shape, out.shape) && isContiguous(out) && isContiguous(a)) {
      unaryRow(operation, out.store, out.offset, 1, a.store, a.offset, 1, sizeOf(out.shape));
      return;
    }
    const from = operandView(operation, out, a);
    eachRow(out.shape, out, from, from, (o, os, i, as, _j, _js, length) => {
      unaryRow(operation, out.store, o, os, from.store, i, as, length);
    });
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
    eachRow(out.shape, out, left, right, (o, os, i, ls, j, rs, length) => {
      binaryRow(operation, out.store, o, os, left.store, i, ls, right.store, j, rs, length);
    });
  }

  function lower(t: Tensor<S>): Float64Array {
    if (isContiguous(t)) return new Float64Array(t.store.subarray(t.offset, t.offset + sizeOf(t.shape)));
    const copy = { ...t, store: new Store(sizeOf(t.shape)), offset: 0, strides: contiguousStrides(t.shape) };
    unary("copy", copy, t);
    return new Float64Array(copy.store);
  }

  return {
    name,
    unitRoundoff: 2 ** -significandBits,
    scope: arena.scope,
    lasting: arena.lasting,
    empty(shape) {
      checkShape("empty", shape);
      return arena.empty(shape);
    },
    round: (values, shape) => fill("round", values, shape),

    lift(values, shape) {
      const t = fill("lift", values, shape);
      for (let i = 0; i < values.length; i++) {
        if (!Number.isFinite(values[i])) throw new LiftError(name, values[i], "a finite number");
        if (t.store[t.offset + i] !== values[i]) throw new LiftError(name, values[i], exact);
      }
      return t;
    },

    ratio(numerator, denominator) {
      checkRatio(numerator, denominator);
      return fill("ratio", [numerator / denominator], []);
    },

    lower,

    same(a, b) {
      const [x, y] = [lower(a), lower(b)];
      return sameShape(a.shape, b.shape) && x.every((value, i) => Object.is(value, y[i]));
    },

    copy: (out, a) => unary("copy", out, a),

    gemm(out, a, b, mode) {
      checkGemm(out, a, b);
      multiply(out, a, b, mode);
    },

    unary,

    binary,

    reduce(operation, out, a, mode) {
      if (operation !== "sum") throw new OperationError(name, operation, "has no such operation");
      const onto = reductionView(out, a);
      if (mode === "write") unary("copy", out, zero);
      unary("accumulate", onto, a);
    },

    softmax(out, a) {
      checkSoftmax(out, a);
      eachRow(a.shape, out, a, a, (o, os, i, as, _j, _js, length) => {
        softmaxRow(rounded, out.store, o, os, a.store, i, as, length);
      });
    },

    logSumExp(out, a) {
      checkLogSumExp(out, a);
      eachRow(a.shape, repeated(out, a.shape), a, a, (o, _os, i, as, _j, _js, length) => {
        logSumExpRow(rounded, out.store, o, a.store, i, as, length);
      });
    },

    take(out, a, rows) {
      checkRows("take", a, rows, out);
      const [o, x, oStep, aStep] = [out.store, a.store, out.strides[0], a.strides[0]];
      const row = first(a);
      eachRow(row.shape, first(out), row, row, (i, os, j, as, _k, _ks, length) => {
        // The inner loop would cost more than what it moves.
        if (length === 1) for (let m = 0; m < rows.length; m++) o[i + m * oStep] = x[j + rows[m] * aStep];
        else {
          for (let m = 0; m < rows.length; m++) {
            for (let n = 0; n < length; n++) o[i + m * oStep + n * os] = x[j + rows[m] * aStep + n * as];
          }
        }
      });
    },

    addAt(out, rows, a) {
      checkRows("addAt", out, rows, a);
      const [o, x, oStep, aStep] = [out.store, a.store, out.strides[0], a.strides[0]];
      const row = first(a);
      eachRow(row.shape, first(out), row, row, (i, os, j, as, _k, _ks, length) => {
        if (length === 1) for (let m = 0; m < rows.length; m++) o[i + rows[m] * oStep] += x[j + m * aStep];
        else {
          for (let m = 0; m < rows.length; m++) {
            for (let n = 0; n < length; n++) o[i + rows[m] * oStep + n * os] += x[j + m * aStep + n * as];
          }
        }
      });
    },
  };
}

/** Where the first element of the first axis would begin, on an empty axis too. */
function first<S>({ store, offset, shape, strides }: Tensor<S>): Tensor<S> {
  return { store, offset, shape: shape.slice(1), strides: strides.slice(1) };
}
