import type { Operations } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  type BinaryOperation,
  broadcastTo as broadcastView,
  type Tensor,
  type UnaryOperation,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { parametersOf } from "../parameters.ts";
import { calculator, element, made, tabulated } from "./tabulated.ts";

/** Element by element with NumPy's broadcasting. */
export function elementwise<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const unary = (operation: UnaryOperation): Operations<Tensor<S>>[string] => {
    return ([a], { shape }) => made(A, shape, (out) => A.unary(op[operation], out, a));
  };
  const binary = (operation: BinaryOperation): Operations<Tensor<S>>[string] => {
    return ([a, b], { shape }) => made(A, shape, (out) => A.binary(op[operation], out, a, b));
  };
  const calculate = calculator(A);
  return {
    negate: unary("negate"),
    shared: ([a]) => a,
    add: binary("add"),
    subtract: binary("subtract"),
    square: unary("square"),
    multiply: binary("multiply"),
    divide: binary("divide"),
    tanh: unary("tanh"),
    sigmoid: unary("sigmoid"),
    exp: unary("exp"),
    log: unary("log"),
    log1p: unary("log1p"),
    sqrt: unary("sqrt"),
    sin: unary("sin"),
    cos: unary("cos"),
    /** max(a, 0) + log1p(e^−|a|) */
    softplus([a]) {
      const size = calculate.binary("multiply", a, calculate.unary("sign", a));
      const rest = calculate.unary("log1p", calculate.unary("exp", calculate.unary("negate", size)));
      return calculate.binary("add", calculate.unary("relu", a), rest);
    },
    silu: ([a]) => calculate.binary("multiply", a, calculate.unary("sigmoid", a)),
    pow: powers(A),
    relu: unary("relu"),
    abs: ([a]) => calculate.binary("maximum", a, calculate.unary("negate", a)),
    sign: unary("sign"),
    maximum: binary("maximum"),
    minimum: ([a, b], { shape }) =>
      calculate.unary(
        "negate",
        made(A, shape, (out) => A.binary(op.maximum, out, calculate.unary("negate", a), calculate.unary("negate", b))),
      ),
    greater: ([a, b], { shape }) =>
      made(A, shape, (out) => {
        A.binary(op.subtract, out, a, b);
        A.unary(op.step, out, out);
      }),
    /** One of both, so that nothing is left of the other, be it infinite. */
    where([condition, ...both], { shape }) {
      const [c, a, b] = [condition, ...both].map((t) => broadcastView(t, shape));
      return tabulated(A, shape, (index) => element(A.lower(element(c, index))[0] > 0 ? a : b, index));
    },
  };
}

function powers<S>(A: Arithmetic<S>): Operations<Tensor<S>>[string] {
  const { one, unary, binary } = calculator(A);
  /** exp(b log a) */
  const realPower = (a: Tensor<S>, b: Tensor<S>, shape: readonly number[]) =>
    unary(
      "exp",
      made(A, shape, (out) => A.binary(op.multiply, out, b, unary("log", a))),
    );
  /** By multiplying as often, by a root, or as exp(b log a). */
  function power(a: Tensor<S>, exponent: number): Tensor<S> {
    if (exponent === 0.5) return unary("sqrt", a);
    if (!Number.isInteger(exponent)) return realPower(a, A.lift([exponent], []), a.shape);
    if (exponent < 0) return unary("reciprocal", power(a, -exponent));
    const ones = made(A, a.shape, (out) => A.copy(out, one));
    return new Array<Tensor<S>>(exponent).fill(a).reduce((all, factor) => binary("multiply", all, factor), ones);
  }
  return ([a, b], step) => (b ? realPower(a, b, step.shape) : power(a, parametersOf(step).exponent));
}
