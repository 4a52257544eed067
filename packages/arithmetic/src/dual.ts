import { dualRules } from "./dual-rules.ts";
import type { Field } from "./field.ts";

/** Two slots of the base field per element: value at 2i, derivative at 2i + 1. */
export interface DualStore<S> {
  readonly base: S;
}

export interface DualField<S> extends Field<DualStore<S>> {
  /** The derivative of element i ← x exactly, or LiftError; the value stays. */
  liftDerivative(o: DualStore<S>, i: number, x: number): void;
  /** The derivative of element i ← a[j] of the base field; the value stays. */
  setDerivative(o: DualStore<S>, i: number, a: S, j: number): void;
  /** o[i] of the base field ← the derivative of element j. */
  derivative(o: S, i: number, a: DualStore<S>, j: number): void;
  /** The derivative of element i as the number that a user sees. */
  lowerDerivative(a: DualStore<S>, i: number): number;
}

/**
 * Forward mode over any field: elements a + ε da with ε² = 0, so every result carries its derivative along one direction
 * of the inputs. The rules ({@link dualRules}) use operations of the base field only, so they are exact where it is, and
 * hold over a field whose tanh is an oracle. `lift` gives derivative 0; `lower` is of the value; `same` compares both.
 * relu, step, sign and maximum decide on the value, with relu'(0) = 0 and, where both are equal, the mean for maximum.
 *
 * Where the base has softmax and log-sum-exp of its own, so has the dual. Duals of duals give second derivatives.
 *
 * @throws LiftError and OperationError where the base does.
 * @example
 * ```ts
 * const D = dual(doubleDouble);
 * const x = D.store(1);
 * D.lift(x, 0, 3);
 * D.liftDerivative(x, 0, 1);
 * D.unary("square")(x, 0, x, 0);
 * [D.lower(x, 0), D.lowerDerivative(x, 0)]; // [9, 6]
 * ```
 */
export function dual<S>(field: Field<S>): DualField<S> {
  const rules = dualRules(field);
  const { softmaxRow, logSumExpRow, site } = field;
  return {
    name: `dual(${field.name})`,
    unitRoundoff: field.unitRoundoff,
    store: (elements) => ({ base: field.store(2 * elements) }),
    copy(o, i, a, j) {
      field.copy(o.base, 2 * i, a.base, 2 * j);
      field.copy(o.base, 2 * i + 1, a.base, 2 * j + 1);
    },
    lift(o, i, x) {
      field.lift(o.base, 2 * i, x);
      field.lift(o.base, 2 * i + 1, 0);
    },
    round(o, i, x) {
      field.round(o.base, 2 * i, x);
      field.lift(o.base, 2 * i + 1, 0);
    },
    lower: (a, i) => field.lower(a.base, 2 * i),
    same: (a, i, b, j) => field.same(a.base, 2 * i, b.base, 2 * j) && field.same(a.base, 2 * i + 1, b.base, 2 * j + 1),
    poison(o, i) {
      field.poison(o.base, 2 * i);
      field.poison(o.base, 2 * i + 1);
    },
    unary: (operation) => rules.unary[operation],
    binary: (operation) => rules.binary[operation],
    multiplyAdd: rules.multiplyAdd,
    ...(softmaxRow && { softmaxRow: rules.softmaxRow }),
    ...(softmaxRow && logSumExpRow && { logSumExpRow: rules.logSumExpRow }),
    ...(site && { site: (kernel: number, index: number) => site.call(field, kernel, index) }),

    liftDerivative: (o, i, x) => field.lift(o.base, 2 * i + 1, x),
    setDerivative: (o, i, a, j) => field.copy(o.base, 2 * i + 1, a, j),
    derivative: (o, i, a, j) => field.copy(o, i, a.base, 2 * j + 1),
    lowerDerivative: (a, i) => field.lower(a.base, 2 * i + 1),
  };
}
