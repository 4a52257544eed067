import { ArgumentError, MutationError } from "./errors.ts";
import { guarded } from "./guard.ts";
import type { Field } from "./lines.ts";
import { areSingle, type FloatArray, generic, type Inputs, isArray, type Point } from "./point.ts";

export interface EvaluationOptions {
  /**
   * How far an element may be moved, at most; 1 unless given. Steps are found below it: it is where f may be evaluated,
   * not a step. An argument whose neighbours are farther apart than that is moved farther.
   */
  readonly scale?: number;
  /**
   * Largest relative rounding error of the values of f, where it computes in less than double precision and they do not
   * show it. Values that are all float32 numbers are taken to have been computed in float32.
   */
  readonly unitRoundoff?: number;
}

/** Calls at the same point that say whether f is deterministic, and how many more if it is not. */
const [repeats, moreRepeats] = [3, 12];

export interface CountedField extends Field {
  /** f at the point. */
  readonly values: Float64Array;
  /** Calls of f so far. */
  calls(): number;
}

/** @throws ArgumentError where the options or what f returns are not what they should be; what f throws at the point. */
export function fieldOf<P extends Point>(
  caller: string,
  f: (x: P) => unknown,
  at: P,
  inputs: Inputs,
  { scale = 1, unitRoundoff: stated }: EvaluationOptions,
): CountedField {
  if (!(scale > 0 && scale < 2 ** 1000))
    throw new ArgumentError(caller, "scale", `is ${scale}; expected a positive number`);
  if (stated !== undefined) checkRoundoff(caller, "unitRoundoff", stated);
  const call = guarded("f", f, at, inputs);
  let calls = 0;
  const evaluate = (arrays: readonly FloatArray[]) => {
    calls++;
    return numbersOf(caller, call(arrays));
  };
  const values = evaluate(inputs.arrays);
  const unitRoundoff = stated ?? (isSingle(evaluate, inputs, values) ? 2 ** -24 : 2 ** -53);
  const again = Array.from({ length: repeats }, () => evaluate(inputs.arrays));
  const differs = again.some((other) => other.some((value, i) => !Object.is(value, values[i])));
  if (differs) again.push(...Array.from({ length: moreRepeats }, () => evaluate(inputs.arrays)));
  const spread = values.map((_, i) => deviation([values[i], ...again.map((other) => other[i])]));
  return { arrays: inputs.arrays, evaluate, unitRoundoff, scale, spread, values, calls: () => calls };
}

/** Whether f changes a little way off, and has float32 values there as it has at the point. */
function isSingle(evaluate: Field["evaluate"], inputs: Inputs, values: Float64Array): boolean {
  if (!areSingle(values)) return false;
  try {
    const other = evaluate(generic(inputs));
    return areSingle(other) && other.some((value, i) => Number.isFinite(value) && value !== values[i]);
  } catch (error) {
    if (error instanceof MutationError) throw error;
    return false;
  }
}

/** Standard deviation, 0 for equal values and whatever is not finite. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const result = Math.hypot(...values.map((value) => value - mean)) / Math.sqrt(values.length - 1);
  return Number.isFinite(result) && values.some((value) => value !== values[0]) ? result : 0;
}

/** The numbers that a function returned, as a copy: it may return the same buffer each time. */
function numbersOf(caller: string, result: unknown): Float64Array {
  if (typeof result === "number") return Float64Array.of(result);
  if (isArray(result) || (Array.isArray(result) && result.every((value) => typeof value === "number"))) {
    return Float64Array.from(result);
  }
  const found = result === null ? "null" : Array.isArray(result) ? "an array of other things" : `a ${typeof result}`;
  throw new ArgumentError(caller, "f", `returned ${found}; expected a number or numbers`);
}

/** @throws ArgumentError unless f returns a single number. */
export function checkScalar(caller: string, { values }: CountedField): void {
  if (values.length !== 1) throw new ArgumentError(caller, "f", `returned ${values.length} numbers; expected one`);
}

/** @throws ArgumentError unless it is the roundoff of a binary format from 4 bits to double precision. */
export function checkRoundoff(caller: string, name: string, value: number): void {
  if (!(value >= 2 ** -53 && value <= 2 ** -3)) {
    throw new ArgumentError(caller, name, `is ${value}; expected 2 ** -53 to 2 ** -3`);
  }
}
