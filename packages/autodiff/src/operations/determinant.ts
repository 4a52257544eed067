import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { node, type Rule, type Variable, wrap } from "../variable.ts";
import { multiply, negate } from "./elementwise.ts";
import { luFactors } from "./factorisation.ts";
import { stack } from "./joining.ts";
import { reshape, transpose } from "./layout.ts";
import { inverse } from "./linear-systems.ts";
import { sum } from "./reduction.ts";
import { take } from "./selection.ts";
import { squareSize } from "./shape.ts";
import { filled } from "./values.ts";

/**
 * det a of a [N, N], by elimination with pivots        da = det(a) a⁻ᵀ ȳ; where det(a) is 0 the matrix of cofactors,
 * determinants of what is left without a row and a column, so that a singular matrix has its derivatives too
 */
export function determinant<S>(a: Variable<S>): Variable<S> {
  squareSize("determinant", a.shape);
  const A = a.arithmetic;
  const { factors, odd, singular } = luFactors(A, a.value);
  const value = filled(A, [], A.ratio(singular ? 0 : odd ? -1 : 1, 1));
  if (!singular) for (const pivot of pivots(factors)) A.binary(op.multiply, value, value, pivot);
  const vjp: Rule<S> = (ct, [own], y) => multiply(ct, cofactors(own, y));
  const jvp: Rule<S> = (tangent, [own], y) => sum(multiply(tangent, cofactors(own, y)));
  return node(A, "determinant", value, [a], [vjp], [jvp]);
}

/** log |det a| of a [N, N]; −∞ where a is singular        da = a⁻ᵀ ȳ */
export function logDeterminant<S>(a: Variable<S>): Variable<S> {
  squareSize("logDeterminant", a.shape);
  const A = a.arithmetic;
  const { factors, singular } = luFactors(A, a.value);
  const value = filled(A, [], A.ratio(0, 1));
  const term = A.empty([]);
  for (const pivot of singular ? [] : pivots(factors)) {
    absoluteLog(A, term, pivot);
    A.binary(op.add, value, value, term);
  }
  if (singular) A.unary(op.log, value, value);
  const vjp: Rule<S> = (ct, [own]) => multiply(ct, transpose(inverse(own)));
  const jvp: Rule<S> = (tangent, [own]) => sum(multiply(tangent, transpose(inverse(own))));
  return node(A, "logDeterminant", value, [a], [vjp], [jvp]);
}

function absoluteLog<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>): void {
  A.unary(op.sign, out, a);
  A.binary(op.multiply, out, out, a);
  A.unary(op.log, out, out);
}

/** The diagonal of a matrix. */
function pivots<S>({ store, offset, shape, strides }: Tensor<S>): Tensor<S>[] {
  return Array.from({ length: shape[0] }, (_, i) => ({
    store,
    offset: offset + i * (strides[0] + strides[1]),
    shape: [],
    strides: [],
  }));
}

/** ∂ det a / ∂a, given the determinant. */
function cofactors<S>(a: Variable<S>, determinantOfA: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  if (A.lower(determinantOfA.value)[0] !== 0) return multiply(determinantOfA, transpose(inverse(a)));
  const [size] = a.shape;
  const places = [...new Array<number>(size).keys()];
  const without = (index: number) => places.filter((place) => place !== index);
  const minors = places.flatMap((i) =>
    places.map((j) => {
      const minor = determinant(take(take(a, without(i)), without(j), 1));
      return (i + j) % 2 === 0 ? minor : negate(minor);
    }),
  );
  return minors.length === 0 ? wrap(A, A.empty(a.shape)) : reshape(stack(minors), a.shape);
}
