import { ShapeError, type Tensor } from "@gradproof/arithmetic";
import { reshape, sumTo, take, transpose } from "./movement.ts";
import { broadcastShape } from "./shape.ts";
import { commonArithmetic, node, type Variable, type Vjp, wrap } from "./variable.ts";

/** Arithmetic and functions, element by element with NumPy's broadcasting; each rule stands beside its operation. */

/** a + b        da = ȳ, db = ȳ */
export function add<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const addVjpLeft: Vjp<S> = (ct) => sumTo(ct, a.shape);
  const addVjpRight: Vjp<S> = (ct) => sumTo(ct, b.shape);
  return node(a.arithmetic, "add", elementwise("add", a, b), [a, b], [addVjpLeft, addVjpRight]);
}

/** a − b        da = ȳ, db = −ȳ */
export function subtract<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const subtractVjpLeft: Vjp<S> = (ct) => sumTo(ct, a.shape);
  const subtractVjpRight: Vjp<S> = (ct) => negate(sumTo(ct, b.shape));
  return node(a.arithmetic, "subtract", elementwise("subtract", a, b), [a, b], [subtractVjpLeft, subtractVjpRight]);
}

/** a b        da = b ȳ, db = a ȳ */
export function multiply<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const multiplyVjpLeft: Vjp<S> = (ct) => sumTo(multiply(ct, b), a.shape);
  const multiplyVjpRight: Vjp<S> = (ct) => sumTo(multiply(ct, a), b.shape);
  return node(a.arithmetic, "multiply", elementwise("multiply", a, b), [a, b], [multiplyVjpLeft, multiplyVjpRight]);
}

/** −a        da = −ȳ */
export function negate<S>(a: Variable<S>): Variable<S> {
  const negateVjp: Vjp<S> = (ct) => negate(ct);
  return node(a.arithmetic, "negate", mapped("negate", a), [a], [negateVjp]);
}

/** a²        da = 2 a ȳ */
export function square<S>(a: Variable<S>): Variable<S> {
  const squareVjp: Vjp<S> = (ct) => {
    const half = multiply(ct, a);
    return add(half, half);
  };
  return node(a.arithmetic, "square", mapped("square", a), [a], [squareVjp]);
}

/** tanh a        da = (1 − tanh² a) ȳ */
export function tanh<S>(a: Variable<S>): Variable<S> {
  const tanhVjp: Vjp<S> = (ct) => subtract(ct, multiply(ct, multiply(out, out)));
  const out = node(a.arithmetic, "tanh", mapped("tanh", a), [a], [tanhVjp]);
  return out;
}

/** max(a, 0)        da = ȳ where a > 0, else 0: relu′(0) = 0 */
export function relu<S>(a: Variable<S>): Variable<S> {
  const reluVjp: Vjp<S> = (ct) => multiply(ct, positive(a));
  return node(a.arithmetic, "relu", mapped("relu", a), [a], [reluVjp]);
}

/** 1 where a > 0, else 0; its derivative is 0 wherever it has one. */
function positive<S>(a: Variable<S>): Variable<S> {
  return wrap(a.arithmetic, mapped("step", a));
}

/** a [M, K] b [K, N]        da = ȳ bᵀ, db = aᵀ ȳ */
export function matmul<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = commonArithmetic("matmul", a, b);
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0]) {
    throw new ShapeError("matmul", "[M, K] and [K, N]", a.shape, b.shape);
  }
  const value = A.empty([a.shape[0], b.shape[1]]);
  A.gemm(value, a.value, b.value, "write");
  const matmulVjpLeft: Vjp<S> = (ct) => matmul(ct, transpose(b));
  const matmulVjpRight: Vjp<S> = (ct) => matmul(transpose(a), ct);
  return node(A, "matmul", value, [a, b], [matmulVjpLeft, matmulVjpRight]);
}

/** Softmax along the last axis        da = p ⊙ (ȳ − Σ p ȳ) */
export function softmax<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const totals = rowTotals("softmax", a.shape);
  const value = A.empty(a.shape);
  A.softmax(value, a.value);
  const softmaxVjp: Vjp<S> = (ct) => {
    const weighted = multiply(p, ct);
    return subtract(weighted, multiply(p, sumTo(weighted, totals)));
  };
  const p = node(A, "softmax", value, [a], [softmaxVjp]);
  return p;
}

/** log Σ exp along the last axis: [..., N] to [..., 1]        da = softmax(a) ȳ */
export function logSumExp<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = A.empty(rowTotals("logSumExp", a.shape));
  A.logSumExp(value, a.value);
  const logSumExpVjp: Vjp<S> = (ct) => multiply(softmax(a), ct);
  return node(A, "logSumExp", value, [a], [logSumExpVjp]);
}

/**
 * −log softmax(logits)[class] of each row: logits [N, O], N classes, to [N].
 *
 * @throws ShapeError for logits of another rank or another number of classes.
 * @throws RangeError for a class that is not an integer in [0, O).
 */
export function softmaxCrossEntropy<S>(logits: Variable<S>, classes: ArrayLike<number>): Variable<S> {
  const [rows, width] = logits.shape;
  if (logits.shape.length !== 2 || classes.length !== rows) {
    throw new ShapeError("softmaxCrossEntropy", "logits [N, O] and N classes", logits.shape, [classes.length]);
  }
  const places = Array.from(classes, (label, row) => {
    if (!(Number.isInteger(label) && label >= 0 && label < width)) {
      throw new RangeError(`softmaxCrossEntropy: class ${label} at row ${row}; expected an integer in [0, ${width})`);
    }
    return row * width + label;
  });
  const chosen = take(reshape(logits, [rows * width]), places);
  return subtract(reshape(logSumExp(logits), [rows]), chosen);
}

/** The shape of one number per row (last axis). */
function rowTotals(operation: string, shape: readonly number[]): number[] {
  if (shape.length === 0) throw new ShapeError(operation, "at least one axis", shape);
  return [...shape.slice(0, -1), 1];
}

function elementwise<S>(operation: "add" | "subtract" | "multiply", a: Variable<S>, b: Variable<S>): Tensor<S> {
  const A = commonArithmetic(operation, a, b);
  const value = A.empty(broadcastShape(operation, a.shape, b.shape));
  A.binary(operation, value, a.value, b.value);
  return value;
}

function mapped<S>(operation: "negate" | "square" | "tanh" | "relu" | "step", a: Variable<S>): Tensor<S> {
  const value = a.arithmetic.empty(a.shape);
  a.arithmetic.unary(operation, value, a.value);
  return value;
}
