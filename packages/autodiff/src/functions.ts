import { add, divide, multiply, subtract } from "./elementwise.ts";
import { mapped } from "./values.ts";
import { node, type Variable, type Vjp, wrap } from "./variable.ts";

/** Elementary functions, element by element; y is the function's value. */

/** y = exp a        da = y ȳ */
export function exp<S>(a: Variable<S>): Variable<S> {
  const expVjp: Vjp<S> = (ct) => multiply(ct, y);
  const y = node(a.arithmetic, "exp", mapped("exp", a), [a], [expVjp]);
  return y;
}

/** log a, the natural logarithm        da = ȳ / a */
export function log<S>(a: Variable<S>): Variable<S> {
  const logVjp: Vjp<S> = (ct) => divide(ct, a);
  return node(a.arithmetic, "log", mapped("log", a), [a], [logVjp]);
}

/** y = √a        da = ȳ / 2y: infinite at 0, and NaN where ȳ is 0 there too, as in NumPy's formula */
export function sqrt<S>(a: Variable<S>): Variable<S> {
  const sqrtVjp: Vjp<S> = (ct) => divide(ct, add(y, y));
  const y = node(a.arithmetic, "sqrt", mapped("sqrt", a), [a], [sqrtVjp]);
  return y;
}

/** y = tanh a        da = (1 − y²) ȳ */
export function tanh<S>(a: Variable<S>): Variable<S> {
  const tanhVjp: Vjp<S> = (ct) => subtract(ct, multiply(ct, multiply(y, y)));
  const y = node(a.arithmetic, "tanh", mapped("tanh", a), [a], [tanhVjp]);
  return y;
}

/** y = 1 / (1 + exp(−a)), without overflow for any a        da = y (1 − y) ȳ */
export function sigmoid<S>(a: Variable<S>): Variable<S> {
  const A = a.arithmetic;
  const sigmoidVjp: Vjp<S> = (ct) => multiply(ct, multiply(y, subtract(wrap(A, A.ratio(1, 1)), y)));
  const y = node(A, "sigmoid", mapped("sigmoid", a), [a], [sigmoidVjp]);
  return y;
}
