import { lineDerivative } from "../line/line-derivative.ts";
import { elementMove, linesAlong, sizedMoves } from "../lines.ts";
import { type Inputs, type Point, pointOf } from "../point.ts";
import { type Compared, distances, isOff, rank } from "./compare-input.ts";
import { compareLine } from "./compare-line.ts";
import { judgeInput } from "./judge-input.ts";
import { type Measured, measuredNumbers } from "./measured.ts";
import {
  type Begun,
  beginProducts,
  largestMagnitude,
  outputsOf,
  type ProductOptions,
  productReport,
  signs,
  type Tangent,
} from "./products.ts";
import type { ElementComparison, InputReport, ProductReport } from "./report.ts";

/**
 * Whether jvp(x, v) is J v for the Jacobian J of f, output by output, with J v from values of f alone. Each input has
 * random directions of its own; elements of the report are outputs.
 *
 * @throws ArgumentError, MutationError as {@link checkGradient} does.
 * @example
 * ```ts
 * const f = (x: Float64Array) => [x[0] * x[1], Math.sin(x[1])];
 * const jvp = (x: Float64Array, v: Float64Array) => [v[0] * x[1] + x[0] * v[1], Math.cos(x[1]) * v[0]];
 * const { verdict, inputs } = checkJvp(f, jvp, Float64Array.of(2, 0.5));
 * console.log(verdict, inputs[0].worst?.index); // -> mismatch 1
 * ```
 */
export function checkJvp<P extends Point>(
  f: (x: P) => ArrayLike<number>,
  jvp: (x: P, tangent: Tangent<P>) => ArrayLike<number>,
  at: P,
  options: ProductOptions = {},
): ProductReport {
  const begun = beginProducts("checkJvp", f, at, options);
  let spread = 0;
  const reports = begun.inputs.names.map((name, input): InputReport => {
    // Of each output, along the direction that it is farthest off in.
    const worst: Compared<ElementComparison>[] = [];
    let largestGiven = 0;
    for (let pair = 0; pair < begun.pairs; pair++) {
      const { outputs, given } = compareOutputs(begun, jvp, at, input, options.gradientRoundoff);
      spread = Math.max(spread, given.spread ?? 0);
      largestGiven = Math.max(largestGiven, largestMagnitude(given.values[0]));
      outputs.forEach((one, i) => {
        if (!worst[i] || rank(one.comparison) > rank(worst[i].comparison)) worst[i] = one;
      });
    }
    const { length } = worst;
    const judged = judgeInput({ name, length, shape: undefined, elements: worst, directions: [], largestGiven });
    return { ...judged, length: begun.inputs.arrays[input].length };
  });
  return productReport(begun.field, reports, "outputs", spread, options);
}

/** Each output along one random direction of one input. */
function compareOutputs<P extends Point>(
  { inputs, field, source }: Begun,
  jvp: (x: P, tangent: Tangent<P>) => ArrayLike<number>,
  at: P,
  input: number,
  gradientRoundoff: number | undefined,
): { outputs: readonly Compared<ElementComparison>[]; given: Measured } {
  const moves = sizedMoves(input, inputs.arrays[input], signs(source));
  const product = (x: P) => jvp(x, tangentOf(at, inputs, input, moves.rates));
  const numbersOf = (result: unknown) => [outputsOf("checkJvp", "jvp", result, field.values.length)];
  let given = measuredNumbers("jvp", product, at, inputs, numbersOf, gradientRoundoff);
  const lines = linesAlong(field, [moves]).map((f) => {
    const context = { spacing: f.spacing, unitRoundoff: field.unitRoundoff, deterministic: f.spread === 0 };
    return { line: lineDerivative(f), context, moves };
  });
  const compare = () =>
    lines.map(({ line, context }, index): Compared<ElementComparison> => {
      const comparison = { ...compareLine(line, derivativeOf(given, index), context), index };
      // One move of rate 1: the error of an output is not shared out among the elements.
      return { comparison, line, context, moves: elementMove(input, index) };
    });
  const outputs = compare();
  if (!given.remeasured || !outputs.some(isOff)) return { outputs, given };
  const apart = inputs.arrays.map((array, i) =>
    i === input ? distances(array, lines) : new Float64Array(array.length),
  );
  given = given.remeasured(apart);
  return { outputs: compare(), given };
}

function derivativeOf({ values, errors, roundings, overflow }: Measured, output: number) {
  return { value: values[0][output], error: errors[0][output], rounding: roundings[0][output], overflow };
}

/** 0 but for one input; each call of the user's function gets one of its own. */
function tangentOf<P extends Point>(at: P, inputs: Inputs, input: number, direction: Float64Array): Tangent<P> {
  const parts = inputs.arrays.map((array, i) => (i === input ? direction.slice() : new Float64Array(array.length)));
  return pointOf<Point>(at, inputs, parts) as Tangent<P>;
}
