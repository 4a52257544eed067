import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import type * as op from "@gradproof/arithmetic/operations";
import { commonArithmetic, type Variable } from "../variable.ts";
import { broadcastShape } from "./shape.ts";

/** Values of operations: new tensors made by the kernels. */

/** f(a), element by element. */
export function mapped<S>(operation: op.Unary, a: Variable<S>): Tensor<S> {
  const value = a.arithmetic.empty(a.shape);
  a.arithmetic.unary(operation, value, a.value);
  return value;
}

/** f(a, b), element by element with NumPy's broadcasting. */
export function combined<S>(operation: op.Binary, a: Variable<S>, b: Variable<S>): Tensor<S> {
  const A = commonArithmetic(operation.name, a, b);
  const value = A.empty(broadcastShape(operation.name, a.shape, b.shape));
  A.binary(operation, value, a.value, b.value);
  return value;
}

/** The tensor broadcast to a shape, each element in a place of its own, row-major. */
export function filled<S>(A: Arithmetic<S>, shape: readonly number[], t: Tensor<S>): Tensor<S> {
  const value = A.empty(shape);
  A.copy(value, t);
  return value;
}
