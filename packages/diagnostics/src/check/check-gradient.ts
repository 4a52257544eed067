import { random } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { type CountedField, checkRoundoff, checkScalar, type EvaluationOptions, fieldOf } from "../field.ts";
import { type Along, type FloatArray, type Inputs, inputsOf, type Point } from "../point.ts";
import {
  type Compared,
  compareAgain,
  compareDirection,
  compareElement,
  distances,
  type InputContext,
  isOff,
  locateElement,
} from "./compare-input.ts";
import { elementsToCheck } from "./coverage.ts";
import { givenGradient } from "./given-gradient.ts";
import { judgeInput } from "./judge-input.ts";
import type { Measured } from "./measured.ts";
import { largestMagnitude, signs } from "./products.ts";
import { type ElementComparison, type GradientReport, type InputReport, worstVerdict } from "./report.ts";

export interface CheckOptions extends EvaluationOptions {
  /** Of random directions; the same seed gives the same report. */
  readonly seed?: number;
  /** Inputs of up to that many elements are checked element by element, larger ones by a sample and by directions; 128. */
  readonly elements?: number;
  /** Random directions for each larger input; 8. */
  readonly directions?: number;
  /** Shapes of inputs, for reports that name an element by its position. */
  readonly shapes?: { readonly [name: string]: readonly number[] };
  /**
   * Largest relative rounding error of the gradient's own arithmetic, where that is coarser than its numbers show. Those
   * that are all float32 numbers are taken to have been computed in float32.
   */
  readonly gradientRoundoff?: number;
}

/**
 * Whether a gradient is that of a function, from values of the function alone.
 *
 * Each element is compared with a numeric derivative and its error estimate ({@link centralDifference}): a match within 8
 * of them, a mismatch beyond 32, and otherwise inconclusive, with the reason: a kink at the point, noise, a function that
 * does not change, an edge of its domain, no range of steps over which differences agree. The error of the given gradient
 * itself is measured and added. A match also says what size of mistake would have shown. No tolerance is chosen, and
 * none grows with the number of elements.
 *
 * @param f - a function of one typed array or of a record of them, to a number.
 * @param gradient - a function of the same, or numbers: one for each element.
 * @throws ArgumentError for what does not fit together; MutationError if f or the gradient writes to its inputs; what
 * they themselves throw at the point.
 * @example
 * ```ts
 * const f = ({ a, b }: { a: Float64Array; b: Float64Array }) => Math.sin(a[0]) * b[0] ** 2;
 * const point = { a: Float64Array.of(0.5), b: Float64Array.of(3) };
 * const { verdict, inputs } = checkGradient(f, ({ a, b }) => ({ a: [Math.cos(a[0]) * b[0] ** 2], b: [Math.sin(a[0]) * b[0]] }), point);
 * console.log(verdict, ...inputs.map(({ name, verdict }) => `${name} ${verdict}`)); // -> mismatch a match b mismatch
 * ```
 */
export function checkGradient<P extends Point>(
  f: (x: P) => number,
  gradient: Along<P> | ((x: P) => Along<P>),
  at: P,
  options: CheckOptions = {},
): GradientReport {
  const caller = "checkGradient";
  const inputs = inputsOf(caller, at);
  checkOptions(caller, options, inputs);
  const field = fieldOf(caller, f, at, inputs, options);
  checkScalar(caller, field);
  const given = givenGradient(caller, gradient, at, inputs, options.gradientRoundoff);
  return compareAll(field, given, inputs, options);
}

/** What was compared for one input. */
interface ComparedInput {
  readonly context: InputContext;
  readonly elements: readonly Compared<ElementComparison>[];
  readonly directions: readonly Compared[];
}

/** The report on a gradient that is there. */
function compareAll(
  field: CountedField,
  given: Measured,
  { names, arrays }: Inputs,
  { seed = 1, elements: limit = 128, directions: count = 8, shapes = {} }: CheckOptions,
): GradientReport {
  const sign = signs(random(seed));
  const compared = names.map((name, input): ComparedInput => {
    const context = { field, input, given, shape: shapes[name] };
    const values = given.values[input];
    const elements = elementsToCheck(values, limit).map((index) => compareElement(context, index));
    const isSampled = elements.length < values.length;
    const directions = Array.from({ length: isSampled ? count : 0 }, () => compareDirection(context, sign));
    return { context, elements, directions };
  });
  const reports = remeasured(given, arrays, compared).map(({ context, elements, directions }, input): InputReport => {
    const wrong = directions.find(({ comparison }) => comparison.verdict === "mismatch");
    const found = wrong && locateElement(context, wrong.moves);
    const isNew = found && elements.every(({ comparison }) => comparison.index !== found.comparison.index);
    return judgeInput({
      name: names[input],
      length: arrays[input].length,
      shape: context.shape,
      elements: isNew ? [...elements, found] : elements,
      directions,
      largestGiven: largestMagnitude(given.values[input]),
    });
  });
  const deterministic = field.spread[0] === 0;
  const last = field.evaluate(arrays)[0];
  const changed = deterministic && !Object.is(last, field.values[0]);
  const results = changed ? reports.map((report) => withDrift(report, field.values[0], last)) : reports;
  return {
    verdict: worstVerdict(results.map(({ verdict }) => verdict)),
    inputs: results,
    elements: "inputs",
    value: field.values[0],
    deterministic: deterministic && !changed,
    spread: field.spread[0],
    ...(given.spread !== undefined && { gradientSpread: given.spread }),
    evaluations: field.calls(),
    seed,
  };
}

/** The same, with the gradient's own errors measured again farther apart where something looks wrong. */
function remeasured(
  given: Measured,
  arrays: readonly FloatArray[],
  compared: readonly ComparedInput[],
): readonly ComparedInput[] {
  const isAnyOff = compared.some(({ elements, directions }) => [...elements, ...directions].some(isOff));
  if (!given.remeasured || !isAnyOff) return compared;
  const apart = compared.map(({ elements, directions }, input) =>
    distances(arrays[input], [...elements, ...directions]),
  );
  const measured = given.remeasured(apart);
  return compared.map(({ context, elements, directions }) => {
    const again = { ...context, given: measured };
    return {
      context: again,
      elements: elements.map((one) => compareAgain(again, one)),
      directions: directions.map((one) => compareAgain(again, one)),
    };
  });
}

function withDrift(report: InputReport, before: number, after: number): InputReport {
  const reason = `f at the point was ${before} when the check began and is ${after} at its end: it keeps something between calls`;
  return { ...report, verdict: "inconclusive", reason };
}

function checkOptions(caller: string, options: CheckOptions, { names, arrays }: Inputs): void {
  for (const name of ["elements", "directions"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new ArgumentError(caller, name, `is ${value}; expected an integer of at least 0`);
    }
  }
  for (const [name, shape] of Object.entries(options.shapes ?? {})) {
    const input = names.indexOf(name);
    if (input < 0)
      throw new ArgumentError(caller, `shapes.${name}`, `is of no input; expected one of ${names.join(", ")}`);
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== arrays[input].length) {
      throw new ArgumentError(
        caller,
        `shapes.${name}`,
        `is [${shape}]; expected a shape of ${arrays[input].length} elements`,
      );
    }
  }
  const { gradientRoundoff } = options;
  if (gradientRoundoff !== undefined) checkRoundoff(caller, "gradientRoundoff", gradientRoundoff);
}
