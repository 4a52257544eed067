import type { DualStore } from "./dual.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "./field.ts";

export interface DualRules<S> {
  readonly unary: Record<UnaryOperation, UnarySlot<DualStore<S>>>;
  readonly binary: Record<BinaryOperation, BinarySlot<DualStore<S>>>;
  readonly multiplyAdd: Field<DualStore<S>>["multiplyAdd"];
  /** Only called where the base field has the operation. */
  readonly softmaxRow: NonNullable<Field<DualStore<S>>["softmaxRow"]>;
  readonly logSumExpRow: NonNullable<Field<DualStore<S>>["logSumExpRow"]>;
}

/**
 * The derivative of each operation along a direction, value at slot 2i and derivative at 2i + 1 of the base's store.
 * Each rule forms the derivative in scratch while the inputs are whole, then writes the value and last the derivative, so
 * an output may be any of the inputs.
 */
export function dualRules<S>(field: Field<S>): DualRules<S> {
  const [add, subtract, multiply] = [field.binary("add"), field.binary("subtract"), field.binary("multiply")];
  const divide = field.binary("divide");
  const [negate, square, oneMinus] = [field.unary("negate"), field.unary("square"), field.unary("oneMinus")];
  const [reciprocal, step] = [field.unary("reciprocal"), field.unary("step")];
  const [sin, cos] = [field.unary("sin"), field.unary("cos")];
  const maximum = field.binary("maximum");

  const w = field.store(5);
  const derivative = 0;
  const value = 1;
  const zero = 2;
  const one = 3;
  const other = 4;
  field.lift(w, zero, 0);
  field.lift(w, one, 1);

  /** o[i] ← value and derivative of scratch. */
  function put(o: DualStore<S>, i: number): void {
    field.copy(o.base, 2 * i, w, value);
    field.copy(o.base, 2 * i + 1, w, derivative);
  }

  /** Both parts by one linear operation. */
  const linear =
    (f: BinarySlot<S>): BinarySlot<DualStore<S>> =>
    (o, i, a, j, b, k) => {
      f(w, derivative, a.base, 2 * j + 1, b.base, 2 * k + 1);
      f(o.base, 2 * i, a.base, 2 * j, b.base, 2 * k);
      field.copy(o.base, 2 * i + 1, w, derivative);
    };

  /** f(a), and a derivative that `rule` leaves in scratch, given the value there. */
  const elementary = (f: UnarySlot<S>, rule: (a: S, j: number) => void): UnarySlot<DualStore<S>> => {
    return (o, i, a, j) => {
      f(w, value, a.base, 2 * j);
      rule(a.base, 2 * j);
      put(o, i);
    };
  };

  const unary: Record<UnaryOperation, UnarySlot<DualStore<S>>> = {
    // d(-a) = -da
    negate(o, i, a, j) {
      negate(o.base, 2 * i, a.base, 2 * j);
      negate(o.base, 2 * i + 1, a.base, 2 * j + 1);
    },
    // d(1 - a) = -da
    oneMinus(o, i, a, j) {
      oneMinus(o.base, 2 * i, a.base, 2 * j);
      negate(o.base, 2 * i + 1, a.base, 2 * j + 1);
    },
    // d(a²) = a da + a da
    square: elementary(square, (a, j) => {
      multiply(w, derivative, a, j, a, j + 1);
      add(w, derivative, w, derivative, w, derivative);
    }),
    // d(1/a) = -r² da, r = 1/a
    reciprocal: elementary(reciprocal, (a, j) => {
      square(w, derivative, w, value);
      multiply(w, derivative, w, derivative, a, j + 1);
      negate(w, derivative, w, derivative);
    }),
    // d tanh a = (1 - h²) da, h = tanh a
    tanh: elementary(field.unary("tanh"), (a, j) => {
      square(w, derivative, w, value);
      oneMinus(w, derivative, w, derivative);
      multiply(w, derivative, w, derivative, a, j + 1);
    }),
    // d sigmoid a = s (1 - s) da, s = sigmoid a
    sigmoid: elementary(field.unary("sigmoid"), (a, j) => {
      oneMinus(w, derivative, w, value);
      multiply(w, derivative, w, derivative, w, value);
      multiply(w, derivative, w, derivative, a, j + 1);
    }),
    // d exp a = exp a da
    exp: elementary(field.unary("exp"), (a, j) => multiply(w, derivative, w, value, a, j + 1)),
    // d log a = da / a
    log: elementary(field.unary("log"), (a, j) => divide(w, derivative, a, j + 1, a, j)),
    // d log(1 + a) = da / (1 + a)
    log1p: elementary(field.unary("log1p"), (a, j) => {
      add(w, derivative, w, one, a, j);
      divide(w, derivative, a, j + 1, w, derivative);
    }),
    // d sin a = cos a da
    sin: elementary(sin, (a, j) => {
      cos(w, derivative, a, j);
      multiply(w, derivative, w, derivative, a, j + 1);
    }),
    // d cos a = -sin a da
    cos: elementary(cos, (a, j) => {
      sin(w, derivative, a, j);
      multiply(w, derivative, w, derivative, a, j + 1);
      negate(w, derivative, w, derivative);
    }),
    // d √a = da / (s + s), s = √a
    sqrt: elementary(field.unary("sqrt"), (a, j) => {
      add(w, derivative, w, value, w, value);
      divide(w, derivative, a, j + 1, w, derivative);
    }),
    // d relu a = step(a) da, chosen and not multiplied, so that 0 times an infinite da stays 0
    relu: elementary(field.unary("relu"), (a, j) => {
      step(w, derivative, a, j);
      if (field.lower(w, derivative) > 0) field.copy(w, derivative, a, j + 1);
      else field.copy(w, derivative, w, zero);
    }),
    // d step a = 0
    step: elementary(step, () => field.copy(w, derivative, w, zero)),
    // d sign a = 0
    sign: elementary(field.unary("sign"), () => field.copy(w, derivative, w, zero)),
  };

  const binary: Record<BinaryOperation, BinarySlot<DualStore<S>>> = {
    add: linear(add),
    subtract: linear(subtract),
    // d(ab) = da b + a db
    multiply(o, i, a, j, b, k) {
      multiply(w, derivative, a.base, 2 * j + 1, b.base, 2 * k);
      field.multiplyAdd(w, derivative, a.base, 2 * j, b.base, 2 * k + 1);
      multiply(o.base, 2 * i, a.base, 2 * j, b.base, 2 * k);
      field.copy(o.base, 2 * i + 1, w, derivative);
    },
    // d(a/b) = (da - q db) / b, q = a/b
    divide(o, i, a, j, b, k) {
      divide(w, value, a.base, 2 * j, b.base, 2 * k);
      multiply(w, derivative, w, value, b.base, 2 * k + 1);
      subtract(w, derivative, a.base, 2 * j + 1, w, derivative);
      divide(w, derivative, w, derivative, b.base, 2 * k);
      put(o, i);
    },
    // d max(a, b) is that of the larger one, the mean of both where they are equal
    maximum(o, i, a, j, b, k) {
      maximum(w, value, a.base, 2 * j, b.base, 2 * k);
      const [left, right] = [field.lower(a.base, 2 * j), field.lower(b.base, 2 * k)];
      if (left === right) {
        add(w, other, w, one, w, one);
        add(w, derivative, a.base, 2 * j + 1, b.base, 2 * k + 1);
        divide(w, derivative, w, derivative, w, other);
      } else if (left > right || Number.isNaN(left)) field.copy(w, derivative, a.base, 2 * j + 1);
      else field.copy(w, derivative, b.base, 2 * k + 1);
      put(o, i);
    },
  };

  /** d(o + ab) = do + da b + a db */
  function multiplyAdd(o: DualStore<S>, i: number, a: DualStore<S>, j: number, b: DualStore<S>, k: number): void {
    field.copy(w, derivative, o.base, 2 * i + 1);
    field.multiplyAdd(w, derivative, a.base, 2 * j + 1, b.base, 2 * k);
    field.multiplyAdd(w, derivative, a.base, 2 * j, b.base, 2 * k + 1);
    field.multiplyAdd(o.base, 2 * i, a.base, 2 * j, b.base, 2 * k);
    field.copy(o.base, 2 * i + 1, w, derivative);
  }

  /** w[derivative] ← Σ p[n] dz[n] */
  function weightedDerivative(
    p: S,
    i: number,
    pStride: number,
    z: S,
    j: number,
    zStride: number,
    length: number,
  ): void {
    field.copy(w, derivative, w, zero);
    for (let n = 0; n < length; n++) field.multiplyAdd(w, derivative, p, i + n * pStride, z, j + 1 + n * zStride);
  }

  /** dpₙ = pₙ (dzₙ - Σ p dz) */
  const softmaxRow: DualRules<S>["softmaxRow"] = (o, i, oStride, a, j, aStride, length) => {
    field.softmaxRow?.(o.base, 2 * i, 2 * oStride, a.base, 2 * j, 2 * aStride, length);
    weightedDerivative(o.base, 2 * i, 2 * oStride, a.base, 2 * j, 2 * aStride, length);
    for (let n = 0; n < length; n++) {
      const p = 2 * (i + n * oStride);
      subtract(o.base, p + 1, a.base, 2 * (j + n * aStride) + 1, w, derivative);
      multiply(o.base, p + 1, o.base, p + 1, o.base, p);
    }
  };

  let row = field.store(8);
  let rowLength = 8;
  /** d lse = Σ p dz, p = softmax z */
  const logSumExpRow: DualRules<S>["logSumExpRow"] = (o, i, a, j, aStride, length) => {
    if (length > rowLength) {
      row = field.store(length);
      rowLength = length;
    }
    field.softmaxRow?.(row, 0, 1, a.base, 2 * j, 2 * aStride, length);
    weightedDerivative(row, 0, 1, a.base, 2 * j, 2 * aStride, length);
    field.logSumExpRow?.(o.base, 2 * i, a.base, 2 * j, 2 * aStride, length);
    field.copy(o.base, 2 * i + 1, w, derivative);
  };

  return { unary, binary, multiplyAdd, softmaxRow, logSumExpRow };
}
