import type { Tensor } from "@gradproof/arithmetic";
import { reshape, sumTo, take, transpose } from "./movement.ts";
import { broadcastShape } from "./shape.ts";
import { node, type Variable, wrap } from "./variable.ts";

/** Arithmetic and functions, element by element with NumPy's broadcasting; each rule stands beside its operation. */

/** a + b        da = ȳ, db = ȳ */
export function add<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  return node(a.arithmetic, "add", elementwise("add", a, b), [a, b], [
    function addVjpLeft(ct) {
      return sumTo(ct, a.shape);
    },
    function addVjpRight(ct) {
      return sumTo(ct, b.shape);
    },
  ]);
}

/** a − b        da = ȳ, db = −ȳ */
export function subtract<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  return node(a.arithmetic, "subtract", elementwise("subtract", a, b), [a, b], [
    function subtractVjpLeft(ct) {
      return sumTo(ct, a.shape);
    },
    function subtractVjpRight(ct) {
      return negate(sumTo(ct, b.shape));
    },
  ]);
}

/** a b        da = b ȳ, db = a ȳ */
export function multiply<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  return node(a.arithmetic, "multiply", elementwise("multiply", a, b), [a, b], [
    function multiplyVjpLeft(ct) {
      return sumTo(multiply(ct, b), a.shape);
    },
    function multiplyVjpRight(ct) {
      return sumTo(multiply(ct, a), b.shape);
    },
  ]);
}

/** −a        da = −ȳ */
export function negate<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "negate", mapped("negate", a), [a], [function negateVjp(ct) {
    return negate(ct);
  }]);
}

/** a²        da = 2 a ȳ */
export function square<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "square", mapped("square", a), [a], [function squareVjp(ct) {
    const half = multiply(ct, a);
    return add(half, half);
  }]);
}

/** tanh a        da = (1 − tanh² a) ȳ */
export function tanh<S>(a: Variable<S>): Variable<S> {
  const out: Variable<S> = node(a.arithmetic, "tanh", mapped("tanh", a), [a], [function tanhVjp(ct) {
    return subtract(ct, multiply(ct, multiply(out, out)));
  }]);
  return out;
}

/** max(a, 0)        da = ȳ where a > 0, else 0: relu′(0) = 0 */
export function relu<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "relu", mapped("relu", a), [a], [function reluVjp(ct) {
    return multiply(ct, positive(a));
  }]);
}

/** 1 where a > 0, else 0; its derivative is 0 wherever it has one. */
function positive<S>(a: Variable<S>): Variable<S> {
  return wrap(a.arithmetic, mapped("step", a));
}

/** a [M, K] b [K, N]        da = ȳ bᵀ, db = aᵀ ȳ */
export function matmul<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = A.empty([a.shape[0], b.shape[1]]);
  A.gemm(value, a.value, b.value, "write");
  return node(A, "matmul", value, [a, b], [
    function matmulVjpLeft(ct) {
      return matmul(ct, transpose(b));
    },
    function matmulVjpRight(ct) {
      return matmul(transpose(a), ct);
    },
  ]);
}

/** Softmax along the last axis        da = p ⊙ (ȳ − Σ p ȳ) */
export function softmax<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = A.empty(a.shape);
  A.softmax(value, a.value);
  const p: Variable<S> = node(A, "softmax", value, [a], [function softmaxVjp(ct) {
    const weighted = multiply(p, ct);
    return subtract(weighted, multiply(p, sumTo(weighted, rowTotals(a.shape))));
  }]);
  return p;
}

/** log Σ exp along the last axis: [..., N] to [..., 1]        da = softmax(a) ȳ */
export function logSumExp<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = A.empty(rowTotals(a.shape));
  A.logSumExp(value, a.value);
  return node(A, "logSumExp", value, [a], [function logSumExpVjp(ct) {
    return multiply(softmax(a), ct);
  }]);
}

/**
 * −log softmax(logits)[class] of each row: logits [N, O], N classes, to [N].
 *
 * @throws RangeError for a class that is not an integer in [0, O).
 */
export function softmaxCrossEntropy<S>(logits: Variable<S>, classes: ArrayLike<number>): Variable<S> {
  const [rows, width] = logits.shape;
  const places = Array.from(classes, (label, row) => {
    if (!(Number.isInteger(label) && label >= 0 && label < width)) {
      throw new RangeError(`softmaxCrossEntropy: class ${label} at row ${row}; expected an integer in [0, ${width})`);
    }
    return row * width + label;
  });
  const chosen = take(reshape(logits, [rows * width]), places);
  return subtract(reshape(logSumExp(logits), [rows]), chosen);
}

function rowTotals(shape: readonly number[]): number[] {
  return [...shape.slice(0, -1), 1];
}

function elementwise<S>(operation: "add" | "subtract" | "multiply", a: Variable<S>, b: Variable<S>): Tensor<S> {
  const A = a.arithmetic;
  const value = A.empty(broadcastShape(operation, a.shape, b.shape));
  A.binary(operation, value, a.value, b.value);
  return value;
}

function mapped<S>(operation: "negate" | "square" | "tanh" | "relu" | "step", a: Variable<S>): Tensor<S> {
  const value = a.arithmetic.empty(a.shape);
  a.arithmetic.unary(operation, value, a.value);
  return value;
}
