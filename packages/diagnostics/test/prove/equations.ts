import {
  type Arithmetic,
  type BinaryOperation,
  logSumExp,
  reshape,
  softmax,
  type Tensor,
  type UnaryOperation,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Derivation } from "../../src/prove/derivation.ts";

/** Kernels that answer new tensors, for formulas. */
export interface Formulas<S> {
  readonly A: Arithmetic<S>;
  readonly x: Tensor<S>;
  readonly y: Tensor<S>;
  readonly number: (numerator: number, denominator?: number) => Tensor<S>;
  readonly unary: (operation: UnaryOperation, a: Tensor<S>) => Tensor<S>;
  readonly binary: (operation: BinaryOperation, a: Tensor<S>, b: Tensor<S>) => Tensor<S>;
  readonly softmax: (a: Tensor<S>) => Tensor<S>;
  readonly logSumExp: (a: Tensor<S>) => Tensor<S>;
}

export type Formula = <S>(f: Formulas<S>) => Tensor<S>;

/** A derivation of one quantity, from two vectors x and y [N]. */
export function derivation(formula: Formula): Derivation {
  return (A, { x, y }) => {
    const made = <S>(shape: readonly number[], fill: (out: Tensor<S>) => void, B: Arithmetic<S>): Tensor<S> => {
      const out = B.empty(shape);
      fill(out);
      return out;
    };
    const value = formula({
      A,
      x,
      y,
      number: (numerator, denominator = 1) => A.ratio(numerator, denominator),
      unary: (operation, a) => made(a.shape, (out) => A.unary(op[operation] ?? { name: operation }, out, a), A),
      binary: (operation, a, b) =>
        made(a.shape.length >= b.shape.length ? a.shape : b.shape, (out) => A.binary(op[operation], out, a, b), A),
      softmax: (a) => made(a.shape, (out) => softmax(A, out, a), A),
      logSumExp: (a) => made([1], (out) => logSumExp(A, out, a), A),
    });
    return { value: reshape(value, value.shape) };
  };
}
