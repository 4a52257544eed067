import { makeArena } from "./arena.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { checkGemm, checkRatio, checkValues } from "./checks.ts";
import { LiftError } from "./errors.ts";
import { gemmFloat32 } from "./gemm-float32.ts";
import { gemmFloat64 } from "./gemm-float64.ts";
import type { FloatArray, UnaryRow } from "./operations.ts";
import { contiguousStrides, sameShape, sizeOf, type Tensor } from "./tensor.ts";
import { broadcastTo } from "./view.ts";
import { eachStretch } from "./walk.ts";

type Gemm<S> = (out: Tensor<S>, a: Tensor<S>, b: Tensor<S>) => void;

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
  "a finite number of single precision; round() rounds",
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

  function fill(operation: string, values: ArrayLike<number>, shape: readonly number[]): Tensor<S> {
    checkValues(operation, values, shape);
    const t = arena.empty(shape);
    t.store.set(values, t.offset);
    return t;
  }

  const zero = fill("ratio", [0], []);

  function unary(name: string, row: UnaryRow, out: Tensor<S>, a: Tensor<S>): void {
    const from = broadcastTo(a, out.shape, name);
    eachStretch(out, from, from, (o, os, i, as, _j, _js, length) => {
      row(out.store, o, os, from.store, i, as, length);
    });
  }

  function copy(out: Tensor<S>, a: Tensor<S>): void {
    unary("copy", copyRow, out, a);
  }

  function lower(t: Tensor<S>): Float64Array {
    const numbers = new Float64Array(sizeOf(t.shape));
    copy({ store: numbers as S, offset: 0, shape: t.shape, strides: contiguousStrides(t.shape) }, t);
    return numbers;
  }

  return {
    name,
    unitRoundoff: 2 ** -significandBits,
    scope: arena.scope,
    lasting: arena.lasting,
    empty: arena.empty,
    round: (values, shape) => fill("round", values, shape),

    lift(values, shape) {
      const t = fill("lift", values, shape);
      for (let i = 0; i < values.length; i++) {
        const isExact = Number.isFinite(values[i]) && t.store[t.offset + i] === values[i];
        if (!isExact) throw new LiftError(name, values[i], exact);
      }
      return t;
    },

    ratio(numerator, denominator) {
      checkRatio(numerator, denominator);
      return fill("ratio", [numerator / denominator], []);
    },

    lower,

    same(a, b) {
      const numbers = lower(b);
      return sameShape(a.shape, b.shape) && lower(a).every((x, i) => Object.is(x, numbers[i]));
    },

    copy,

    gemm(out, a, b, mode) {
      checkGemm(out, a, b);
      if (mode === "write") copy(out, zero);
      multiply(out, a, b);
    },

    unary: ({ name, row = refuse }, out, a) => unary(name, row, out, a),

    binary({ name, row = refuse }, out, a, b) {
      const [left, right] = [broadcastTo(a, out.shape, name), broadcastTo(b, out.shape, name)];
      eachStretch(out, left, right, (o, os, i, ls, j, rs, length) => {
        row(out.store, o, os, left.store, i, ls, right.store, j, rs, length);
      });
    },

    sum(out, a, mode) {
      const onto = broadcastTo(out, a.shape, "sum");
      if (mode === "write") copy(out, zero);
      unary("sum", addRow, onto, a);
    },
  };
}

/** Types rule out what is no operation, but plain JavaScript calls too. */
function refuse(): never {
  throw new TypeError("expected an operation, such as op.tanh");
}

const copyRow: UnaryRow = (o, i, os, a, j, as, length) => {
  for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as];
};

/** o[i + n os] ← o[i + n os] + a[j + n as] */
const addRow: UnaryRow = (o, i, os, a, j, as, length) => {
  for (let n = 0; n < length; n++) o[i + n * os] += a[j + n * as];
};
