import { ArgumentError, MutationError } from "./errors.ts";
import type { LineFunction, Step } from "./line/line-function.ts";
import { ladder, moved, powerOfTwoBelow, type Rounding, spacing } from "./line/steps.ts";
import type { FloatArray } from "./point.ts";

/** Elements of one input, and how far each goes with a unit of the step. */
export interface Moves {
  readonly input: number;
  readonly elements: Uint32Array;
  readonly rates: Float64Array;
}

/** What a function is and where: shared by all lines through the point. */
export interface Field {
  readonly arrays: readonly FloatArray[];
  /** The values of the function, copied out. */
  evaluate(arrays: readonly FloatArray[]): Float64Array;
  readonly unitRoundoff: number;
  /** Over which an element may be moved. */
  readonly scale: number;
  /** Of each output over repeated calls at the point. */
  readonly spread: Float64Array;
}

/** One number system of arguments. */
interface Format {
  readonly bits: number;
  readonly smallest: number;
  readonly round: Rounding;
}

const double: Format = { bits: 53, smallest: 2 ** -1022, round: (x) => x };
const single: Format = { bits: 24, smallest: 2 ** -126, round: Math.fround };

function formatOf(array: FloatArray): Format {
  return array instanceof Float32Array ? single : double;
}

/** Moves one element alone. */
export function elementMove(input: number, element: number): Moves {
  return { input, elements: Uint32Array.of(element), rates: Float64Array.of(1) };
}

/** Moves all elements of an input. */
export function movesOf(input: number, rates: Float64Array): Moves {
  return { input, elements: Uint32Array.from(rates, (_, element) => element), rates };
}

/**
 * Moves all elements of an input by about their own size, up or down as the signs say: the largest power of two in the
 * element or in the root mean square of all, whichever is more, and 1 where all are 0.
 */
export function sizedMoves(input: number, array: FloatArray, sign: () => number): Moves {
  const size = Math.max(rootMeanSquare(array) || 1, double.smallest);
  return movesOf(
    input,
    Float64Array.from(array, (x) => sign() * powerOfTwoBelow(Math.max(Math.abs(x), size))),
  );
}

/** Without over- or underflow. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  if (largest === 0) return 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] / largest) ** 2;
  return largest * Math.sqrt(squares / values.length);
}

/**
 * The outputs of the function as functions of the step along a line.
 *
 * @param follow - whether every element must go as far as its rate says, to within what rounding does to a number of the
 * step's size: then rates are powers of two, or their negatives. "rounded" lets elements fall behind that hardly move.
 */
export function linesAlong(
  field: Field,
  moves: readonly Moves[],
  follow: "exact" | "rounded" = "exact",
): readonly LineFunction[] {
  const { arrays, unitRoundoff, scale, spread } = field;
  let [fastest, between] = [0, 0];
  for (const { rates } of moves) for (const rate of rates) fastest = Math.max(fastest, Math.abs(rate));
  for (const { input, elements, rates } of moves) {
    const { bits, smallest } = formatOf(arrays[input]);
    for (let k = 0; k < elements.length; k++) {
      const x = arrays[input][elements[k]];
      const rate = follow === "exact" ? Math.abs(rates[k]) : fastest;
      if (x !== 0) between = Math.max(between, spacing(x, bits, smallest) / rate);
    }
  }
  const nominals = ladder(between, scale / fastest);
  const steps =
    follow === "exact"
      ? nominals.flatMap((nominal) => stepOf(arrays, moves, nominal))
      : nominals.map((nominal) => ({ nominal, size: nominal }));

  const known = new Map<number, Float64Array>();
  const valuesAt = (s: number): Float64Array => {
    let values = known.get(s);
    if (!values) {
      values = evaluateOrNone(field, s === 0 ? arrays : displaced(arrays, moves, s));
      known.set(s, values);
    }
    return values;
  };
  return Array.from(spread, (ofOutput, output) => ({
    at: (s: number) => valuesAt(s)[output] ?? Number.NaN,
    steps,
    spacing: between,
    unitRoundoff,
    spread: ofOutput,
  }));
}

/** The arrays with some elements moved. */
export function displaced(arrays: readonly FloatArray[], moves: readonly Moves[], s: number): FloatArray[] {
  const copies: FloatArray[] = [...arrays];
  for (const { input, elements, rates } of moves) {
    const [original, copy] = [arrays[input], arrays[input].slice()];
    const { round } = formatOf(original);
    for (let k = 0; k < elements.length; k++) copy[elements[k]] = moved(original[elements[k]], s * rates[k], round);
    copies[input] = copy;
  }
  return copies;
}

/** A step that moves every element both ways and equally far; nothing if one does not follow. */
function stepOf(arrays: readonly FloatArray[], moves: readonly Moves[], nominal: number): Step[] {
  let size = nominal;
  for (const { input, elements, rates } of moves) {
    const { round } = formatOf(arrays[input]);
    for (let k = 0; k < elements.length; k++) {
      const x = arrays[input][elements[k]];
      const wanted = Math.abs(nominal * rates[k]);
      const [up, down] = [moved(x, wanted, round) - x, x - moved(x, -wanted, round)];
      if (!(up > 0.75 * wanted && up < 1.25 * wanted && Math.abs(up - down) <= wanted * 2 ** -20)) return [];
      if (moves.length === 1 && elements.length === 1) size = up / Math.abs(rates[k]);
    }
  }
  return [{ nominal, size }];
}

/** Values of the function; none where it fails away from the point. */
function evaluateOrNone(field: Field, arrays: readonly FloatArray[]): Float64Array {
  try {
    return field.evaluate(arrays);
  } catch (error) {
    if (error instanceof MutationError || error instanceof ArgumentError) throw error;
    return new Float64Array(0);
  }
}
