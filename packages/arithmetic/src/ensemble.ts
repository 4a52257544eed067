import type { BinaryOperation, BinarySlot, Field, NudgedField, UnaryOperation, UnarySlot } from "./field.ts";
import { LaneNoise, type Rounding } from "./noise.ts";
import { exactOperations } from "./stochastic.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Many runs of {@link stochastic} at once: every element holds one number for each seed, and each operation is done in all
 * of these lanes, each with its own noise. Lane l gives what `stochastic(field, rounding, seeds[l])` gives; the cost of an
 * interface is paid once for all.
 *
 * Element i is the slots i n to i n + n - 1 of the base field's store, n the number of seeds: {@link laneOf} is a view of
 * one lane. A user sees the first lane, and it decides which of two elements is larger.
 *
 * @example
 * ```ts
 * const A = dense(ensemble(float64Field, roundingOf.float32, [1, 2, 3]));
 * ```
 */
export function ensemble<S>(field: NudgedField<S>, rounding: Rounding, seeds: readonly number[]): Field<S> {
  const lanes = seeds.length;
  if (lanes === 0) throw new RangeError("ensemble: there are no seeds; expected at least one");
  const noise = new LaneNoise(rounding, seeds);

  function each(act: (lane: number) => void): void {
    for (let lane = 0; lane < lanes; lane++) act(lane);
  }

  function unary(operation: UnaryOperation): UnarySlot<S> {
    const apply = field.unary(operation);
    const errs = !exactOperations.has(operation);
    return (o, i, a, j) => {
      for (let lane = 0; lane < lanes; lane++) apply(o, i * lanes + lane, a, j * lanes + lane);
      if (errs) field.perturbLanes(o, i * lanes, noise);
    };
  }

  function binary(operation: BinaryOperation): BinarySlot<S> {
    const apply = field.binary(operation);
    const errs = !exactOperations.has(operation);
    return (o, i, a, j, b, k) => {
      for (let lane = 0; lane < lanes; lane++) {
        apply(o, i * lanes + lane, a, j * lanes + lane, b, k * lanes + lane);
      }
      if (errs) field.perturbLanes(o, i * lanes, noise);
    };
  }

  return {
    name: `ensemble(${field.name})`,
    unitRoundoff: rounding.unitRoundoff,
    store: (elements) => field.store(elements * lanes),
    copy: (o, i, a, j) => each((lane) => field.copy(o, i * lanes + lane, a, j * lanes + lane)),
    lift: (o, i, x) => each((lane) => field.lift(o, i * lanes + lane, x)),
    round: (o, i, x) => each((lane) => field.round(o, i * lanes + lane, x)),
    lower: (a, i) => field.lower(a, i * lanes),
    same(a, i, b, j) {
      for (let lane = 0; lane < lanes; lane++) {
        if (!field.same(a, i * lanes + lane, b, j * lanes + lane)) return false;
      }
      return true;
    },
    poison: (o, i) => each((lane) => field.poison(o, i * lanes + lane)),
    poisonAll(o, start, end) {
      if (field.poisonAll) field.poisonAll(o, start * lanes, end * lanes);
      else for (let slot = start * lanes; slot < end * lanes; slot++) field.poison(o, slot);
    },
    unary,
    binary,
    multiplyAdd: (o, i, a, j, b, k) => field.multiplyAddLanes(o, i * lanes, a, j * lanes, b, k * lanes, noise),
    site: (kernel, index) => noise.site(kernel, index),
  };
}

/** What lane `lane` of an {@link ensemble} of `lanes` holds: a view, a tensor of the base field. */
export function laneOf<S>({ store, offset, shape, strides }: Tensor<S>, lane: number, lanes: number): Tensor<S> {
  return { store, offset: offset * lanes + lane, shape, strides: strides.map((stride) => stride * lanes) };
}
