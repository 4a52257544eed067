import { random } from "@gradproof/arithmetic";
import { distances, givenAlong } from "./check/compare-input.ts";
import type { GivenDerivative } from "./check/compare-line.ts";
import { givenGradient } from "./check/given-gradient.ts";
import { signs } from "./check/products.ts";
import type { Verdict } from "./check/report.ts";
import { checkRoundoff, checkScalar, type EvaluationOptions, fieldOf } from "./field.ts";
import { type LineDerivative, type LineShape, lineDerivative } from "./line/line-derivative.ts";
import type { LineFunction } from "./line/line-function.ts";
import { argumentNoise, roundingOf } from "./line/noise.ts";
import { linesAlong, sizedMoves } from "./lines.ts";
import { type Along, inputsOf, type Point } from "./point.ts";

export interface TaylorOptions extends EvaluationOptions {
  /** Of the direction: each element up or down by about its own size. */
  readonly seed?: number;
  /** Largest relative rounding error of the gradient's own arithmetic, where that is coarser than its numbers show. */
  readonly gradientRoundoff?: number;
}

export interface TaylorTest {
  /**
   * match: the remainder falls with the square of the step or faster; mismatch: in proportion to it; inconclusive:
   * neither, or too little of it above the noise.
   */
  readonly verdict: Verdict;
  readonly reason?: string;
  /** d log remainder / d log step, by least squares over `range`: 2 for a right gradient, 1 for a wrong one. */
  readonly slope?: number;
  /** The smallest and the largest step of the plateau on which each halving divides the remainder by about the same. */
  readonly range?: readonly [from: number, to: number];
  /** An error of the derivative along this direction above that share of it would have shown. */
  readonly resolution?: number;
  /** ⟨gradient, direction⟩ */
  readonly along: number;
  /** Standard deviation of the noise of f. */
  readonly noise: number;
  /** Descending. */
  readonly steps: Float64Array;
  /** The larger of |f(x ± h d) - f(x) ∓ h ⟨gradient, d⟩| at each step. */
  readonly remainders: Float64Array;
  /** Each remainder over the next, at half the step: 4 on the plateau of a right gradient. */
  readonly ratios: Float64Array;
}

/** Halvings that a plateau must have, and how far their slopes may differ from their median. */
const [fewest, evenness] = [4, 0.15];
/** A remainder counts above that many standard deviations of the noise. */
const visible = 32;

/** Why a function that is not smooth along the direction cannot be tested. */
const reasons: Readonly<Record<LineShape, string>> = {
  smooth: "",
  flat: "f does not change at all",
  kink: "a kink at the point, where the remainder of a right gradient falls 2-fold as well",
  jump: "f jumps at the point",
  edge: "f is finite on one side of the point only",
  undefined: "f is not finite at the point or beside it",
  coarse: "the argument's neighbours are too far apart for a range of steps",
  noise: "f does not change by more than its noise",
  rough: "f is not smooth along the direction",
};

/**
 * The Taylor-remainder test: along a random direction d the remainder |f(x + h d) - f(x) - h ⟨g, d⟩| falls 4-fold with
 * each halving of h if g is the gradient, and 2-fold if it is not. It needs no tolerance: what is judged is the slope on
 * a plateau of steps, above the noise of f and what the gradient's own rounding leaves of it. Where f is not smooth the
 * remainder of a right gradient falls 2-fold too: that is inconclusive.
 *
 * @throws ArgumentError, MutationError as {@link checkGradient} does.
 * @example
 * ```ts
 * const f = (x: Float64Array) => Math.exp(x[0]) * x[1];
 * const right = taylorTest(f, (x) => [Math.exp(x[0]) * x[1], Math.exp(x[0])], Float64Array.of(0.5, 2));
 * const wrong = taylorTest(f, (x) => [Math.exp(x[0]) * x[1], Math.exp(x[1])], Float64Array.of(0.5, 2));
 * console.log(right.verdict, right.slope?.toFixed(1), wrong.verdict, wrong.slope?.toFixed(1)); // -> match 2.0 mismatch 1.0
 * ```
 */
export function taylorTest<P extends Point>(
  f: (x: P) => number,
  gradient: Along<P> | ((x: P) => Along<P>),
  at: P,
  options: TaylorOptions = {},
): TaylorTest {
  const caller = "taylorTest";
  const inputs = inputsOf(caller, at);
  const field = fieldOf(caller, f, at, inputs, options);
  checkScalar(caller, field);
  if (options.gradientRoundoff !== undefined) checkRoundoff(caller, "gradientRoundoff", options.gradientRoundoff);
  const given = givenGradient(caller, gradient, at, inputs, options.gradientRoundoff);
  const sign = signs(random(options.seed ?? 1));
  const moves = inputs.arrays.map((array, i) => sizedMoves(i, array, sign));
  const [line] = linesAlong(field, moves);
  const derivative = lineDerivative(line);
  const first = remainderTest(line, derivative, givenAlong(given, given.values, ...moves));
  if (first.verdict !== "mismatch" || !given.remeasured) return first;
  // As checkGradient does: what looks wrong may be rounding of the gradient that is alike at neighbouring points.
  const apart = inputs.arrays.map((array, i) => distances(array, [{ line: derivative, moves: moves[i] }]));
  const measured = given.remeasured(apart);
  return remainderTest(line, derivative, givenAlong(measured, measured.values, ...moves));
}

function remainderTest(line: LineFunction, derivative: LineDerivative, given: GivenDerivative): TaylorTest {
  const { noise } = derivative;
  const measured = remaindersOf(line, noise, given);
  const { steps, remainders } = measured;
  return {
    ...judge(line, derivative, given, measured),
    along: given.value,
    noise,
    steps: Float64Array.from(steps),
    remainders,
    ratios: remainders.slice(0, -1).map((value, k) => value / remainders[k + 1]),
  };
}

interface Remainders {
  /** Descending, each half the one before. */
  readonly steps: readonly number[];
  readonly remainders: Float64Array;
  /** What of each remainder may be noise. */
  readonly noises: readonly number[];
}

function remaindersOf(line: LineFunction, noise: number, { value: along, error }: GivenDerivative): Remainders {
  const [bottom, top] = [line.steps[0]?.nominal ?? 1, line.steps.at(-1)?.nominal ?? 0];
  const steps: number[] = [];
  for (let step = top; step >= bottom; step /= 2) steps.push(step);
  const centre = line.at(0);
  const remainder = (s: number) => Math.abs(line.at(s) - centre - s * along);
  return {
    steps,
    remainders: Float64Array.from(steps, (step) => Math.max(remainder(step), remainder(-step))),
    noises: steps.map((step) => {
      const rounding = roundingOf(line, Math.max(Math.abs(line.at(step)), Math.abs(line.at(-step))));
      const argument = argumentNoise(line, { nominal: step, size: step });
      return Math.max(noise, rounding, argument) + (error * step) / 4;
    }),
  };
}

type Judgement = Pick<TaylorTest, "verdict" | "reason" | "slope" | "range" | "resolution">;

function judge(
  line: LineFunction,
  { shape, noise }: LineDerivative,
  { value: along }: GivenDerivative,
  { steps, remainders, noises }: Remainders,
): Judgement {
  if (shape !== "smooth") return { verdict: "inconclusive", reason: reasons[shape] };
  if (!Number.isFinite(along)) return { verdict: "mismatch", reason: `the derivative along the direction is ${along}` };
  const counts = (k: number) => remainders[k] > visible * noises[k] && Number.isFinite(remainders[k]);
  const last = steps.findLastIndex((_, k) => counts(k));
  if (last < 0) {
    const moving = steps.some((step) => Math.abs(line.at(step) - line.at(0)) > visible * noise);
    if (!moving || along === 0) return { verdict: "inconclusive", reason: reasons.noise };
    const resolution = Math.min(...steps.map((step, k) => (visible * noises[k]) / step)) / Math.abs(along);
    return { verdict: "match", reason: "the remainder is below the noise of f at every step", resolution };
  }
  const start = plateauStart(remainders, last, counts);
  if (last - start < fewest) {
    return { verdict: "inconclusive", reason: "no range of steps on which the remainder falls evenly" };
  }
  const slope = leastSquares(steps.slice(start, last + 1), remainders.slice(start, last + 1));
  const range: readonly [number, number] = [steps[last], steps[start]];
  if (slope >= 2 - evenness) {
    return { verdict: "match", slope, range, resolution: remainders[last] / steps[last] / Math.abs(along) };
  }
  if (Math.abs(slope - 1) <= evenness) return { verdict: "mismatch", slope, range };
  const reason = "the remainder falls neither like the step nor like its square";
  return { verdict: "inconclusive", reason, slope, range };
}

/** The first index of the steps, up to the last that counts, between which the remainder falls evenly. */
function plateauStart(remainders: Float64Array, last: number, counts: (k: number) => boolean): number {
  const slopes: number[] = [];
  let start = last;
  while (start > 0 && counts(start - 1)) {
    slopes.push(Math.log2(remainders[start - 1] / remainders[start]));
    const middle = median(slopes);
    if (slopes.some((slope) => Math.abs(slope - middle) > evenness)) break;
    start--;
  }
  return start;
}

function leastSquares(steps: readonly number[], values: Float64Array): number {
  const xs = steps.map(Math.log2);
  const ys = Array.from(values, Math.log2);
  const [x0, y0] = [mean(xs), mean(ys)];
  const products = xs.reduce((sum, x, i) => sum + (x - x0) * (ys[i] - y0), 0);
  return products / xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
