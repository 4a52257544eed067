import { broadcastTo as broadcastView, sameShape } from "@gradproof/arithmetic";
import { node, type Variable } from "../variable.ts";
import { toInput, toOutput } from "./operand-rules.ts";

/** Repeating elements and summing them where they meet: each is the other's rule. */

/** Repeated along new leading axes and along axes of length 1 (NumPy's rule)        da = sumTo ȳ */
export function broadcastTo<S>(a: Variable<S>, shape: readonly number[]): Variable<S> {
  if (sameShape(a.shape, shape)) return a;
  return node(a.arithmetic, "broadcastTo", broadcastView(a.value, shape), [a], [toInput], [toOutput]);
}

/** Summed over the axes that broadcasting `shape` to a's shape would repeat        da = broadcastTo ȳ */
export function sumTo<S>(a: Variable<S>, shape: readonly number[], operation = "sumTo"): Variable<S> {
  if (sameShape(a.shape, shape)) return a;
  const A = a.arithmetic;
  const value = A.empty(shape);
  A.sum(value, a.value, "write");
  const sumToJvp = (tangent: Variable<S>) => sumTo(tangent, shape);
  return node(A, operation, value, [a], [toInputRepeated], [sumToJvp]);
}

function toInputRepeated<S>(ct: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> {
  return broadcastTo(ct, a.shape);
}
