import { type Arithmetic, broadcastTo, reshape, sizeOf, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";

/** a b c ..., in the order given. */
export function times<S>(A: Arithmetic<S>, first: Tensor<S>, ...factors: readonly Tensor<S>[]): Tensor<S> {
  return factors.reduce((product, factor) => {
    const out = A.empty([product.shape[0], factor.shape[1]]);
    A.gemm(out, product, factor, "write");
    return out;
  }, first);
}

/** a + b + ... */
export function plus<S>(A: Arithmetic<S>, first: Tensor<S>, ...terms: readonly Tensor<S>[]): Tensor<S> {
  return terms.reduce((sum, term) => elementwise(A, op.add, sum, term), first);
}

/** a − b */
export function minus<S>(A: Arithmetic<S>, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  return elementwise(A, op.subtract, a, b);
}

/** c a for a scalar c, or a ⊙ b. */
export function scaled<S>(A: Arithmetic<S>, c: Tensor<S>, a: Tensor<S>): Tensor<S> {
  return elementwise(A, op.multiply, a, c);
}

/** a / b, element by element. */
export function over<S>(A: Arithmetic<S>, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  return elementwise(A, op.divide, a, b);
}

export function tanh<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return mapped(A, op.tanh, u);
}

export function exp<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return mapped(A, op.exp, u);
}

export function negative<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return mapped(A, op.negate, u);
}

export function squared<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return mapped(A, op.square, u);
}

/** 1 − a */
export function oneMinus<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  return mapped(A, op.oneMinus, a);
}

/** 1 − a², element by element. */
export function oneMinusSquare<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  return oneMinus(A, squared(A, a));
}

export function zeros<S>(A: Arithmetic<S>, shape: readonly number[]): Tensor<S> {
  return copied(A, broadcastTo(A.ratio(0, 1), shape));
}

/** I [n, n] */
export function identity<S>(A: Arithmetic<S>, n: number): Tensor<S> {
  return diagonal(A, copied(A, broadcastTo(A.ratio(1, 1), [n, 1])));
}

/** diag(v) [n, n] of v [n, 1] */
export function diagonal<S>(A: Arithmetic<S>, v: Tensor<S>): Tensor<S> {
  const n = v.shape[0];
  const out = zeros(A, [n, n]);
  A.copy({ store: out.store, offset: out.offset, shape: [n], strides: [n + 1] }, reshape(copied(A, v), [n]));
  return out;
}

/** ∂(W v)/∂W = I ⊗ vᵀ [n, n·l] for W [n, l] in row-major order and v [l, 1] */
export function byWeight<S>(A: Arithmetic<S>, n: number, v: Tensor<S>): Tensor<S> {
  const l = v.shape[0];
  const out = zeros(A, [n, n * l]);
  const blocks = { store: out.store, offset: out.offset, shape: [n, l], strides: [n * l + l, 1] };
  A.copy(blocks, broadcastTo(reshape(copied(A, v), [1, l]), [n, l]));
  return out;
}

/** The elements of a tensor as a row [1, N]. */
export function row<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  return reshape(copied(A, t), [1, sizeOf(t.shape)]);
}

export function copied<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  const out = A.empty(t.shape);
  A.copy(out, t);
  return out;
}

/** ⟨a, b⟩, a scalar. */
export function inner<S>(A: Arithmetic<S>, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  const products = row(A, elementwise(A, op.multiply, a, b));
  const total = A.empty([1, 1]);
  A.sum(total, products, "write");
  return reshape(total, []);
}

/** det a for a [n, n], n up to 3, by expansion along the first row. */
export function determinant<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  const n = a.shape[0];
  const element = (i: number, j: number): Tensor<S> => ({
    store: a.store,
    offset: a.offset + i * a.strides[0] + j * a.strides[1],
    shape: [],
    strides: [],
  });
  const cofactors = (rows: readonly number[], columns: readonly number[]): Tensor<S> => {
    const [first, ...rest] = rows;
    if (rest.length === 0) return element(first, columns[0]);
    return columns
      .map((column, place) => {
        const minor = cofactors(
          rest,
          columns.filter((other) => other !== column),
        );
        const term = scaled(A, element(first, column), minor);
        return place % 2 === 0 ? term : negative(A, term);
      })
      .reduce((sum, term) => plus(A, sum, term));
  };
  const places = Array.from({ length: n }, (_, i) => i);
  return cofactors(places, places);
}

function elementwise<S>(A: Arithmetic<S>, operation: op.Binary, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  const out = A.empty(a.shape);
  A.binary(operation, out, a, b);
  return out;
}

function mapped<S>(A: Arithmetic<S>, operation: op.Unary, a: Tensor<S>): Tensor<S> {
  const out = A.empty(a.shape);
  A.unary(operation, out, a);
  return out;
}
