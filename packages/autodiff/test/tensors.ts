import { type Arithmetic, at, broadcastTo, sizeOf, type Tensor } from "@gradproof/arithmetic";
import type { Variable } from "../src/variable.ts";

/** Scalar arithmetic on tensors of one element, and sums of products; for oracles that use no operation of the graph. */
export function binary<S>(
  A: Arithmetic<S>,
  operation: "add" | "subtract" | "multiply",
  a: Tensor<S>,
  b: Tensor<S>,
): Tensor<S> {
  const out = A.empty(a.shape.length >= b.shape.length ? a.shape : b.shape);
  A.binary(operation, out, a, b);
  return out;
}

/** Σ a b over all elements of two tensors of one shape. */
export function inner<S>(A: Arithmetic<S>, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  const products = elements(binary(A, "multiply", a, b));
  return products.reduce((sum, product) => binary(A, "add", sum, product), A.ratio(0, 1));
}

/** Every element as a scalar, row-major. */
export function elements<S>(t: Tensor<S>): Tensor<S>[] {
  if (t.shape.length === 0) return [t];
  return Array.from({ length: t.shape[0] }, (_, i) => elements(at(t, i))).flat();
}

/** A tensor of scalars, row-major. */
export function assemble<S>(A: Arithmetic<S>, scalars: readonly Tensor<S>[], shape: readonly number[]): Tensor<S> {
  if (scalars.length !== sizeOf(shape)) throw new RangeError(`assemble: ${scalars.length} elements for [${shape}]`);
  const out = A.empty(shape);
  elements(out).forEach((place, i) => {
    A.copy(place, scalars[i]);
  });
  return out;
}

export function isZero<S>(A: Arithmetic<S>, t: Tensor<S>): boolean {
  return A.same(t, broadcastTo(A.ratio(0, 1), t.shape));
}

/** The elements of a variable as numbers. */
export function numbers<S>(a: Variable<S>): number[] {
  return [...a.arithmetic.lower(a.value)];
}
