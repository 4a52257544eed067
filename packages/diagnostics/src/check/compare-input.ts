import { CompensatedSum } from "../compensated-sum.ts";
import { type LineDerivative, lineDerivative } from "../line/line-derivative.ts";
import { elementMove, type Field, linesAlong, type Moves, sizedMoves } from "../lines.ts";
import type { FloatArray } from "../point.ts";
import { compareLine, type GivenDerivative, type LineContext } from "./compare-line.ts";
import { matchLimit } from "./limits.ts";
import type { Measured } from "./measured.ts";
import type { Comparison, ElementComparison } from "./report.ts";

/** A comparison with the line that it is about. */
export interface Compared<C extends Comparison = Comparison> {
  readonly comparison: C;
  readonly line: LineDerivative;
  readonly moves: Moves;
  readonly context: LineContext;
}

/** What is compared with what, for one input. */
export interface InputContext {
  readonly field: Field;
  readonly input: number;
  readonly given: Measured;
  readonly shape: readonly number[] | undefined;
}

/** One element along its own line. */
export function compareElement(context: InputContext, index: number): Compared<ElementComparison> {
  const { shape } = context;
  const compared = compareAlong(context, elementMove(context.input, index));
  const place = { index, ...(shape && { position: unravel(index, shape) }) };
  return { ...compared, comparison: { ...compared.comparison, ...place } };
}

/** All elements at once, up or down as the signs say. */
export function compareDirection(context: InputContext, sign: () => number): Compared {
  return compareAlong(context, sizedMoves(context.input, context.field.arrays[context.input], sign));
}

/** The element that a wrong direction is wrong by: halved until one is left, each time the half that is farther off. */
export function locateElement(context: InputContext, moves: Moves): Compared<ElementComparison> {
  const { input, elements, rates } = moves;
  if (elements.length === 1) return compareElement(context, elements[0]);
  const middle = elements.length >> 1;
  const part = (from: number, to: number) =>
    compareAlong(context, { input, elements: elements.subarray(from, to), rates: rates.subarray(from, to) });
  const [first, second] = [part(0, middle), part(middle, elements.length)];
  const off = ({ comparison: { given, numeric } }: Compared) => Math.abs(given - numeric) || 0;
  return locateElement(context, off(second) > off(first) ? second.moves : first.moves);
}

/** The same line judged anew, with what is known of the given gradient by now. */
export function compareAgain<C extends Comparison>(context: InputContext, compared: Compared<C>): Compared<C> {
  const { line, moves } = compared;
  return { ...compared, comparison: { ...compared.comparison, ...judgeAlong(context, line, moves, compared.context) } };
}

/**
 * Whether the given derivatives and the numeric ones are too far apart for rounding that was measured at neighbouring
 * points, so that it should be measured again farther apart: at the steps at which f is known to be smooth.
 */
export function isOff({ comparison, line }: Pick<Compared, "comparison" | "line">): boolean {
  return line.shape === "smooth" && comparison.errorInEstimates > matchLimit;
}

/** Distances for {@link Measured.remeasured}: a quarter of the step that is believed along each element's line. */
export function distances(array: FloatArray, compared: readonly Pick<Compared, "line" | "moves">[]): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  const own: [element: number, distance: number][] = [];
  for (const { line, moves } of compared) {
    if (line.shape !== "smooth" || line.step === undefined) continue;
    const distance = (line.step * slowest(moves)) / 4;
    least = Math.min(least, distance);
    if (moves.elements.length === 1) own.push([moves.elements[0], distance]);
  }
  const apart = new Float64Array(array.length).fill(Number.isFinite(least) ? least : 0);
  for (const [element, distance] of own) apart[element] = distance;
  return apart;
}

function slowest({ rates }: Moves): number {
  return rates.reduce((least, rate) => Math.min(least, Math.abs(rate)), Number.POSITIVE_INFINITY);
}

function compareAlong(context: InputContext, moves: Moves): Compared {
  const { field } = context;
  const [f] = linesAlong(field, [moves]);
  const line = lineDerivative(f);
  const lineContext = { spacing: f.spacing, unitRoundoff: field.unitRoundoff, deterministic: f.spread === 0 };
  return { comparison: judgeAlong(context, line, moves, lineContext), line, moves, context: lineContext };
}

/** The worse of the gradient's two calls. */
function judgeAlong({ given }: InputContext, line: LineDerivative, moves: Moves, context: LineContext): Comparison {
  const compare = (values: readonly Float64Array[]) => compareLine(line, givenAlong(given, values, moves), context);
  const first = compare(given.values);
  if (!given.again) return first;
  const second = compare(given.again);
  if (!(rank(second) > rank(first))) return first;
  const calls = `in the second of two calls, after ${first.given} in the first`;
  return { ...second, reason: second.reason === undefined ? calls : `${calls}; ${second.reason}` };
}

/** Larger for what decides more: a mismatch, then inconclusive, then a match, and the error within each. */
export function rank({ verdict, errorInEstimates }: Comparison): number {
  const level = { match: 0, inconclusive: 1, mismatch: 2 }[verdict];
  const within = Number.isNaN(errorInEstimates) ? 1 : errorInEstimates / (1 + errorInEstimates);
  return level + 0.99 * (Number.isNaN(within) ? 1 : within);
}

/** ⟨gradient, direction⟩ with its errors. */
export function givenAlong(
  { errors, roundings, overflow }: Measured,
  values: readonly Float64Array[],
  ...moves: readonly Moves[]
): GivenDerivative {
  const sum = new CompensatedSum();
  let [error, rounding] = [0, 0];
  for (const { input, elements, rates } of moves) {
    for (let k = 0; k < elements.length; k++) {
      const [element, rate] = [elements[k], rates[k]];
      sum.add(values[input][element] * rate);
      error = Math.hypot(error, errors[input][element] * rate);
      rounding = Math.hypot(rounding, roundings[input][element] * rate);
    }
  }
  return { value: sum.value, error, rounding, overflow };
}

function unravel(index: number, shape: readonly number[]): number[] {
  const position: number[] = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    position.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return position;
}
