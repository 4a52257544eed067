import type { Term, Variable } from "../variable.ts";
import { summedTo } from "./accumulation.ts";
import { broadcastTo } from "./broadcasting.ts";

/** Rules of operands that broadcasting repeats. */

/** The cotangent of what was repeated to the output's shape, or stood beside something that was. */
export function toInput<S>(ct: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> | Term<S> {
  return summedTo(ct, a.shape);
}

/** The tangent in the output's shape. */
export function toOutput<S>(tangent: Variable<S>, _: readonly Variable<S>[], y: Variable<S>): Variable<S> {
  return broadcastTo(tangent, y.shape);
}
