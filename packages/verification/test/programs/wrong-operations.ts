import type { Operations } from "@gradproof/arbitraries";
import {
  add,
  multiply,
  negate,
  type Rule,
  reshape,
  stopGradient,
  subtract,
  sumTo,
  type Term,
  type Variable,
  type VjpRule,
} from "@gradproof/autodiff";
import { graphOperations } from "./graph-operations.ts";

/** A rule in place of an operation's own: the cotangent of each argument from the right one and what is there. */
type WrongRule = <S>(
  right: (ct: Variable<S>) => Variable<S>,
  ct: Variable<S>,
  values: readonly Variable<S>[],
  argument: number,
) => Variable<S>;

/** Made of the right result. */
type WrongResult = <S>(right: Variable<S>, values: readonly Variable<S>[]) => Variable<S>;

interface Mistake {
  readonly mistake: string;
  readonly wrong: WrongResult;
}

function byRule(mistake: string, rule: WrongRule): Mistake {
  return {
    mistake,
    wrong<S>(right: Variable<S>, values: readonly Variable<S>[]) {
      const rules = right.vjps as readonly VjpRule<S>[];
      const vjps = rules.map(
        (vjp, argument): Rule<S> =>
          (ct, inputs, y) =>
            rule((change) => formed(vjp(change, inputs, y), inputs[argument].shape), ct, values, argument),
      );
      return { ...right, vjps };
    },
  };
}

/** A cotangent that was left to be summed with others, on its own. */
function formed<S>(change: Variable<S> | Term<S>, shape: readonly number[]): Variable<S> {
  return "total" in change ? change.total(shape, [change]) : change;
}

const twice = byRule("da = 2 ȳ, summed", (right, ct) => add(right(ct), right(ct)));
const opposite = byRule("da = −ȳ", (right, ct) => negate(right(ct)));
const secondOpposite = byRule("db has the other sign", (right, ct, _, argument) =>
  argument === 0 ? right(ct) : negate(right(ct)),
);
const squaredSlope = byRule("da = f′² ȳ", (right, ct) => right(right(ct)));

/** A mistake in the rule of each operation. */
export const wrongRules: Readonly<Record<string, Mistake>> = {
  negate: byRule("da = ȳ", (_right, ct) => ct),
  add: secondOpposite,
  subtract: secondOpposite,
  square: byRule("da = a ȳ", (_right, ct, [a]) => multiply(a, ct)),
  multiply: byRule("da = a ȳ", (_right, ct, values, argument) =>
    sumTo(multiply(ct, values[argument]), values[argument].shape),
  ),
  divide: secondOpposite,
  tanh: byRule("da = (1 − f′²) ȳ", (right, ct) => subtract(ct, right(right(ct)))),
  sigmoid: squaredSlope,
  exp: squaredSlope,
  log: squaredSlope,
  sqrt: squaredSlope,
  relu: byRule("da = ȳ", (_right, ct) => ct),
  greater: {
    mistake: "da = ȳ, straight through",
    wrong: (right, [a]) => add(right, subtract(a, stopGradient(a))),
  },
  where: secondOpposite,
  transpose: byRule("the cotangent reshaped", (_right, ct, [a]) => reshape(ct, a.shape)),
  reshape: opposite,
  broadcastTo: twice,
  at: twice,
  slice: opposite,
  take: twice,
  stack: secondOpposite,
  concat: secondOpposite,
  sum: twice,
  mean: twice,
  sumTo: twice,
  matmul: secondOpposite,
  softmax: byRule("the cotangent times p twice", (right, ct) => right(right(ct))),
  logSumExp: twice,
  softmaxCrossEntropy: secondOpposite,
};

/** The graph's operations, one of them with a wrong rule. */
export function withWrongRule<S>(name: string): Operations<Variable<S>> {
  const right = graphOperations<S>();
  const { wrong } = wrongRules[name];
  return { ...right, [name]: (values, step) => wrong(right[name](values, step), values) };
}
