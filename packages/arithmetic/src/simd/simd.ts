import { makeArena } from "../arena.ts";
import type { Arithmetic, Mode } from "../arithmetic.ts";
import { checkAddRows, checkBroadcast, checkGemm, checkLogSumExp, checkRatio, checkSoftmax } from "../checks.ts";
import { OperationError } from "../errors.ts";
import { float32, float64 } from "../float.ts";
import { isContiguous, sameShape, sizeOf, type Tensor } from "../tensor.ts";
import { Heap, type SimdStore } from "./heap.ts";
import { type Kernels, kernelsIn, supports, type Variant } from "./kernels.ts";
import { binaryNumbers, unaryNumbers } from "./operation-numbers.ts";
import { eachPlane } from "./planes.ts";
import { recurrenceOn } from "./recurrence.ts";
import { addRowsAt, takeRows } from "./rows.ts";

const copyNumber = /* @__PURE__ */ unaryNumbers.get("copy")!;
const timesOneMinusSquare = /* @__PURE__ */ binaryNumbers.get("timesOneMinusSquare")!;

export interface SimdOptions {
  /** The same bits on every machine: no fused products. `false` if not given. */
  readonly deterministic?: boolean;
}

/** An arithmetic whose tensors lie in WebAssembly memory. */
export interface SimdArithmetic extends Arithmetic<SimdStore> {
  /** Which instructions it uses on this machine. */
  readonly variant: Variant;
  /** Bytes of its memory, in use or free. */
  memoryBytes(): number;
  /**
   * Runs a loop of independent multiply-adds in registers, the most that a core can do of them, and answers how many it
   * did: with a clock around it, what gemm is measured by.
   */
  calibrate(turns: number): number;
}

/**
 * The kernels of `float32` or `float64` in WebAssembly SIMD, with elementary functions of its own.
 *
 * Every sum has one accumulator over ascending indices, as everywhere. Where the machine can, gemm fuses each product into
 * its sum and rounds once, so that last bits differ from machine to machine; on one machine a call gives the same bits each
 * time, wherever its operands lie. With `deterministic` nothing is fused: the same bits on every machine, and for all
 * but tanh, sigmoid, exp, log, log1p, softmax and log-sum-exp those of the portable `float32` and `float64`. sin and cos
 * are the engine's in both.
 *
 * Tensors lie in one memory of up to 4 GiB per arithmetic, which grows and never shrinks. Those made in a scope are given
 * back at its end, those outside when they are collected as garbage, which happens between turns of the event loop.
 *
 * @example
 * ```ts
 * import { simd } from "@gradproof/arithmetic/simd";
 *
 * const A = simd("float32");
 * const out = A.empty([1, 2]);
 * A.gemm(out, A.lift([1, 2], [1, 2]), A.lift([3, 4, 5, 6], [2, 2]), "write");
 * console.log(A.lower(out).join(" ")); // -> 13 16
 * ```
 */
export function simd(format: "float32" | "float64", options: SimdOptions = {}): SimdArithmetic {
  const [bits, variant] = [bitsOf(format), variantFor(options)];
  const heap = new Heap(bits);
  const { kernels, tensorsStart } = kernelsIn(heap.memory, bits, variant);
  heap.reserve(tensorsStart);
  return arithmeticOf(format, variant, heap, kernels);
}

export function bitsOf(format: "float32" | "float64"): 32 | 64 {
  return format === "float32" ? 32 : 64;
}

export function variantFor({ deterministic = false }: SimdOptions): Variant {
  return !deterministic && supports("relaxed") ? "relaxed" : "baseline";
}

/** The arithmetic of kernels that work in the memory of that heap. */
export function arithmeticOf(
  format: "float32" | "float64",
  variant: Variant,
  heap: Heap,
  kernels: Kernels,
): SimdArithmetic {
  const portable = (format === "float32" ? float32 : float64) as Arithmetic<Float32Array | Float64Array>;
  const size = bitsOf(format) / 8;
  const arena = makeArena<SimdStore>(heap);
  const zero = heap.store(1);
  heap.numbers[zero.start] = 0;
  const calibration: Tensor<SimdStore> = { store: heap.store(8), offset: 0, shape: [8], strides: [1] };
  const zeroTensor: Tensor<SimdStore> = { store: zero, offset: 0, shape: [], strides: [] };

  /** The tensor as one of the portable arithmetic, which does what needs no speed; until the memory grows. */
  function onHeap(t: Tensor<SimdStore>): Tensor<Float32Array | Float64Array> {
    return { store: heap.numbers, offset: t.store.start + t.offset, shape: t.shape, strides: t.strides };
  }

  function address(t: Tensor<SimdStore>): number {
    return (t.store.start + t.offset) * size;
  }

  function filled(values: Tensor<Float32Array | Float64Array>): Tensor<SimdStore> {
    const t = arena.empty(values.shape);
    portable.copy(onHeap(t), values);
    return t;
  }

  function map(operation: number, out: Tensor<SimdStore>, a: Tensor<SimdStore>): void {
    if (isContiguous(out) && isPlain(a, out.shape)) {
      kernels.unary(operation, address(out), 0, size, address(a), 0, size, 1, sizeOf(out.shape));
      return;
    }
    eachPlane(out.shape, [out, a], false, ({ rows, columns, offsets, rowStrides, columnStrides }) => {
      kernels.unary(
        operation,
        (out.store.start + offsets[0]) * size,
        rowStrides[0] * size,
        columnStrides[0] * size,
        (a.store.start + offsets[1]) * size,
        rowStrides[1] * size,
        columnStrides[1] * size,
        rows,
        columns,
      );
    });
  }

  function combine(
    number: number,
    operation: string,
    out: Tensor<SimdStore>,
    a: Tensor<SimdStore>,
    b: Tensor<SimdStore>,
  ): void {
    if (isContiguous(out) && isPlain(a, out.shape)) {
      const { shape } = out;
      const count = sizeOf(shape);
      if (isPlain(b, shape)) {
        kernels.binary(number, address(out), 0, size, address(a), 0, size, address(b), 0, size, 1, count);
        return;
      }
      if (b.shape.length === 0) {
        kernels.binary(number, address(out), 0, size, address(a), 0, size, address(b), 0, 0, 1, count);
        return;
      }
      if (shape.length === 2 && b.shape.length === 1 && b.shape[0] === shape[1] && b.strides[0] === 1) {
        const [rows, columns] = shape;
        const row = columns * size;
        kernels.binary(number, address(out), row, size, address(a), row, size, address(b), 0, size, rows, columns);
        return;
      }
    }
    checkBroadcast(operation, a.shape, out.shape);
    checkBroadcast(operation, b.shape, out.shape);
    eachPlane(out.shape, [out, a, b], false, ({ rows, columns, offsets, rowStrides, columnStrides }) => {
      kernels.binary(
        number,
        (out.store.start + offsets[0]) * size,
        rowStrides[0] * size,
        columnStrides[0] * size,
        (a.store.start + offsets[1]) * size,
        rowStrides[1] * size,
        columnStrides[1] * size,
        (b.store.start + offsets[2]) * size,
        rowStrides[2] * size,
        columnStrides[2] * size,
        rows,
        columns,
      );
    });
  }

  function copy(out: Tensor<SimdStore>, a: Tensor<SimdStore>): void {
    checkBroadcast("copy", a.shape, out.shape);
    const { shape, strides } = out;
    const isTransposed = a.shape.length === 2 && strides[1] === 1 && a.strides[0] === 1 && a.strides[1] !== 1;
    if (isTransposed && sameShape(shape, a.shape)) {
      const [oRow, aColumn] = [strides[0] * size, a.strides[1] * size];
      kernels.transposed(address(out), oRow, address(a), aColumn, shape[0], shape[1]);
      return;
    }
    map(copyNumber, out, a);
  }

  function gemm(out: Tensor<SimdStore>, a: Tensor<SimdStore>, b: Tensor<SimdStore>, mode: Mode): void {
    checkGemm(out, a, b);
    if (out.shape[0] === 0 || out.shape[1] === 0) return;
    kernels.gemm(
      address(out),
      out.strides[0] * size,
      out.strides[1] * size,
      address(a),
      a.strides[0] * size,
      a.strides[1] * size,
      address(b),
      b.strides[0] * size,
      b.strides[1] * size,
      out.shape[0],
      out.shape[1],
      a.shape[1],
      mode === "accumulate" ? 1 : 0,
    );
  }

  function softmax(out: Tensor<SimdStore>, a: Tensor<SimdStore>, sums?: Tensor<SimdStore>): void {
    const tensors = sums ? [out, a, sums] : [out, a];
    eachPlane(a.shape, tensors, true, ({ rows, columns, offsets, rowStrides, columnStrides }) => {
      kernels.softmax(
        (out.store.start + offsets[0]) * size,
        rowStrides[0] * size,
        columnStrides[0] * size,
        (a.store.start + offsets[1]) * size,
        rowStrides[1] * size,
        columnStrides[1] * size,
        rows,
        columns,
        sums ? (sums.store.start + offsets[2]) * size : 0,
        sums ? rowStrides[2] * size : 0,
      );
    });
  }

  return {
    name: `simd ${format}`,
    unitRoundoff: portable.unitRoundoff,
    variant,
    memoryBytes: () => heap.bytes,
    calibrate(turns) {
      kernels.peak(turns, address(calibration));
      return turns * 12 * (16 / size);
    },
    scope: (body) => arena.scope(body),
    lasting: (body) => arena.lasting(body),
    empty: (shape) => arena.empty(shape),
    lift: (values, shape) => filled(portable.lift(values, shape)),
    round: (values, shape) => filled(portable.round(values, shape)),
    ratio(numerator, denominator) {
      checkRatio(numerator, denominator);
      const t = arena.empty([]);
      heap.numbers[t.store.start + t.offset] = numerator / denominator;
      return t;
    },
    lower: (t) => portable.lower(onHeap(t)),
    same: (a, b) => portable.same(onHeap(a), onHeap(b)),
    copy,
    gemm,

    unary(operation, out, a) {
      checkBroadcast(operation.name, a.shape, out.shape);
      const number = unaryNumbers.get(operation.name);
      if (number === undefined) portable.unary(operation, onHeap(out), onHeap(a));
      else map(number, out, a);
    },

    binary(operation, out, a, b) {
      const number = binaryNumbers.get(operation.name);
      if (number === undefined) throw new OperationError(`simd ${format}`, operation.name, "has no such operation");
      combine(number, operation.name, out, a, b);
    },

    sum(out, a, mode) {
      checkBroadcast("sum", out.shape, a.shape);
      if (
        out.shape.length === 2 &&
        a.shape.length === 2 &&
        a.shape[0] > 0 &&
        a.shape[1] > 0 &&
        isContiguous(out) &&
        isContiguous(a)
      ) {
        const [rows, columns] = a.shape;
        const oRow = out.shape[0] === 1 ? 0 : out.shape[1] * size;
        const oColumn = out.shape[1] === 1 ? 0 : size;
        const adds = mode === "accumulate" ? 1 : 0;
        kernels.sum(address(out), oRow, oColumn, address(a), columns * size, size, rows, columns, adds);
        return;
      }
      if (mode === "write") copy(out, zeroTensor);
      eachPlane(a.shape, [out, a], false, ({ rows, columns, offsets, rowStrides, columnStrides }) => {
        kernels.sum(
          (out.store.start + offsets[0]) * size,
          rowStrides[0] * size,
          columnStrides[0] * size,
          (a.store.start + offsets[1]) * size,
          rowStrides[1] * size,
          columnStrides[1] * size,
          rows,
          columns,
          1,
        );
      });
    },

    softmax(out, a) {
      checkSoftmax(out, a);
      softmax(out, a);
    },

    softmaxAndLogSumExp(out, sums, a) {
      checkSoftmax(out, a);
      checkLogSumExp(sums, a);
      softmax(out, a, sums);
    },

    logSumExp(out, a) {
      checkLogSumExp(out, a);
      eachPlane(a.shape, [out, a], true, ({ rows, columns, offsets, rowStrides, columnStrides }) => {
        kernels.logSumExp(
          (out.store.start + offsets[0]) * size,
          rowStrides[0] * size,
          (a.store.start + offsets[1]) * size,
          rowStrides[1] * size,
          columnStrides[1] * size,
          rows,
          columns,
        );
      });
    },

    timesOneMinusSquare(out, a, b) {
      combine(timesOneMinusSquare, "timesOneMinusSquare", out, a, b);
    },

    addRows(out, a, b) {
      checkAddRows(out, a, b);
      kernels.addRows(address(out), out.strides[0] * size, address(a), address(b), out.shape[0], out.shape[1]);
    },

    recurrence: recurrenceOn(heap, kernels, bitsOf(format)),
    take: (out, a, rows) => takeRows(onHeap(out), onHeap(a), rows),
    addAt: (out, rows, a) => addRowsAt(onHeap(out), rows, onHeap(a)),
  };
}

/** Whether t has that shape, its elements one behind the other. */
function isPlain(t: Tensor<SimdStore>, shape: readonly number[]): boolean {
  return sameShape(t.shape, shape) && isContiguous(t);
}
