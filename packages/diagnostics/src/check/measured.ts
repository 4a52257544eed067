import { guarded } from "../guard.ts";
import { tableNoise } from "../line/difference-table.ts";
import { spacing } from "../line/steps.ts";
import { displaced, movesOf, rootMeanSquare } from "../lines.ts";
import { areSingle, type FloatArray, generic, type Inputs, type Point, significantBits } from "../point.ts";

/** Numbers that somebody computed, in parts, with what their own rounding has done to them as far as that can be told. */
export interface Measured {
  readonly values: readonly Float64Array[];
  /** From a second call at the same point, if it was not the same. */
  readonly again?: readonly Float64Array[];
  readonly errors: readonly Float64Array[];
  /** What rounding to their format does at least to numbers of that size. */
  readonly roundings: readonly Float64Array[];
  /** Largest finite number of the format. */
  readonly overflow: number;
  /** Largest |difference| between two calls; absent for numbers that no function gave. */
  readonly spread?: number;
  /**
   * The same with errors measured once more, at points as far apart as is said for each element of each input: what
   * rounds alike at neighbouring points does not at these. Absent for numbers that no function gave.
   */
  remeasured?(apart: readonly Float64Array[]): Measured;
}

/**
 * Roundings that each number is taken to have gone through where they cannot be measured, in units of the largest number
 * of its part: given as numbers, or computed in less than double precision.
 */
const assumedRoundings = 64;

/** Bits of the longest of some numbers that are all float32 numbers, from which they are taken to be computed so. */
const longForSingle = 21;

/** Points at which a function is called to measure its noise. */
const noisePoints = 9;

/** Numbers that are simply there; said to be float32, or looking so. */
export function givenNumbers(
  values: readonly Float64Array[],
  isFloat32: boolean,
  unitRoundoff: number | undefined,
): Measured {
  const isSingle =
    isFloat32 || (values.every(areSingle) && values.some((part) => significantBits(part) >= longForSingle));
  return withErrors(values, unitRoundoff ?? (isSingle ? 2 ** -24 : 2 ** -53));
}

/**
 * The numbers that a function gives at a point. Their error is measured by a difference table of its values very close to
 * the point (as the noise of f is), and assumed where it computes in less than double precision.
 *
 * @param numbersOf - takes apart what the function returns, as copies.
 * @param apart - distance of those points, in spacings of the argument.
 */
export function measuredNumbers<P extends Point>(
  called: string,
  f: (x: P) => unknown,
  at: P,
  inputs: Inputs,
  numbersOf: (result: unknown) => Float64Array[],
  unitRoundoff: number | undefined,
  apart = 8,
): Measured {
  const call = guarded(called, f, at, inputs);
  let isFloat32 = true;
  const evaluate = (arrays: readonly FloatArray[]) => {
    const result = call(arrays);
    isFloat32 &&= isKeptAsFloat32(result);
    return numbersOf(result);
  };
  const values = evaluate(inputs.arrays);
  const second = evaluate(inputs.arrays);
  const differs = second.some((part, i) => part.some((value, j) => !Object.is(value, values[i][j])));
  const isSingle = () => {
    const others = attempt(() => evaluate(generic(inputs)));
    const changes = others?.some((part, i) => part.some((value, j) => value !== values[i][j]));
    return isFloat32 || (changes === true && [...values, ...(others ?? [])].every(areSingle));
  };
  const u = unitRoundoff ?? (isSingle() ? 2 ** -24 : 2 ** -53);
  const noise = noiseOf(evaluate, values, inputs, spacings(inputs, apart));
  const common = {
    ...(differs && { again: second }),
    spread: differs ? largestDifference(values, second) : 0,
    remeasured: (distances: readonly Float64Array[]): Measured => {
      const more = noiseOf(evaluate, values, inputs, distances);
      const largest = values.map((part, i) => part.map((_, j) => Math.max(noise?.[i][j] ?? 0, more?.[i][j] ?? 0)));
      return { ...withErrors(values, u, largest), ...common };
    },
  };
  return { ...withErrors(values, u, noise), ...common };
}

/** Whether all numbers of a result are in float32 arrays. */
export function isKeptAsFloat32(result: unknown): boolean {
  if (result instanceof Float32Array) return true;
  if (typeof result !== "object" || result === null || Array.isArray(result) || ArrayBuffer.isView(result))
    return false;
  const parts = Object.values(result);
  return parts.length > 0 && parts.every((part) => part instanceof Float32Array);
}

function withErrors(values: readonly Float64Array[], u: number, noise?: readonly Float64Array[]): Measured {
  const roundings = values.map((part) => part.map((value) => 2 * u * Math.abs(finiteOr0(value))));
  const isMeasured = noise !== undefined && u <= 2 ** -52;
  const errors = values.map((part, i) => {
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(finiteOr0(value))), 0);
    const least = isMeasured ? 0 : assumedRoundings * u * largest;
    return roundings[i].map((rounding, j) => Math.max(rounding, least, noise?.[i][j] ?? 0));
  });
  return { values, errors, roundings, overflow: u > 2 ** -30 ? 2 ** 127 : Number.MAX_VALUE };
}

/** So many spacings of each argument; where it is 0, of one of the usual size. */
function spacings({ arrays }: Inputs, count: number): Float64Array[] {
  return arrays.map((array) => {
    const [bits, smallest] = array instanceof Float32Array ? [24, 2 ** -126] : [53, 2 ** -1022];
    const size = rootMeanSquare(array) || 1;
    return Float64Array.from(array, (x) => count * spacing(x === 0 ? size : x, bits, smallest));
  });
}

/** Standard deviation of each number about a smooth function; none where the function fails beside the point. */
function noiseOf(
  evaluate: (arrays: readonly FloatArray[]) => readonly Float64Array[],
  values: readonly Float64Array[],
  { arrays }: Inputs,
  apart: readonly Float64Array[],
): Float64Array[] | undefined {
  const moves = apart.map((distances, input) => {
    // Signs that do not repeat, so that no sum of neighbours stays as it is.
    const sign = (element: number) => ((element * element + input) % 7 < 4 ? 1 : -1);
    return movesOf(
      input,
      distances.map((distance, element) => sign(element) * distance),
    );
  });
  const samples = attempt(() =>
    Array.from({ length: noisePoints }, (_, j) => evaluate(displaced(arrays, moves, j - (noisePoints - 1) / 2))),
  );
  return (
    samples &&
    values.map((part, i) => part.map((_, j) => finiteOr0(tableNoise(samples.map((sample) => sample[i][j])).deviation)))
  );
}

function attempt<R>(body: () => R): R | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

function largestDifference(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return Math.max(0, ...a.map((part, i) => part.reduce((most, x, j) => Math.max(most, Math.abs(x - b[i][j])), 0)));
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
