import {
  type Arithmetic,
  at,
  type BinaryOperation,
  broadcastTo,
  sizeOf,
  type Tensor,
  type UnaryOperation,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Variable } from "../src/variable.ts";

/** Scalar arithmetic on tensors of one element, and sums of products; for oracles that use no operation of the graph. */
export function binary<S>(A: Arithmetic<S>, operation: BinaryOperation, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  const out = A.empty(a.shape.length >= b.shape.length ? a.shape : b.shape);
  A.binary(op[operation], out, a, b);
  return out;
}

export function unary<S>(A: Arithmetic<S>, operation: UnaryOperation, a: Tensor<S>): Tensor<S> {
  const out = A.empty(a.shape);
  A.unary(op[operation], out, a);
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

/** Where element `place` of a tensor of the shape `out` comes from in one that is broadcast to it. */
export function origin(place: number, out: readonly number[], shape: readonly number[]): number {
  let [rest, index, stride] = [place, 0, 1];
  for (let axis = out.length - 1; axis >= 0; axis--) {
    const own = axis - (out.length - shape.length);
    const position = rest % out[axis];
    rest = Math.floor(rest / out[axis]);
    if (own < 0) continue;
    if (shape[own] !== 1) index += position * stride;
    stride *= shape[own];
  }
  return index;
}

/** What a tensor of that shape is owed if it was broadcast: each element is added to where it comes from. */
export function broughtBack<S>(A: Arithmetic<S>, t: Tensor<S>, shape: readonly number[]): Tensor<S> {
  const totals = new Array<Tensor<S>>(sizeOf(shape)).fill(A.ratio(0, 1));
  elements(t).forEach((element, place) => {
    const to = origin(place, t.shape, shape);
    totals[to] = binary(A, "add", totals[to], element);
  });
  return assemble(A, totals, shape);
}

/** The tensor broadcast to a shape, element by element. */
export function broadcast<S>(A: Arithmetic<S>, t: Tensor<S>, shape: readonly number[]): Tensor<S> {
  const all = elements(t);
  return assemble(
    A,
    Array.from({ length: sizeOf(shape) }, (_, place) => all[origin(place, shape, t.shape)]),
    shape,
  );
}

export function isZero<S>(A: Arithmetic<S>, t: Tensor<S>): boolean {
  return A.same(t, broadcastTo(A.ratio(0, 1), t.shape));
}

/** The elements of a variable as numbers. */
export function numbers<S>(a: Variable<S>): number[] {
  return [...a.arithmetic.lower(a.value)];
}
