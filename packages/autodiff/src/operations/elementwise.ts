import * as op from "@gradproof/arithmetic/operations";
import { node, type Term, type Variable } from "../variable.ts";
import { broadcastTo, sumTo } from "./broadcasting.ts";
import { summedTo, toInput, toOutput } from "./operand-rules.ts";
import { combined, mapped } from "./values.ts";

/** Arithmetic, element by element with NumPy's broadcasting; each rule stands beside its operation. */

type Operands<S> = readonly Variable<S>[];

/** a + b        da = ȳ, db = ȳ */
export function add<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  return node<S>(a.arithmetic, "add", combined(op.add, a, b), [a, b], addVjps, addJvps);
}

// One list of each for all nodes: recurrent networks have many.
const addVjps = [toInput, toSecond];
const addJvps = [toOutput, toOutput];

/** a − b        da = ȳ, db = −ȳ */
export function subtract<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const value = combined(op.subtract, a, b);
  return node<S>(a.arithmetic, "subtract", value, [a, b], subtractVjps, subtractJvps);
}

function toSecond<S>(ct: Variable<S>, [, b]: Operands<S>): Variable<S> | Term<S> {
  return summedTo(ct, b);
}

function subtractVjpRight<S>(ct: Variable<S>, [, b]: Operands<S>): Variable<S> | Term<S> {
  return summedTo(negate(ct), b);
}

function subtractJvpRight<S>(tangent: Variable<S>, _: Operands<S>, y: Variable<S>): Variable<S> {
  return broadcastTo(negate(tangent), y.shape);
}

const subtractVjps = [toInput, subtractVjpRight];
const subtractJvps = [toOutput, subtractJvpRight];

/** a b        da = b ȳ, db = a ȳ */
export function multiply<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const value = combined(op.multiply, a, b);
  return node<S>(a.arithmetic, "multiply", value, [a, b], multiplyVjps, multiplyJvps);
}

function multiplyVjpLeft<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return summedTo(multiply(ct, b), a);
}

function multiplyVjpRight<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return summedTo(multiply(ct, a), b);
}

function timesSecond<S>(tangent: Variable<S>, [, b]: Operands<S>): Variable<S> {
  return multiply(tangent, b);
}

function timesFirst<S>(tangent: Variable<S>, [a]: Operands<S>): Variable<S> {
  return multiply(a, tangent);
}

const multiplyVjps = [multiplyVjpLeft, multiplyVjpRight];
const multiplyJvps = [timesSecond, timesFirst];

/** y = a / b        da = ȳ / b, db = −y ȳ / b */
export function divide<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const value = combined(op.divide, a, b);
  return node(a.arithmetic, "divide", value, [a, b], [divideVjpLeft, divideVjpRight], [bySecond, divideJvpRight]);
}

function divideVjpLeft<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return summedTo(divide(ct, b), a);
}

function divideVjpRight<S>(ct: Variable<S>, [, b]: Operands<S>, y: Variable<S>): Variable<S> {
  return negate(sumTo(divide(multiply(y, ct), b), b.shape));
}

function bySecond<S>(tangent: Variable<S>, [, b]: Operands<S>): Variable<S> {
  return divide(tangent, b);
}

function divideJvpRight<S>(tangent: Variable<S>, [, b]: Operands<S>, y: Variable<S>): Variable<S> {
  return negate(divide(multiply(y, tangent), b));
}

/** −a        da = −ȳ */
export function negate<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "negate", mapped(op.negate, a), [a], [negate], [negate]);
}

/** a²        da = 2 a ȳ */
export function square<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "square", mapped(op.square, a), [a], [squareRule], [squareRule]);
}

function squareRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  const half = multiply(change, a);
  return add(half, half);
}
