import { reshape as reshapeView, sameShape, transpose as transposeView } from "@gradproof/arithmetic";
import { node, type Rule, type Variable } from "../variable.ts";
import { axisOf } from "./shape.ts";
import { filled } from "./values.ts";

/** The same elements, laid out otherwise. */

/** The axes in another order, axis n of the result being axes[n] of a; without one, the last two axes swapped. No copy. */
export function transpose<S>(a: Variable<S>, axes?: readonly number[]): Variable<S> {
  const order = axes?.map((axis) => axisOf("transpose", axis, a.shape));
  const inverse = order?.map((_, axis) => order.indexOf(axis));
  const transposeVjp: Rule<S> = (ct) => transpose(ct, inverse);
  const transposeJvp: Rule<S> = (tangent) => transpose(tangent, order);
  return node(a.arithmetic, "transpose", transposeView(a.value, order), [a], [transposeVjp], [transposeJvp]);
}

/** The same elements, row-major, under another shape of the same size. */
export function reshape<S>(a: Variable<S>, shape: readonly number[]): Variable<S> {
  if (sameShape(a.shape, shape)) return a;
  const value = reshapeView(filled(a.arithmetic, a.shape, a.value), shape);
  return node(a.arithmetic, "reshape", value, [a], [reshapeVjp], [reshapeJvp]);
}

function reshapeVjp<S>(ct: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> {
  return reshape(ct, a.shape);
}

function reshapeJvp<S>(tangent: Variable<S>, _: readonly Variable<S>[], y: Variable<S>): Variable<S> {
  return reshape(tangent, y.shape);
}
