import type { UnaryOperation, UnarySlot } from "../field.ts";
import type { Questions } from "./asked.ts";
import type { Bound, Denominators } from "./denominators.ts";
import type { Measure } from "./measure.ts";
import { boundOf, copySize, put, type SizeOperations, type SizeStore, sizeStore } from "./size-operations.ts";

type Slot = UnarySlot<SizeStore>;

/**
 * The size of each function's value, one line for each.
 *
 * @param linked - whether exp, tanh and sigmoid are fractions in one E, as where exp or log is among them: an answer
 *   E(u), and E(−u) = 1 / E(u). Else each answer is an indeterminate of its own.
 */
export function sizeFunctions(
  measure: Measure,
  denominators: Denominators,
  operations: SizeOperations,
  asked: Questions,
  linked: boolean,
): Record<UnaryOperation, Slot> {
  const { sum, product, reciprocal } = operations;
  const [zero, one, scratch] = [sizeStore(1), sizeStore(1), sizeStore(1)];
  operations.number(zero, 0, 0);
  operations.number(one, 0, 1);
  const ofOne = measure.number(1);

  /** An answer whose size does not depend on the argument's. */
  const answer =
    (name: string, size: () => Bound): Slot =>
    (o, i, a, j) => {
      asked.call(name, boundOf(a, j));
      const { weight, denominator } = size();
      put(o, i, weight, denominator);
    };
  const symbol = (): Bound => ({ weight: measure.symbol, denominator: 0 });
  /** (1 + h) / 2 where h is tanh of half the argument. */
  const halved = (): Bound => ({
    weight: measure.plus(measure.symbol, ofOne) - measure.number(2),
    denominator: operations.halves(),
  });

  /** E: an indeterminate, or what a logarithm was taken of. */
  const exponential = (): Bound => ({
    weight: Math.max(measure.symbol, asked.logarithms.weight),
    denominator: asked.logarithms.denominator,
  });
  /** E or 1 / E. */
  const eitherWay = (): Bound => {
    const E = exponential();
    return {
      weight: Math.max(E.weight, -E.weight),
      denominator: denominators.sum(E.denominator, denominators.reciprocal(E)),
    };
  };
  /** E, 1 or E − 1 over E + 1. */
  const fraction = (): Bound => {
    const { weight, denominator } = exponential();
    const moved = measure.plus(weight, ofOne);
    const over = denominators.reciprocal({ weight: moved, denominator });
    return { weight: 0, denominator: denominators.product(denominator, over) };
  };

  const logarithm =
    (name: string): Slot =>
    (o, i, a, j) => {
      asked.logarithms.add(boundOf(a, j));
      answer(name, symbol)(o, i, a, j);
    };
  /** 2t, or 1 − t², over 1 + t². */
  const circular = (above: number) => (): Bound => {
    const below = measure.plus(2 * measure.symbol, ofOne);
    return { weight: above - below, denominator: denominators.reciprocal({ weight: below, denominator: 0 }) };
  };
  const compared = (a: SizeStore, j: number): void => asked.comparisons.add(boundOf(a, j));

  return {
    negate: (o, i, a, j) => sum(o, i, zero, 0, a, j),
    square: (o, i, a, j) => product(o, i, a, j, a, j),
    oneMinus: (o, i, a, j) => sum(o, i, one, 0, a, j),
    reciprocal,
    tanh: answer("tanh", linked ? fraction : symbol),
    sigmoid: answer("sigmoid", linked ? fraction : halved),
    exp: answer("exp", linked ? eitherWay : symbol),
    log: logarithm("log"),
    log1p(o, i, a, j) {
      sum(scratch, 0, one, 0, a, j);
      logarithm("log1p")(o, i, scratch, 0);
    },
    sqrt: answer("sqrt", symbol),
    sin: answer("sin", circular(measure.number(2) + measure.symbol)),
    cos: answer("cos", circular(measure.plus(2 * measure.symbol, ofOne))),
    relu(o, i, a, j) {
      compared(a, j);
      copySize(o, i, a, j);
    },
    step(o, i, a, j) {
      compared(a, j);
      copySize(o, i, one, 0);
    },
    sign(o, i, a, j) {
      compared(a, j);
      put(o, i, ofOne, 0);
    },
  };
}
