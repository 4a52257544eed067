import { sumTo } from "./broadcasting.ts";
import { combined, mapped } from "./values.ts";
import { node, type Variable, type Vjp } from "./variable.ts";

/** Arithmetic, element by element with NumPy's broadcasting; each rule stands beside its operation. */

/** a + b        da = ȳ, db = ȳ */
export function add<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const addVjpLeft: Vjp<S> = (ct) => sumTo(ct, a.shape);
  const addVjpRight: Vjp<S> = (ct) => sumTo(ct, b.shape);
  return node(a.arithmetic, "add", combined("add", a, b), [a, b], [addVjpLeft, addVjpRight]);
}

/** a − b        da = ȳ, db = −ȳ */
export function subtract<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const subtractVjpLeft: Vjp<S> = (ct) => sumTo(ct, a.shape);
  const subtractVjpRight: Vjp<S> = (ct) => negate(sumTo(ct, b.shape));
  return node(a.arithmetic, "subtract", combined("subtract", a, b), [a, b], [subtractVjpLeft, subtractVjpRight]);
}

/** a b        da = b ȳ, db = a ȳ */
export function multiply<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const multiplyVjpLeft: Vjp<S> = (ct) => sumTo(multiply(ct, b), a.shape);
  const multiplyVjpRight: Vjp<S> = (ct) => sumTo(multiply(ct, a), b.shape);
  return node(a.arithmetic, "multiply", combined("multiply", a, b), [a, b], [multiplyVjpLeft, multiplyVjpRight]);
}

/** y = a / b        da = ȳ / b, db = −y ȳ / b */
export function divide<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const divideVjpLeft: Vjp<S> = (ct) => sumTo(divide(ct, b), a.shape);
  const divideVjpRight: Vjp<S> = (ct) => negate(sumTo(divide(multiply(y, ct), b), b.shape));
  const y = node(a.arithmetic, "divide", combined("divide", a, b), [a, b], [divideVjpLeft, divideVjpRight]);
  return y;
}

/** −a        da = −ȳ */
export function negate<S>(a: Variable<S>): Variable<S> {
  const negateVjp: Vjp<S> = (ct) => negate(ct);
  return node(a.arithmetic, "negate", mapped("negate", a), [a], [negateVjp]);
}

/** a²        da = 2 a ȳ */
export function square<S>(a: Variable<S>): Variable<S> {
  const squareVjp: Vjp<S> = (ct) => {
    const half = multiply(ct, a);
    return add(half, half);
  };
  return node(a.arithmetic, "square", mapped("square", a), [a], [squareVjp]);
}
