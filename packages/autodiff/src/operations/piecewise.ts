import {
  broadcastTo as broadcastView,
  reshape as reshapeView,
  sizeOf,
  slice as sliceView,
  take,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { commonArithmetic, node, type Rule, type Variable, wrap } from "../variable.ts";
import { broadcastTo, sumTo } from "./broadcasting.ts";
import { multiply } from "./elementwise.ts";
import { broadcastShape } from "./shape.ts";
import { mapped } from "./values.ts";

/** Operations that choose, element by element with NumPy's broadcasting; what is chosen by is not differentiated. */

/** max(a, 0)        da = ȳ where a > 0, else 0: relu′(0) = 0 */
export function relu<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "relu", mapped(op.relu, a), [a], [reluRule], [reluRule]);
}

function reluRule<S>(change: Variable<S>, [a]: readonly Variable<S>[]): Variable<S> {
  return multiply(change, wrap(a.arithmetic, mapped(op.step, a)));
}

/**
 * 1 where a > b, else 0: a condition for {@link where}, and a constant, as its derivative is 0 wherever it has one. NaN
 * where a − b is NaN, which `where` takes for false.
 */
export function greater<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = commonArithmetic("greater", a, b);
  const value = A.empty(broadcastShape("greater", a.shape, b.shape));
  A.binary(op.subtract, value, a.value, b.value);
  A.unary(op.step, value, value);
  return wrap(A, value);
}

/**
 * a where the condition is greater than 0, else b        da = ȳ where it is, else 0; db the other way round
 *
 * The element that is not chosen counts for nothing, be it NaN or infinite, in value and rule alike.
 */
export function where<S>(condition: Variable<S>, a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = commonArithmetic("where", a, b);
  commonArithmetic("where", a, condition);
  const shape = broadcastShape("where", condition.shape, broadcastShape("where", a.shape, b.shape));
  const size = sizeOf(shape);
  // Both one behind the other, and the place to take each element from.
  const both = A.empty([2 * size]);
  A.copy(reshapeView(sliceView(both, 0, size), shape), a.value);
  A.copy(reshapeView(sliceView(both, size, 2 * size), shape), b.value);
  // Reads numbers: in a function that is compiled the condition must be a constant.
  const places = A.lower(broadcastView(condition.value, shape)).map((c, i) => (c > 0 ? i : size + i));
  const value = A.empty(shape);
  take(A, reshapeView(value, [size]), both, places);

  const zero = wrap(A, A.ratio(0, 1));
  const chosenLeft = (change: Variable<S>) => where(condition, change, zero);
  const chosenRight = (change: Variable<S>) => where(condition, zero, change);
  const vjps: Rule<S>[] = [(ct) => sumTo(chosenLeft(ct), a.shape), (ct) => sumTo(chosenRight(ct), b.shape)];
  const jvps: Rule<S>[] = [
    (tangent) => broadcastTo(chosenLeft(tangent), shape),
    (tangent) => broadcastTo(chosenRight(tangent), shape),
  ];
  return node(A, "where", value, [a, b], vjps, jvps);
}
