import type { CountedField } from "../field.ts";
import { type Along, alongOf, type FloatArray, type Point } from "../point.ts";
import {
  type Compared,
  compareAgain,
  compareDirection,
  distances,
  type InputContext,
  isOff,
  locateElement,
} from "./compare-input.ts";
import { judgeInput } from "./judge-input.ts";
import { measuredNumbers } from "./measured.ts";
import { beginProducts, cotangentOf, largestMagnitude, type ProductOptions, productReport, signs } from "./products.ts";
import type { ElementComparison, ProductReport } from "./report.ts";

/**
 * Whether vjp(x, c) is Jᵀc for the Jacobian J of f: the dot-product test ⟨c, J v⟩ = ⟨Jᵀc, v⟩ with J v from values of f
 * alone. Cotangents c and directions v have random signs, so that nothing cancels by design; each input has directions of
 * its own. Where one is wrong, the element is found by halving.
 *
 * @param f - to numbers, as many as the cotangent has.
 * @throws ArgumentError, MutationError as {@link checkGradient} does.
 * @example
 * ```ts
 * const f = (x: Float64Array) => [x[0] * x[1], Math.sin(x[1])];
 * const vjp = (x: Float64Array, c: Float64Array) => [c[0] * x[1], c[0] * x[0] + c[1] * Math.cos(x[1])];
 * console.log(checkVjp(f, vjp, Float64Array.of(2, 0.5)).verdict); // -> match
 * ```
 */
export function checkVjp<P extends Point>(
  f: (x: P) => ArrayLike<number>,
  vjp: (x: P, cotangent: Float64Array) => Along<P>,
  at: P,
  options: ProductOptions = {},
): ProductReport {
  const caller = "checkVjp";
  const { inputs, field, source, pairs } = beginProducts(caller, f, at, options);
  const { names, arrays } = inputs;
  const found = names.map(() => ({
    directions: [] as Compared[],
    elements: [] as Compared<ElementComparison>[],
    largestGiven: 0,
  }));
  let spread = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const cotangent = cotangentOf(source, field.values.length);
    const product = (x: P) => vjp(x, cotangent.slice());
    const numbersOf = (result: unknown) => alongOf(caller, "the result of vjp", result, at, inputs);
    let given = measuredNumbers("vjp", product, at, inputs, numbersOf, options.gradientRoundoff);
    spread = Math.max(spread, given.spread ?? 0);
    const scalar = projected(field, cotangent);
    const contextOf = (input: number): InputContext => ({ field: scalar, input, given, shape: undefined });
    let compared = names.map((_, input) => compareDirection(contextOf(input), signs(source)));
    if (given.remeasured && compared.some(isOff)) {
      given = given.remeasured(compared.map((one, input) => distances(arrays[input], [one])));
      compared = compared.map((one, input) => compareAgain(contextOf(input), one));
    }
    compared.forEach((one, input) => {
      const { directions, elements } = found[input];
      directions.push(one);
      if (one.comparison.verdict === "mismatch") elements.push(locateElement(contextOf(input), one.moves));
      found[input].largestGiven = Math.max(found[input].largestGiven, largestMagnitude(given.values[input]));
    });
  }
  const reports = names.map((name, input) =>
    judgeInput({ name, length: arrays[input].length, shape: undefined, ...found[input] }),
  );
  return productReport(field, reports, "inputs", spread, options);
}

/** ⟨c, f⟩ in place of f. */
function projected(field: CountedField, cotangent: Float64Array): CountedField {
  const project = (values: Float64Array) => values.reduce((sum, value, i) => sum + cotangent[i] * value, 0);
  return {
    ...field,
    evaluate: (arrays: readonly FloatArray[]) => Float64Array.of(project(field.evaluate(arrays))),
    values: Float64Array.of(project(field.values)),
    spread: Float64Array.of(field.spread.reduce((norm, value, i) => Math.hypot(norm, value * cotangent[i]), 0)),
  };
}
