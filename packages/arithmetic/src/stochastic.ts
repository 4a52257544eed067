import type { BinaryOperation, BinarySlot, Field, NudgedField, UnaryOperation, UnarySlot } from "./field.ts";
import { Noise, type Rounding } from "./noise.ts";

/** Operations that no type rounds. */
export const exactOperations: ReadonlySet<UnaryOperation | BinaryOperation> = new Set([
  "negate",
  "relu",
  "step",
  "sign",
  "maximum",
]);

/**
 * A field whose every operation errs at random as another type's rounding does (Monte Carlo arithmetic, Parker 1997): the
 * spread of a program's results over seeds says how far that type's rounding may move them.
 *
 * The field must be wider than the imitated type: float64 for the rounding of float32, double-double for that of float64.
 * Perturbing doubles by less than their own spacing would move a quarter of the results, always down. An operation whose
 * result is far below 1 may underflow, so it errs by the smallest normal number too.
 *
 * @param seed - any safe integer; the same one gives the same errors.
 * @example
 * ```ts
 * const A = dense(stochastic(float64Field, roundingOf.float32, 1));
 * ```
 */
export function stochastic<S>(field: NudgedField<S>, rounding: Rounding, seed: number): Field<S> {
  const { unitRoundoff, smallestNormal } = rounding;
  const noise = new Noise(unitRoundoff, seed);
  const underflowing = smallestNormal / unitRoundoff;
  const [multiply, add] = [field.binary("multiply"), field.binary("add")];
  const product = field.store(1);

  /** o[i] ← o[i] (1 + δ) + η, η where o[i] is small enough to underflow and not 0. */
  function perturb(o: S, i: number): void {
    const value = Math.abs(field.lower(o, i));
    if (value >= underflowing) field.nudge(o, i, noise.relative(), 0);
    else if (value > 0) field.nudge(o, i, noise.relative(), smallestNormal * noise.fresh());
  }

  function unary(operation: UnaryOperation): UnarySlot<S> {
    const apply = field.unary(operation);
    if (exactOperations.has(operation)) return apply;
    return (o, i, a, j) => {
      apply(o, i, a, j);
      perturb(o, i);
    };
  }

  function binary(operation: BinaryOperation): BinarySlot<S> {
    const apply = field.binary(operation);
    if (exactOperations.has(operation)) return apply;
    return (o, i, a, j, b, k) => {
      apply(o, i, a, j, b, k);
      perturb(o, i);
    };
  }

  return {
    name: `stochastic(${field.name})`,
    unitRoundoff,
    store: (elements) => field.store(elements),
    copy: (o, i, a, j) => field.copy(o, i, a, j),
    lift: (o, i, x) => field.lift(o, i, x),
    round: (o, i, x) => field.round(o, i, x),
    lower: (a, i) => field.lower(a, i),
    same: (a, i, b, j) => field.same(a, i, b, j),
    poison: (o, i) => field.poison(o, i),
    unary,
    binary,
    multiplyAdd(o, i, a, j, b, k) {
      multiply(product, 0, a, j, b, k);
      perturb(product, 0);
      add(o, i, o, i, product, 0);
      perturb(o, i);
    },
    site: (kernel, index) => noise.site(kernel, index),
  };
}
