import { float64, primeField } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, divide, multiply, negate, square, subtract } from "../src/operations/elementwise.ts";
import { exp, tanh } from "../src/operations/functions.ts";
import { sum } from "../src/operations/reduction.ts";
import { type CustomRule, checkVjp, customVjp } from "../src/transforms/custom-vjp.ts";
import { jvp } from "../src/transforms/forward.ts";
import { hvp } from "../src/transforms/jacobian.ts";
import { grad } from "../src/transforms/reverse.ts";
import { stopGradient, type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;
const v = (values: readonly number[]) => variable(float64, values);
const F = primeField(3);
const uniform = (...shape: number[]) => wrap(F, F.uniform(shape));
const one = <S>({ arithmetic: A }: Variable<S>) => wrap(A, A.ratio(1, 1));

const quotient = ([a, b]: readonly Floats[]) => divide(tanh(a), b);
const right: CustomRule<Float64Array, readonly Floats[]> = (ct, [a, b], y) => [
  divide(multiply(ct, subtract(one(a), square(tanh(a)))), b),
  negate(divide(multiply(ct, y), b)),
];

describe("a rule of one's own", () => {
  test("is used in place of the derivative, in both modes and to the second order", () => {
    const custom = customVjp(quotient, right);
    const [x, direction] = [
      [uniform(3), uniform(3)],
      [uniform(3), uniform(3)],
    ];
    const loss = (f: typeof quotient) => (own: readonly Floats[]) => sum(square(f(own)));
    const all = (f: typeof quotient) => [
      ...grad(loss(f))(x),
      jvp(f, x, direction).tangent,
      jvp((a: Floats) => f([a, x[1]]), x[0], direction[0]).tangent,
      ...hvp(loss(f), x, direction),
    ];
    const expected = all(quotient);
    all(custom).forEach((part, i) => {
      expect(F.same(part.value, expected[i].value)).toBe(true);
    });
  });

  test("may be another than the derivative", () => {
    const straightThrough = customVjp(
      (x: Floats) => stopGradient(square(x)),
      (ct) => ct,
    );
    expect(numbers(grad((x: Floats) => sum(straightThrough(x)))(v([3, 4])))).toEqual([1, 1]);
    expect(numbers(jvp(straightThrough, v([3, 4]), v([1, 10])).tangent)).toEqual([1, 10]);
  });

  test("of another shape than its input, or of a function that uses what is differentiated otherwise, is refused", () => {
    const wrong = customVjp(
      (x: Floats) => sum(x),
      (ct) => ct,
    );
    expect(() => grad(wrong)(v([1, 2]))).toThrow(
      "customVjp: shapes [] and [2]; expected a cotangent of the shape of input 0 from the rule",
    );
    const hidden = (w: Floats) =>
      sum(
        customVjp(
          (x: Floats) => multiply(w, x),
          (ct) => ct,
        )(v([1, 2])),
      );
    expect(() => grad(hidden)(v([1, 2]))).toThrow(
      "customVjp: the function uses a variable that is being differentiated",
    );
  });
});

describe("checkVjp", () => {
  const point = [uniform(3), uniform(3)];
  const ct = uniform(3);

  test("accepts what is the derivative to the second order", () => {
    checkVjp(quotient, right, point, ct);
    checkVjp(
      (x: Floats) => exp(x),
      (change, _, y) => multiply(change, y),
      point[0],
      ct,
    );
  });

  test("names the input whose cotangent is wrong", () => {
    const wrong: typeof right = (change, inputs, y) => [
      right(change, inputs, y)[0],
      divide(multiply(change, y), inputs[1]),
    ];
    expect(() => checkVjp(quotient, wrong, point, ct)).toThrow("checkVjp: input 1: its cotangent is not Jᵀ ȳ");
  });

  test("names one that is right itself with a wrong derivative", () => {
    const stopped: typeof right = (change, inputs, y) => right(change, inputs, stopGradient(y));
    expect(() => checkVjp(quotient, stopped, point, ct)).toThrow(
      "checkVjp: input 1: its cotangent is Jᵀ ȳ, but the derivative of it is not",
    );
  });

  test("wants an exact arithmetic", () => {
    const doubled = (x: Floats) => add(x, x);
    expect(() => checkVjp(doubled, (change) => add(change, change), v([1]), v([1]))).toThrow(
      "checkVjp: float64 rounds",
    );
  });
});
