import { broadcastTo as broadcastView, slice as sliceView, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { node, type Rule, type Variable, wrap } from "../variable.ts";
import { broadcastTo, sumTo } from "./broadcasting.ts";
import { add, divide, multiply, negate } from "./elementwise.ts";
import { reshape } from "./layout.ts";
import type { ReductionOptions } from "./reduction.ts";
import { axesOf, broadcastShape } from "./shape.ts";
import { combined, mapped } from "./values.ts";

/** Sizes and signs, the larger and the largest. A tie shares the cotangent equally; the choice itself is not differentiated. */

/** 1 above 0, −1 below, 0 at 0: a constant, as its derivative is 0 wherever it has one */
export function sign<S>(a: Variable<S>): Variable<S> {
  return wrap(a.arithmetic, mapped(op.sign, a));
}

/** |a|        da = sign(a) ȳ: abs′(0) = 0 */
export function abs<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = mapped(op.sign, a);
  A.binary(op.multiply, value, value, a.value);
  return node(A, "abs", value, [a], [absRule], [absRule]);
}

function absRule<S>(change: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> {
  return multiply(change, sign(a));
}

/** The larger of both        da = ȳ where a > b, ȳ / 2 where they are equal, else 0 */
export function maximum<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const value = combined(op.maximum, a, b);
  const share = (of: Variable<S>, y: Variable<S>, own: readonly Variable<S>[]): Variable<S> => {
    const [left, right] = own.map((operand) => equal(operand, y));
    return divide(of === own[0] ? left : right, add(left, right));
  };
  const vjp =
    (operand: number): Rule<S> =>
    (ct, own, y) =>
      sumTo(multiply(ct, share(own[operand], y, own)), own[operand].shape);
  const jvp =
    (operand: number): Rule<S> =>
    (tangent, own, y) =>
      multiply(tangent, share(own[operand], y, own));
  return node(a.arithmetic, "maximum", value, [a, b], [vjp(0), vjp(1)], [jvp(0), jvp(1)]);
}

/** The smaller of both, −max(−a, −b)        da = ȳ where a < b, ȳ / 2 where they are equal, else 0 */
export function minimum<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  return negate(maximum(negate(a), negate(b)));
}

/**
 * The largest element over one axis, several, or all        da = ȳ / n where it is one of n that are equal, else 0
 *
 * @throws RangeError where there are no elements to choose from.
 */
export function max<S>(
  a: Variable<S>,
  axes?: number | readonly number[],
  { keepDimensions = false }: ReductionOptions = {},
): Variable<S> {
  const A = a.arithmetic;
  const over = axesOf("max", axes, a.shape);
  for (const axis of over) {
    if (a.shape[axis] === 0) throw new RangeError(`max: axis ${axis} of shape [${a.shape.join(", ")}] has no elements`);
  }
  let value = a.value;
  for (const axis of over) value = largest(a, value, axis);
  const keptShape = value.shape;
  const chosen = (own: Variable<S>, y: Variable<S>): Variable<S> => {
    const ties = equal(own, y);
    return divide(ties, sumTo(ties, keptShape));
  };
  const maxVjp: Rule<S> = (ct, [own], y) => broadcastTo(multiply(ct, chosen(own, y)), own.shape);
  const maxJvp: Rule<S> = (tangent, [own], y) => sumTo(multiply(tangent, chosen(own, y)), keptShape);
  const y = node(A, "max", value, [a], [maxVjp], [maxJvp]);
  return keepDimensions
    ? y
    : reshape(
        y,
        a.shape.filter((_, axis) => !over.has(axis)),
      );
}

/** The smallest element over one axis, several, or all: −max(−a)        da as for max */
export function min<S>(a: Variable<S>, axes?: number | readonly number[], options?: ReductionOptions): Variable<S> {
  return negate(max(negate(a), axes, options));
}

/** The largest of a tensor along an axis, which stays with length 1: the larger of its halves, again and again. */
function largest<S>({ arithmetic: A }: Variable<S>, t: Tensor<S>, axis: number): Tensor<S> {
  let value = t;
  while (value.shape[axis] > 1) {
    const length = value.shape[axis];
    const rest = length >> 1;
    const larger = A.empty(value.shape.with(axis, length - rest));
    A.copy(larger, sliceView(value, 0, length - rest, axis));
    const first = sliceView(larger, 0, rest, axis);
    A.binary(op.maximum, first, first, sliceView(value, length - rest, length, axis));
    value = larger;
  }
  return value;
}

/** 1 where a is y, which is not smaller than it, else 0; two infinities are equal, though their difference is NaN. */
function equal<S>(a: Variable<S>, y: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const shape = broadcastShape("maximum", a.shape, y.shape);
  const difference = A.empty(shape);
  A.binary(op.subtract, difference, y.value, a.value);
  A.unary(op.sign, difference, difference);
  // Reads numbers, which a function that is compiled cannot: no kernel says of two infinities that they are equal.
  const signs = A.lower(difference);
  const unclear = signs.some(Number.isNaN);
  const [own, largest] = unclear ? [a, y].map(({ value }) => A.lower(broadcastView(value, shape))) : [signs, signs];
  return wrap(
    A,
    A.lift(
      signs.map((s, i) => (s === 0 || (unclear && own[i] === largest[i]) ? 1 : 0)),
      shape,
    ),
  );
}
