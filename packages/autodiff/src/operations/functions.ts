import * as op from "@gradproof/arithmetic/operations";
import { node, type Variable, wrap } from "../variable.ts";
import { add, divide, multiply, negate, subtract } from "./elementwise.ts";
import { mapped } from "./values.ts";

/**
 * Elementary functions, element by element. Their Jacobians are diagonal, so one rule is vjp and jvp; y is the value, and
 * "change" a cotangent or a tangent.
 */

type Operands<S> = readonly Variable<S>[];

/** y = exp a        da = y ȳ */
export function exp<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "exp", mapped(op.exp, a), [a], [expRule], [expRule]);
}

function expRule<S>(change: Variable<S>, _: Operands<S>, y: Variable<S>): Variable<S> {
  return multiply(change, y);
}

/** log a, the natural logarithm        da = ȳ / a */
export function log<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "log", mapped(op.log, a), [a], [logRule], [logRule]);
}

function logRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  return divide(change, a);
}

/** log(1 + a), accurate where a is tiny        da = ȳ / (1 + a) */
export function log1p<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "log1p", mapped(op.log1p, a), [a], [log1pRule], [log1pRule]);
}

function log1pRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  return divide(change, add(one(a), a));
}

/** y = √a        da = ȳ / 2y: infinite at 0, and NaN where ȳ is 0 there too, as in NumPy's formula */
export function sqrt<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "sqrt", mapped(op.sqrt, a), [a], [sqrtRule], [sqrtRule]);
}

function sqrtRule<S>(change: Variable<S>, _: Operands<S>, y: Variable<S>): Variable<S> {
  return divide(change, add(y, y));
}

/** sin a        da = cos(a) ȳ */
export function sin<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "sin", mapped(op.sin, a), [a], [sinRule], [sinRule]);
}

function sinRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  return multiply(change, cos(a));
}

/** cos a        da = −sin(a) ȳ */
export function cos<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "cos", mapped(op.cos, a), [a], [cosRule], [cosRule]);
}

function cosRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  return negate(multiply(change, sin(a)));
}

/** y = tanh a        da = (1 − y²) ȳ */
export function tanh<S>(a: Variable<S>): Variable<S> {
  return node<S>(a.arithmetic, "tanh", mapped(op.tanh, a), [a], tanhRules, tanhRules);
}

function tanhRule<S>(change: Variable<S>, _: Operands<S>, y: Variable<S>): Variable<S> {
  return timesOneMinusSquare(y, change);
}

/** (1 − a²) b, of one shape        da = −2 a b ȳ, db = (1 − a²) ȳ */
function timesOneMinusSquare<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const value = A.empty(a.shape);
  if (A.timesOneMinusSquare) A.timesOneMinusSquare(value, a.value, b.value);
  else {
    A.unary(op.square, value, a.value);
    A.unary(op.oneMinus, value, value);
    A.binary(op.multiply, value, value, b.value);
  }
  return node<S>(A, "timesOneMinusSquare", value, [a, b], oneMinusSquareRules, oneMinusSquareRules);
}

function bySquareRule<S>(change: Variable<S>, [a, b]: Operands<S>): Variable<S> {
  const half = multiply(multiply(a, b), change);
  return negate(add(half, half));
}

function timesOneMinusSquareRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  return timesOneMinusSquare(a, change);
}

// One list for all nodes: recurrent networks have many.
const tanhRules = [tanhRule];
const oneMinusSquareRules = [bySquareRule, timesOneMinusSquareRule];

/** y = 1 / (1 + exp(−a)), without overflow for any a        da = y (1 − y) ȳ */
export function sigmoid<S>(a: Variable<S>): Variable<S> {
  return node(a.arithmetic, "sigmoid", mapped(op.sigmoid, a), [a], [sigmoidRule], [sigmoidRule]);
}

function sigmoidRule<S>(change: Variable<S>, [a]: Operands<S>, y: Variable<S>): Variable<S> {
  return multiply(change, multiply(y, subtract(one(a), y)));
}

/** log(1 + exp a) = max(a, 0) + log1p(exp(−|a|)), without overflow for any a        da = sigmoid(a) ȳ */
export function softplus<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const [value, distance] = [A.empty(a.shape), A.empty(a.shape)];
  A.unary(op.relu, value, a.value);
  A.unary(op.sign, distance, a.value);
  A.binary(op.multiply, distance, distance, a.value);
  A.unary(op.negate, distance, distance);
  A.unary(op.exp, distance, distance);
  A.unary(op.log1p, distance, distance);
  A.binary(op.add, value, value, distance);
  return node(A, "softplus", value, [a], [softplusRule], [softplusRule]);
}

function softplusRule<S>(change: Variable<S>, [a]: Operands<S>): Variable<S> {
  return multiply(change, sigmoid(a));
}

/** a sigmoid(a)        da = (s + a s (1 − s)) ȳ, s = sigmoid(a) */
export function silu<S>(a: Variable<S>): Variable<S> {
  return multiply(a, sigmoid(a));
}

function one<S>({ arithmetic: A }: Variable<S>): Variable<S> {
  return wrap(A, A.ratio(1, 1));
}
