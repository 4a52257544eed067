import type { Arithmetic, BinaryOperation, Tensor, UnaryOperation } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";

/** Tensors element by element, each a scalar that the kernels compute: slow, and nothing to get wrong. */

/** A tensor of that shape, filled. */
export function made<S>(A: Arithmetic<S>, shape: readonly number[], fill: (out: Tensor<S>) => void): Tensor<S> {
  const out = A.empty(shape);
  fill(out);
  return out;
}

/** The same in memory of its own, row-major. */
export function owned<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  return made(A, t.shape, (out) => A.copy(out, t));
}

/** All indices, the last axis counting fastest. */
export function indices(shape: readonly number[]): readonly (readonly number[])[] {
  return shape.reduce<readonly (readonly number[])[]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}

/** One element as a scalar, a view. */
export function element<S>({ store, offset, strides }: Tensor<S>, index: readonly number[]): Tensor<S> {
  return { store, offset: index.reduce((place, i, axis) => place + i * strides[axis], offset), shape: [], strides: [] };
}

/** The tensor with this scalar at each index. */
export function tabulated<S>(
  A: Arithmetic<S>,
  shape: readonly number[],
  at: (index: readonly number[]) => Tensor<S>,
): Tensor<S> {
  return made(A, shape, (out) => {
    for (const index of indices(shape)) A.copy(element(out, index), at(index));
  });
}

/** Arithmetic of scalars, and of tensors of one shape. */
export function calculator<S>(A: Arithmetic<S>) {
  const unary = (operation: UnaryOperation, a: Tensor<S>) => made(A, a.shape, (out) => A.unary(op[operation], out, a));
  const binary = (operation: BinaryOperation, a: Tensor<S>, b: Tensor<S>) =>
    made(A, a.shape, (out) => A.binary(op[operation], out, a, b));
  const zero = A.ratio(0, 1);
  const one = A.ratio(1, 1);
  return {
    zero,
    one,
    unary,
    binary,
    total: (terms: readonly Tensor<S>[]) => terms.reduce((sum, term) => binary("add", sum, term), zero),
    product: (factors: readonly Tensor<S>[]) => factors.reduce((all, factor) => binary("multiply", all, factor), one),
    isZero: (a: Tensor<S>) => A.lower(a)[0] === 0,
  };
}

export type Calculator<S> = ReturnType<typeof calculator<S>>;
