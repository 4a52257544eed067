import { at as atView } from "@gradproof/arithmetic";
import { broadcastTo, sumTo } from "../src/operations/broadcasting.ts";
import { add, divide, multiply, negate, square, subtract } from "../src/operations/elementwise.ts";
import { cos, exp } from "../src/operations/functions.ts";
import { concat } from "../src/operations/joining.ts";
import { reshape, transpose } from "../src/operations/layout.ts";
import { inverse, solve } from "../src/operations/linear-systems.ts";
import { matmul } from "../src/operations/matmul.ts";
import { where } from "../src/operations/piecewise.ts";
import { cumsum } from "../src/operations/products.ts";
import { diagonal } from "../src/operations/rearranging.ts";
import { sum } from "../src/operations/reduction.ts";
import { at, slice } from "../src/operations/selection.ts";
import { softmax } from "../src/operations/softmax.ts";
import { jvp } from "../src/transforms/forward.ts";
import { vjp } from "../src/transforms/reverse.ts";
import { node, type Rule, stopGradient, type Variable, variable, wrap, zerosLike } from "../src/variable.ts";
import { operations } from "./operation-table.ts";
import type { Operation } from "./table/operation.ts";

/** An operation with a wrong rule, and which derivatives it makes wrong: checks of those must refuse it, the others not. */
export interface WrongOperation {
  readonly mistake: string;
  readonly operation: Operation;
  readonly first: boolean;
  readonly second: boolean;
  /** The mistake is in the rules between tangents, which other checks do not see. */
  readonly forward?: boolean;
}

/** The same value with other rules; `rules` are those of the inputs, from inputs and output. */
type Rules = <S>(inputs: readonly Variable<S>[], y: Variable<S>) => readonly ((change: Variable<S>) => Variable<S>)[];

function wrong(name: string, mistake: string, rules: Rules, changes: Partial<Operation> = {}): WrongOperation {
  const right = operations.find((operation) => operation.name === name);
  if (!right) throw new RangeError(`wrong: no operation ${name}`);
  const apply: Operation["apply"] = (inputs) => {
    const { arithmetic, operation, value } = right.apply(inputs);
    type Own = (typeof inputs)[number];
    return node(
      arithmetic,
      operation,
      value,
      inputs,
      inputs.map((_, i) => (ct: Own, own: readonly Own[], y: Own) => rules(own, y)[i](ct)),
      (tangents, own) => {
        const moved = own.map((input, i) => tangents[i] ?? zerosLike(input));
        return jvp((x: readonly Own[]) => right.apply(x), own, moved).tangent;
      },
    );
  };
  return { mistake: `${name}: ${mistake}`, operation: { ...right, ...changes, apply }, first: true, second: true };
}

/** The right cotangents, with another rule between tangents. */
function wrongForward(name: string, mistake: string, jvps: <S>() => readonly Rule<S>[]): WrongOperation {
  const right = operations.find((operation) => operation.name === name);
  if (!right) throw new RangeError(`wrongForward: no operation ${name}`);
  const apply: Operation["apply"] = (inputs) => {
    const { arithmetic, operation, value } = right.apply(inputs);
    type Own = (typeof inputs)[number];
    const vjps = (ct: Own, own: readonly Own[]) => vjp((x: readonly Own[]) => right.apply(x), own).pullback(ct);
    return node(arithmetic, operation, value, inputs, vjps, jvps());
  };
  return { mistake: `${name}: ${mistake}`, operation: { ...right, apply }, first: true, second: true, forward: true };
}

const one = <S>(like: Variable<S>) => wrap(like.arithmetic, like.arithmetic.ratio(1, 1));

const shapes = (...all: readonly (readonly number[])[]) => ({ shapes: [all] });

export const wrongOperations: readonly WrongOperation[] = [
  wrong("square", "a ȳ", ([a]) => [(ct) => multiply(ct, a)]),
  wrong("subtract", "db = ȳ", ([a, b]) => [(ct) => sumTo(ct, a.shape), (ct) => sumTo(ct, b.shape)]),
  wrong(
    "multiply",
    "a broadcast summed along the other axis",
    ([a, b]) => [(ct) => multiply(ct, b), (ct) => reshape(sumTo(multiply(ct, a), [3, 1]), [1, 3])],
    shapes([3, 3], [1, 3]),
  ),
  wrong("divide", "db = −ȳ / b", ([a, b]) => [
    (ct) => sumTo(divide(ct, b), a.shape),
    (ct) => negate(sumTo(divide(ct, b), b.shape)),
  ]),
  wrong("relu", "ȳ everywhere", () => [(ct) => ct]),
  wrong("where, by a mask", "ȳ everywhere", ([a, b]) => [(ct) => sumTo(ct, a.shape), (ct) => sumTo(ct, b.shape)]),
  wrong("where, by a mask", "a and b the other way round", ([a, b]) => {
    const part = (ct: typeof a, chosen: readonly number[]) =>
      where(variable(ct.arithmetic, chosen, [3, 1]), ct, wrap(ct.arithmetic, ct.arithmetic.ratio(0, 1)));
    return [(ct) => sumTo(part(ct, [0, 1, 0]), a.shape), (ct) => sumTo(part(ct, [1, 0, 1]), b.shape)];
  }),
  wrong("exp", "exp(−a) ȳ", ([a]) => [(ct) => multiply(ct, exp(negate(a)))]),
  wrong("log", "ȳ / a²", ([a]) => [(ct) => divide(ct, square(a))]),
  wrong("sqrt", "ȳ / 2a", ([a]) => [(ct) => divide(ct, add(a, a))]),
  wrong("tanh", "(1 − y⁴) ȳ", (_, y) => [(ct) => multiply(ct, subtract(one(y), square(square(y))))]),
  wrong("sigmoid", "(1 − y²) ȳ", (_, y) => [(ct) => multiply(ct, subtract(one(y), square(y)))]),
  wrong(
    "matmul",
    "da = ȳ b",
    ([a, b]) => [(ct) => matmul(ct, b), (ct) => matmul(transpose(a), ct)],
    shapes([3, 3], [3, 3]),
  ),
  wrong(
    "matmul, with leading axes",
    "a shared matrix has the first product's gradient",
    ([a, b]) => [(ct) => matmul(ct, transpose(b)), (ct) => matmul(transpose(at(a, 0)), at(ct, 0))],
    shapes([2, 2, 2], [2, 2]),
  ),
  wrong(
    "affine",
    "dc = 0",
    ([a, b, c]) => [(ct) => matmul(ct, transpose(b)), (ct) => matmul(transpose(a), ct), () => zerosLike(c)],
    shapes([2, 3], [3, 2], [2, 2]),
  ),
  wrong("softmax", "the diagonal alone", (_, p) => [(ct) => multiply(ct, multiply(p, subtract(one(p), p)))]),
  wrong(
    "softmax, along axis 0",
    "summed along the last axis",
    (_, p) => [
      (ct) => {
        const weighted = multiply(p, ct);
        return subtract(weighted, multiply(p, sum(weighted, -1, { keepDimensions: true })));
      },
    ],
    shapes([3, 3]),
  ),
  wrong(
    "logSumExp, along axis 0",
    "softmax along the last axis",
    ([a]) => [(ct) => multiply(softmax(a), ct)],
    shapes([3, 3]),
  ),
  wrong("transpose, of all axes", "not turned back", () => [(ct) => transpose(ct, [-1, 0, 1])], shapes([2, 2, 2])),
  // What published packages do.
  wrong("sum, over axis 1", "repeated along axis 0", ([a]) => [(ct) => broadcastTo(ct, a.shape)], shapes([3, 3])),
  wrong(
    "mean, over axis 1",
    "repeated along axis 0",
    ([a]) => [(ct) => divide(broadcastTo(ct, a.shape), variable(ct.arithmetic, [3], []))],
    shapes([3, 3]),
  ),
  wrong("mean", "not divided", ([a]) => [(ct) => broadcastTo(ct, a.shape)], shapes([2, 3])),
  wrong("slice", "put back at the start", () => [(ct) => concat([ct, zeros(ct, [2, 2])])], shapes([4, 2])),
  wrong(
    "concat",
    "the parts the other way round",
    () => [(ct) => slice(ct, 4, 6), (ct) => slice(ct, 2, 4), (ct) => slice(ct, 0, 2)],
    shapes([2, 2], [2, 2], [2, 2]),
  ),
  wrong("stack", "along another axis", () => [(ct) => at(ct, 0, 1), (ct) => at(ct, 1, 1)], shapes([2, 2], [2, 2])),
  wrong(
    "take",
    "a row that repeats counted once",
    ([a]) => [
      (ct) => {
        const value = zeros(ct, a.shape).value;
        [2, 0, 2, 2].forEach((row, i) => {
          a.arithmetic.copy(atView(value, row), atView(ct.value, i));
        });
        return wrap(a.arithmetic, value);
      },
    ],
    shapes([3, 2]),
  ),
  wrong("maximum", "ȳ to both", ([a, b]) => [(ct) => sumTo(ct, a.shape), (ct) => sumTo(ct, b.shape)]),
  wrong(
    "max, over axis 1",
    "repeated to all",
    ([a]) => [(ct) => broadcastTo(reshape(ct, [3, 1]), a.shape)],
    shapes([3, 3]),
  ),
  wrong("norm", "a ȳ", ([a]) => [(ct) => multiply(ct, a)]),
  wrong("pow, of two variables", "log(a) forgotten", ([a, b], y) => [
    (ct) => sumTo(divide(multiply(multiply(ct, b), y), a), a.shape),
    (ct) => sumTo(multiply(ct, y), b.shape),
  ]),
  wrong("cumsum", "not turned round", () => [(ct) => cumsum(ct)], shapes([4])),
  wrong("cumprod", "divided by each factor, and only to itself", ([a], y) => [(ct) => divide(multiply(ct, y), a)], {
    ...shapes([4]),
    distance: 1 / 2,
  }),
  wrong(
    "determinant",
    "cofactors transposed",
    ([a], y) => [(ct) => multiply(multiply(ct, y), inverse(add(a, eights(a))))],
    shapes([3, 3]),
  ),
  wrong(
    "solve",
    "da has the other sign",
    ([a, b], x) => {
      const db = (ct: typeof x) => solve(transpose(add(a, eights(a))), ct);
      return [(ct) => matmul(db(ct), transpose(x)), (ct) => reshape(db(ct), b.shape)];
    },
    shapes([3, 3], [3, 2]),
  ),
  wrongForward("sin", "J ẋ = −cos(a) ẋ", () => [(tangent, [a]) => negate(multiply(tangent, cos(a)))]),
  wrongForward("multiply", "db forgotten", () => [
    (tangent, [, b]) => multiply(tangent, b),
    (tangent, [, b]) => subtract(multiply(tangent, b), multiply(tangent, b)),
  ]),
  wrongForward("softmax", "the diagonal alone", () => [
    (tangent, _, p) => multiply(tangent, multiply(p, subtract(one(p), p))),
  ]),
  // First derivatives are right; TensorFlow.js 4.22 has this mistake.
  ...[
    wrong("tanh", "a rule with its value taken for a constant", (_, y) => [
      (ct) => subtract(ct, multiply(ct, square(stopGradient(y)))),
    ]),
    wrong("exp", "a rule with its value taken for a constant", (_, y) => [(ct) => multiply(ct, stopGradient(y))]),
    wrong("sigmoid", "a rule with its value taken for a constant", (_, y) => [
      (ct) => multiply(ct, multiply(stopGradient(y), subtract(one(y), stopGradient(y)))),
    ]),
    // −ȳ + 0 · a: the value of a rule is right, its own derivative is not.
    wrong("negate", "a rule that depends on what it should not", ([a]) => [
      (ct) => add(negate(ct), multiply(ct, subtract(a, stopGradient(a)))),
    ]),
  ].map((mistake) => ({ ...mistake, first: false })),
];

/** 8 on the diagonal: what rows of linear algebra add. */
function eights<S>(a: Variable<S>): Variable<S> {
  return diagonal(variable(a.arithmetic, new Array<number>(a.shape[0]).fill(8)));
}

function zeros<S>(like: Variable<S>, shape: readonly number[]): Variable<S> {
  const A = like.arithmetic;
  const value = A.empty(shape);
  A.copy(value, A.ratio(0, 1));
  return wrap(A, value);
}
