import { stopGradient, type Variable } from "../variable.ts";

/** The value and its tangents, each without history. */
export function withoutHistory<S>(a: Variable<S>): Variable<S> {
  return a.dual ? a.dual.forward.withoutHistory(a, a.dual) : stopGradient(a);
}
