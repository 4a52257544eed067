import { type Random, random } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { type CountedField, checkRoundoff, type EvaluationOptions, fieldOf } from "../field.ts";
import { type FloatArray, type Inputs, inputsOf, isArray, type Point } from "../point.ts";
import { type InputReport, type ProductReport, worstVerdict } from "./report.ts";

/** A direction of a point, as doubles: what a Jacobian-vector product takes. */
export type Tangent<P extends Point> = P extends FloatArray
  ? Float64Array
  : { readonly [name in keyof P]: Float64Array };

export interface ProductOptions extends EvaluationOptions {
  /** Of cotangents and directions; the same seed gives the same report. */
  readonly seed?: number;
  /** Random pairs of a cotangent and a direction; 4. */
  readonly pairs?: number;
  /** Largest relative rounding error of the products' own arithmetic, where that is coarser than their numbers show. */
  readonly gradientRoundoff?: number;
}

/** What every check of products begins with. */
export interface Begun {
  readonly inputs: Inputs;
  readonly field: CountedField;
  readonly source: Random;
  readonly pairs: number;
}

export function beginProducts<P extends Point>(
  caller: string,
  f: (x: P) => unknown,
  at: P,
  options: ProductOptions,
): Begun {
  const { seed = 1, pairs = 4, gradientRoundoff } = options;
  checkPairs(caller, pairs);
  if (gradientRoundoff !== undefined) checkRoundoff(caller, "gradientRoundoff", gradientRoundoff);
  const inputs = inputsOf(caller, at);
  return { inputs, field: fieldOf(caller, f, at, inputs, options), source: random(seed), pairs };
}

export function checkPairs(caller: string, pairs: number): void {
  if (Number.isSafeInteger(pairs) && pairs > 0) return;
  throw new ArgumentError(caller, "pairs", `is ${pairs}; expected an integer of at least 1`);
}

export function productReport(
  field: CountedField,
  inputs: readonly InputReport[],
  elements: ProductReport["elements"],
  gradientSpread: number,
  { seed = 1 }: ProductOptions,
): ProductReport {
  const spread = field.spread.reduce((most, value) => Math.max(most, value), 0);
  return {
    verdict: worstVerdict(inputs.map(({ verdict }) => verdict)),
    inputs,
    elements,
    deterministic: spread === 0,
    spread,
    gradientSpread,
    evaluations: field.calls(),
    seed,
  };
}

/** A random sign each time. */
export function signs(source: Random): () => number {
  return () => (source.uint32() & 1 ? 1 : -1);
}

/** Numbers of random sign and of few bits: ±1/2, ±3/4, ±1, ±5/4. No sum of them cancels by design. */
export function cotangentOf(source: Random, length: number): Float64Array {
  const sign = signs(source);
  return Float64Array.from({ length }, () => (sign() * source.integer(2, 5)) / 4);
}

/** @throws ArgumentError unless a product is that many numbers. */
export function outputsOf(caller: string, called: string, result: unknown, length: number): Float64Array {
  const numbers = isArray(result) || Array.isArray(result) ? Float64Array.from(result) : undefined;
  if (numbers?.length === length) return numbers;
  const found = numbers ? `${numbers.length} numbers` : `a ${typeof result}`;
  throw new ArgumentError(caller, called, `returned ${found}; expected ${length} numbers, as f does`);
}

export function largestMagnitude(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0), 0);
}
