import type { Operations, Step } from "@gradproof/arbitraries";
import {
  add,
  customVjp,
  multiply,
  negate,
  reshape,
  sigmoid,
  slice,
  stopGradient,
  subtract,
  sum,
  sumTo,
  take,
  tanh,
  transpose,
  type Variable,
  vjp,
} from "@gradproof/autodiff";
import { graphOperations } from "./graph-operations.ts";
import { parametersOf } from "./parameters.ts";

/** An operation with a mistake in place of the right one. */
export interface Mistake {
  readonly mistake: string;
  readonly wrong: <S>(right: Apply<S>) => Apply<S>;
}

type Apply<S> = Operations<Variable<S>>[string];

/** The cotangent of one argument, from what the right rule makes of a cotangent. */
type WrongRule = <S>(
  right: (ct: Variable<S>) => Variable<S>,
  ct: Variable<S>,
  values: readonly Variable<S>[],
  given: { readonly argument: number; readonly step: Step; readonly apply: Apply<S> },
) => Variable<S>;

export function byRule(mistake: string, rule: WrongRule): Mistake {
  return {
    mistake,
    wrong:
      <S>(apply: Apply<S>): Apply<S> =>
      (arguments_, step) =>
        customVjp<S, readonly Variable<S>[]>(
          (values) => apply(values, step),
          (ct, values) => {
            const right = (change: Variable<S>) =>
              vjp((own: readonly Variable<S>[]) => apply(own, step), values).pullback(change);
            return values.map((_, argument) =>
              rule((change) => right(change)[argument], ct, values, { argument, step, apply }),
            );
          },
        )(arguments_),
  };
}

/** s = tanh Σ a less its own value: 0, with the derivative of s. */
function moved<S>(a: Variable<S>): Variable<S> {
  const s = tanh(sum(a));
  return subtract(s, stopGradient(s));
}
/** As if the operation were another one with the same step. */
const asIf = (name: string): WrongRule => {
  return <S>(_right: unknown, ct: Variable<S>, values: readonly Variable<S>[], { step }: { readonly step: Step }) =>
    vjp((own: readonly Variable<S>[]) => graphOperations<S>()[name](own, step), values).pullback(ct)[0];
};

const twice = byRule("da = 2 ȳ, summed", (right, ct) => add(right(ct), right(ct)));
const opposite = byRule("da = −ȳ", (right, ct) => negate(right(ct)));
const lastOpposite = byRule("the last cotangent has the other sign", (right, ct, values, { argument }) =>
  argument < values.length - 1 ? right(ct) : negate(right(ct)),
);
const firstOpposite = byRule("da has the other sign", (right, ct, _, { argument }) =>
  argument > 0 ? right(ct) : negate(right(ct)),
);
const squaredSlope = byRule("da = f′² ȳ", (right, ct) => right(right(ct)));
const unchanged = byRule("da = ȳ", (_right, ct) => ct);
const turned = byRule("da transposed", (right, ct) => transpose(right(ct)));
const toAll = byRule("ȳ repeated to all", asIf("sum"));
const toBoth = byRule("ȳ to both", (_right, ct, values, { argument }) => sumTo(ct, values[argument].shape));
/** Of a constant, the cotangents of whose arguments are 0. */
export const straightThrough = byRule("da = Σ ȳ", (right, ct) => add(right(ct), sum(ct)));

/** A mistake in the rule of each operation. */
export const wrongRules: Readonly<Record<string, Mistake>> = {
  negate: unchanged,
  shared: twice,
  add: lastOpposite,
  subtract: lastOpposite,
  square: byRule("da = a ȳ", (_right, ct, [a]) => multiply(a, ct)),
  multiply: byRule("da = a ȳ", (_right, ct, values, { argument }) =>
    sumTo(multiply(ct, values[argument]), values[argument].shape),
  ),
  divide: lastOpposite,
  pow: byRule("the exponent not lowered", (right, ct, [a], { argument }) =>
    argument > 0 ? right(ct) : multiply(right(ct), a),
  ),
  tanh: byRule("da = (1 − f′²) ȳ", (right, ct) => subtract(ct, right(right(ct)))),
  sigmoid: squaredSlope,
  sin: opposite,
  cos: opposite,
  softplus: squaredSlope,
  silu: byRule("da = sigmoid(a) ȳ", (_right, ct, [a]) => multiply(sigmoid(a), ct)),
  exp: squaredSlope,
  log: squaredSlope,
  log1p: squaredSlope,
  sqrt: squaredSlope,
  relu: unchanged,
  abs: unchanged,
  sign: straightThrough,
  maximum: toBoth,
  minimum: toBoth,
  greater: straightThrough,
  where: lastOpposite,
  transpose: byRule("the cotangent reshaped", (_right, ct, [a]) => reshape(ct, a.shape)),
  reshape: opposite,
  broadcastTo: twice,
  at: twice,
  slice: opposite,
  take: twice,
  unstack: twice,
  stack: lastOpposite,
  concat: lastOpposite,
  flip: unchanged,
  pad: byRule("cropped at the beginning", (_right, ct, [a]) =>
    a.shape.reduce((rest, length, axis) => slice(rest, 0, length, axis), ct),
  ),
  gather: opposite,
  scatterAdd: byRule("the first elements of ȳ", (_right, ct, _, { step }) => {
    const { indices, length, axis } = parametersOf(step);
    return take(
      ct,
      indices.map((_, i) => i % length),
      axis,
    );
  }),
  diagonal: opposite,
  oneHot: straightThrough,
  sum: twice,
  mean: twice,
  prod: toAll,
  norm: byRule("da = a ȳ", (right, ct, values, given) => multiply(asIf("sum")(right, ct, values, given), values[0])),
  max: toAll,
  min: toAll,
  sumTo: twice,
  cumsum: byRule("not turned round", (_right, ct, _, { apply, step }) => apply([ct], step)),
  cumprod: byRule("as of cumsum", asIf("cumsum")),
  matmul: lastOpposite,
  affine: lastOpposite,
  tensordot: lastOpposite,
  einsum: firstOpposite,
  softmax: byRule("the cotangent times p twice", (right, ct) => right(right(ct))),
  logSumExp: twice,
  softmaxCrossEntropy: opposite,
  determinant: turned,
  logDeterminant: opposite,
  inverse: turned,
  solve: firstOpposite,
  triangularSolve: firstOpposite,
  cholesky: turned,
};

/** First derivatives are right; TensorFlow.js 4.22 has this mistake. */
const asConstants: Mistake = {
  mistake: "its arguments taken for constants in the rule",
  wrong:
    <S>(apply: Apply<S>): Apply<S> =>
    (values, step) =>
      customVjp<S, readonly Variable<S>[]>(
        (own) => apply(own, step),
        (ct, own) => vjp((inner: readonly Variable<S>[]) => apply(inner, step), own.map(stopGradient)).pullback(ct),
      )(values),
};
/** For rules without their arguments: ȳ (1 + s − s), of which the last s is taken for a constant. */
const dependent = byRule("a rule that depends on what it should not", (right, ct, [a]) => {
  const change = right(ct);
  return add(change, multiply(change, moved(a)));
});
const dependentSum = byRule("da = (s − s) Σ ȳ", (right, ct, [a]) => add(right(ct), multiply(sum(ct), moved(a))));

/** What has the same Jacobian wherever its arguments are, between kinks. */
const straight: ReadonlySet<string> = new Set(
  "negate shared add subtract relu abs maximum minimum where transpose reshape broadcastTo at slice take unstack stack concat flip pad gather scatterAdd diagonal sum mean max min sumTo cumsum".split(
    " ",
  ),
);

/** A mistake in each operation that shows in second derivatives alone. */
export const wrongInSecondOrder: Readonly<Record<string, Mistake>> = Object.fromEntries(
  Object.entries(wrongRules).map(([name, first]) => [
    name,
    first === straightThrough ? dependentSum : straight.has(name) ? dependent : asConstants,
  ]),
);

/** The right cotangents; the tangent that a jvp finds twice, which reverse mode alone does not see. */
export const wrongForward: Mistake = {
  mistake: "ẏ = 2 J ẋ",
  wrong:
    <S>(apply: Apply<S>): Apply<S> =>
    (values, step) => {
      const y = apply(values, step);
      return y.dual ? { ...y, dual: { ...y.dual, tangent: add(y.dual.tangent, y.dual.tangent) } } : y;
    },
};

/** The graph's operations, one of them wrong. */
export function withMistake<S>(name: string, { wrong }: Mistake): Operations<Variable<S>> {
  const right = graphOperations<S>();
  return { ...right, [name]: wrong(right[name]) };
}
