import { ArgumentError, MutationError } from "./errors.ts";
import type { LineFunction, Step } from "./line/line-function.ts";
import { ladder, moved, powerOfTwoBelow, type Rounding, spacing } from "./line/steps.ts";
import type { FloatArray } from "./point.ts";

/** One element of one input, and how far it goes with each unit of the step. */
export interface Move {
  readonly input: number;
  readonly element: number;
  readonly rate: number;
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
export function elementMove(input: number, element: number): readonly Move[] {
  return [{ input, element, rate: 1 }];
}

/**
 * Moves all elements of an input by about their own size, up or down as the signs say: the largest power of two in the
 * element or in the root mean square of all, whichever is more, and 1 where all are 0.
 */
export function sizedMoves(input: number, array: FloatArray, sign: (element: number) => number): readonly Move[] {
  const size = rootMeanSquare(array) || 1;
  return Array.from(array, (x, element) => {
    return { input, element, rate: sign(element) * powerOfTwoBelow(Math.max(Math.abs(x), size, double.smallest)) };
  });
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
  moves: readonly Move[],
  follow: "exact" | "rounded" = "exact",
): readonly LineFunction[] {
  const { arrays, unitRoundoff, scale, spread } = field;
  const fastest = moves.reduce((rate, move) => Math.max(rate, Math.abs(move.rate)), 0);
  const between = moves.reduce((largest, { input, element, rate }) => {
    const x = arrays[input][element];
    if (x === 0) return largest;
    const { bits, smallest } = formatOf(arrays[input]);
    return Math.max(largest, spacing(x, bits, smallest) / (follow === "exact" ? Math.abs(rate) : fastest));
  }, 0);
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
export function displaced(arrays: readonly FloatArray[], moves: readonly Move[], s: number): FloatArray[] {
  const copies: FloatArray[] = [...arrays];
  for (const { input, element, rate } of moves) {
    if (copies[input] === arrays[input]) copies[input] = arrays[input].slice();
    copies[input][element] = moved(arrays[input][element], s * rate, formatOf(arrays[input]).round);
  }
  return copies;
}

/** A step that moves every element both ways and equally far; nothing if one does not follow. */
function stepOf(arrays: readonly FloatArray[], moves: readonly Move[], nominal: number): Step[] {
  let size = nominal;
  for (const { input, element, rate } of moves) {
    const x = arrays[input][element];
    const { round } = formatOf(arrays[input]);
    const wanted = Math.abs(nominal * rate);
    const [up, down] = [moved(x, wanted, round) - x, x - moved(x, -wanted, round)];
    if (!(up > 0.75 * wanted && up < 1.25 * wanted && Math.abs(up - down) <= wanted * 2 ** -20)) return [];
    if (moves.length === 1) size = up / Math.abs(rate);
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
