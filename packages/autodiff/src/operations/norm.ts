import { node, type Rule, type Variable, wrap } from "../variable.ts";
import { broadcastTo } from "./broadcasting.ts";
import { divide, multiply, square } from "./elementwise.ts";
import { sqrt } from "./functions.ts";
import { reshape } from "./layout.ts";
import { greater, where } from "./piecewise.ts";
import { type ReductionOptions, sum } from "./reduction.ts";
import { axesOf } from "./shape.ts";

/** y = √Σ a² over one axis, several, or all        da = a ȳ / y, and 0 where y = 0, the subgradient of least size */
export function norm<S>(
  a: Variable<S>,
  axes?: number | readonly number[],
  { keepDimensions = false }: ReductionOptions = {},
): Variable<S> {
  const A = a.arithmetic;
  const over = axesOf("norm", axes, a.shape);
  const value = sqrt(sum(square(wrap(A, a.value)), [...over], { keepDimensions: true })).value;
  /** a / y */
  const unit = (own: Variable<S>, y: Variable<S>): Variable<S> => {
    const [zero, one] = [wrap(A, A.ratio(0, 1)), wrap(A, A.ratio(1, 1))];
    return divide(own, where(greater(y, zero), y, one));
  };
  const normVjp: Rule<S> = (ct, [own], y) => broadcastTo(multiply(ct, unit(own, y)), own.shape);
  const normJvp: Rule<S> = (tangent, [own], y) =>
    sum(multiply(tangent, unit(own, y)), [...over], { keepDimensions: true });
  const y = node(A, "norm", value, [a], [normVjp], [normJvp]);
  return keepDimensions
    ? y
    : reshape(
        y,
        a.shape.filter((_, axis) => !over.has(axis)),
      );
}
