import { at as atView } from "@gradproof/arithmetic";
import { broadcastTo, sumTo } from "../src/broadcasting.ts";
import { add, divide, multiply, negate, square, subtract } from "../src/elementwise.ts";
import { exp } from "../src/functions.ts";
import { concat } from "../src/joining.ts";
import { reshape, transpose } from "../src/layout.ts";
import { matmul } from "../src/matmul.ts";
import { where } from "../src/piecewise.ts";
import { sum } from "../src/reduction.ts";
import { at, slice } from "../src/selection.ts";
import { softmax } from "../src/softmax.ts";
import { node, stopGradient, type Variable, type Vjp, variable, wrap } from "../src/variable.ts";
import { operations } from "./operation-table.ts";
import type { Operation } from "./table/operation.ts";

/** An operation with a wrong rule, and which derivatives it makes wrong: checks of those must refuse it, the others not. */
export interface WrongOperation {
  readonly mistake: string;
  readonly operation: Operation;
  readonly first: boolean;
  readonly second: boolean;
}

/** The same value with other rules; `rules` are those of the inputs, from inputs and output. */
type Rules = <S>(inputs: readonly Variable<S>[], y: Variable<S>) => readonly Vjp<S>[];

function wrong(name: string, mistake: string, rules: Rules, changes: Partial<Operation> = {}): WrongOperation {
  const right = operations.find((operation) => operation.name === name);
  if (!right) throw new RangeError(`wrong: no operation ${name}`);
  const apply: Operation["apply"] = (inputs) => {
    const y = right.apply(inputs);
    // Rules of the second order see the wrong operation again, as the right rules do.
    const out: typeof y = node(y.arithmetic, y.operation, y.value, inputs, [
      ...inputs.map((_, i) => (ct: typeof y) => rules(inputs, out)[i](ct)),
    ]);
    return out;
  };
  return { mistake: `${name}: ${mistake}`, operation: { ...right, ...changes, apply }, first: true, second: true };
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

function zeros<S>(like: Variable<S>, shape: readonly number[]): Variable<S> {
  const A = like.arithmetic;
  const value = A.empty(shape);
  A.copy(value, A.ratio(0, 1));
  return wrap(A, value);
}
