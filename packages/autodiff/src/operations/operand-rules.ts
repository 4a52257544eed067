import type { Term, Variable } from "../variable.ts";
import { broadcastTo, sumTo } from "./broadcasting.ts";

/** Rules of operands that broadcasting repeats. */

/** The cotangent of an operand from one in the shape to which broadcasting repeated it. */
export function summedTo<S>(ct: Variable<S>, { shape, sums }: Variable<S>): Variable<S> | Term<S> {
  return sums?.repeated(ct, shape) ?? sumTo(ct, shape);
}

/** The cotangent of what was repeated to the output's shape, or stood beside something that was. */
export function toInput<S>(ct: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> | Term<S> {
  return summedTo(ct, a);
}

/** The tangent in the output's shape. */
export function toOutput<S>(tangent: Variable<S>, _: readonly Variable<S>[], y: Variable<S>): Variable<S> {
  return broadcastTo(tangent, y.shape);
}
