import { isContiguous, reshape as reshapeView, sameShape, transpose as transposeView } from "@gradproof/arithmetic";
import { node, type Rule, type Variable } from "../variable.ts";
import { matrixTranspose } from "./matrix-transpose.ts";
import { axisOf } from "./shape.ts";
import { filled } from "./values.ts";

/** The same elements, laid out otherwise. */

/** The axes in another order, axis n of the result being axes[n] of a; without one, the last two axes swapped. No copy. */
export function transpose<S>(a: Variable<S>, axes?: readonly number[]): Variable<S> {
  if (!axes) return matrixTranspose(a);
  const order = axes.map((axis) => axisOf("transpose", axis, a.shape));
  const inverse = order.map((_, axis) => order.indexOf(axis));
  const transposeVjp: Rule<S> = (ct) => transpose(ct, inverse);
  const transposeJvp: Rule<S> = (tangent) => transpose(tangent, order);
  return node(a.arithmetic, "transpose", transposeView(a.value, order), [a], [transposeVjp], [transposeJvp]);
}

/** The same elements, row-major, under another shape of the same size. No copy where they lie in that order. */
export function reshape<S>(a: Variable<S>, shape: readonly number[]): Variable<S> {
  if (sameShape(a.shape, shape)) return a;
  const { arithmetic: A, value } = a;
  const rowMajor = isContiguous(value) ? value : filled(A, a.shape, value);
  return node<S>(A, "reshape", reshapeView(rowMajor, shape), [a], reshapeVjps, reshapeJvps);
}

function reshapeVjp<S>(ct: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> {
  return reshape(ct, a.shape);
}

function reshapeJvp<S>(tangent: Variable<S>, _: readonly Variable<S>[], y: Variable<S>): Variable<S> {
  return reshape(tangent, y.shape);
}

const reshapeVjps = [reshapeVjp];
const reshapeJvps = [reshapeJvp];
