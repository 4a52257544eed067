import { type Variable, wrap } from "../variable.ts";
import { sumTo } from "./broadcasting.ts";
import { divide } from "./elementwise.ts";
import { reshape } from "./layout.ts";
import { axesOf } from "./shape.ts";

/** Sums and means over one axis, several, or, where none is given, all of them. */

export interface ReductionOptions {
  /** Whether the axes that are summed stay, with length 1, instead of going. */
  readonly keepDimensions?: boolean;
}

/** y = Σ a over the axes        da = ȳ, repeated along them */
export function sum<S>(
  a: Variable<S>,
  axes?: number | readonly number[],
  { keepDimensions = false }: ReductionOptions = {},
): Variable<S> {
  const summed = axesOf("sum", axes, a.shape);
  const kept = a.shape.map((length, axis) => (summed.has(axis) ? 1 : length));
  if (keepDimensions) return sumTo(a, kept, "sum");
  const rest = a.shape.filter((_, axis) => !summed.has(axis));
  return rest.length > 0 ? reshape(sumTo(a, kept, "sum"), rest) : sumTo(a, rest, "sum");
}

/** Σ a / n over the axes: the sum divided by the number of its terms; NaN in floats where there are none, as in NumPy. */
export function mean<S>(a: Variable<S>, axes?: number | readonly number[], options?: ReductionOptions): Variable<S> {
  const A = a.arithmetic;
  let count = 1;
  for (const axis of axesOf("mean", axes, a.shape)) count *= a.shape[axis];
  return divide(sum(a, axes, options), wrap(A, A.ratio(count, 1)));
}
