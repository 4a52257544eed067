import { ArgumentError } from "./errors.ts";
import { checkScalar, type EvaluationOptions, fieldOf } from "./field.ts";
import { type LineDerivative, lineDerivative } from "./line/line-derivative.ts";
import { elementMove, linesAlong, movesOf } from "./lines.ts";
import { type Along, alongOf, type FloatArray, inputsOf, isArray, type Point } from "./point.ts";

/** A derivative from values of the function alone. */
export interface NumericDerivative {
  /** Not a number where the values say nothing. */
  readonly derivative: number;
  /** What truncation, rounding and noise may have done to it: an estimate, of the size of a standard deviation. */
  readonly errorEstimate: number;
  readonly shape: LineDerivative["shape"];
  /** Range of steps over which differences agree; absent where there is no such plateau. */
  readonly steps?: readonly [from: number, to: number];
  /** One-sided derivatives, where the function is not smooth. */
  readonly left?: { readonly derivative: number; readonly errorEstimate: number };
  readonly right?: { readonly derivative: number; readonly errorEstimate: number };
  /** Standard deviation of the function's values about a smooth function. */
  readonly noise: number;
}

/** Derivatives with respect to each element of an input. */
export interface NumericGradient {
  readonly derivative: Float64Array;
  readonly errorEstimate: Float64Array;
  readonly shapes: readonly LineDerivative["shape"][];
}

/** The numeric gradient, or Jacobian, in the form of the point. */
export type Numeric<P extends Point> = P extends FloatArray
  ? NumericGradient
  : { readonly [name in keyof P]: NumericGradient };

/**
 * The derivative of a function of one number by central differences, extrapolated to step 0 (Richardson 1911; Ridders
 * 1982), at steps from 16 times the spacing of the argument up to `scale`. The noise of f is measured (Moré and Wild
 * 2011). Believed is the finest step whose result is precise and confirmed by coarser ones, or the most precise of those
 * that agree.
 *
 * @example
 * ```ts
 * const { derivative, errorEstimate } = centralDifference(Math.exp, 1);
 * console.log(Math.abs(derivative - Math.E) < 4 * errorEstimate, errorEstimate < 1e-10); // -> true true
 * console.log(centralDifference(Math.abs, 0).shape); // -> kink
 * ```
 */
export function centralDifference(
  f: (x: number) => number,
  x: number,
  options: EvaluationOptions = {},
): NumericDerivative {
  const at = Float64Array.of(x);
  const field = fieldOf(
    "centralDifference",
    ([value]: Float64Array) => f(value),
    at,
    inputsOf("centralDifference", at),
    options,
  );
  checkScalar("centralDifference", field);
  return numericDerivative(lineDerivative(linesAlong(field, [elementMove(0, 0)])[0]));
}

/**
 * The gradient of a function of typed arrays, each element as {@link centralDifference} has it.
 *
 * @throws ArgumentError for a point that is not finite, an f that is not one number, options out of range; MutationError
 * where f writes to its input; what f throws at the point.
 * @example
 * ```ts
 * const f = ({ w, b }: { w: Float64Array; b: Float64Array }) => Math.tanh(w[0] * w[1]) + 3 * b[0];
 * const { w, b } = numericGradient(f, { w: Float64Array.of(0, 2), b: Float64Array.of(1) });
 * console.log(w.derivative[0].toFixed(6), b.derivative[0].toFixed(6), b.shapes[0]); // -> 2.000000 3.000000 smooth
 * ```
 */
export function numericGradient<P extends Point>(
  f: (x: P) => number,
  at: P,
  options: EvaluationOptions = {},
): Numeric<P> {
  return jacobian("numericGradient", f, at, options, true);
}

/**
 * The Jacobian of a function of typed arrays to numbers: for each input [outputs, elements], row-major. All outputs share
 * the evaluations.
 *
 * @throws ArgumentError, MutationError as {@link numericGradient} does.
 * @example
 * ```ts
 * const f = (x: Float64Array) => [x[0] * x[1], x[0] + x[1]];
 * const { derivative } = numericJacobian(f, Float64Array.of(2, 3));
 * console.log(Array.from(derivative, (value) => value.toFixed(6)).join(" ")); // -> 3.000000 2.000000 1.000000 1.000000
 * ```
 */
export function numericJacobian<P extends Point>(
  f: (x: P) => ArrayLike<number>,
  at: P,
  options: EvaluationOptions = {},
): Numeric<P> {
  return jacobian("numericJacobian", f, at, options, false);
}

function jacobian<P extends Point>(
  caller: string,
  f: (x: P) => unknown,
  at: P,
  options: EvaluationOptions,
  scalar: boolean,
): Numeric<P> {
  const inputs = inputsOf(caller, at);
  const field = fieldOf(caller, f, at, inputs, options);
  if (scalar) checkScalar(caller, field);
  const gradients = inputs.arrays.map((array, input): NumericGradient => {
    const count = field.values.length * array.length;
    const derivative = new Float64Array(count);
    const errorEstimate = new Float64Array(count);
    const shapes = new Array<LineDerivative["shape"]>(count);
    for (let element = 0; element < array.length; element++) {
      linesAlong(field, [elementMove(input, element)]).forEach((line, output) => {
        const { value, error, shape } = lineDerivative(line);
        const place = output * array.length + element;
        [derivative[place], errorEstimate[place], shapes[place]] = [value, error, shape];
      });
    }
    return { derivative, errorEstimate, shapes };
  });
  if (isArray(at)) return gradients[0] as Numeric<P>;
  return Object.fromEntries(inputs.names.map((name, i) => [name, gradients[i]])) as Numeric<P>;
}

/**
 * The derivative of f along a direction, J v, for each output: by differences along the line through the point, not from
 * J.
 *
 * @throws ArgumentError for a direction that is 0, not finite or of another length; else as {@link numericGradient}.
 * @example
 * ```ts
 * const [{ derivative, shape }] = directionalDerivative((x: Float64Array) => x[0] * x[1], Float64Array.of(2, 3), [1, -1]);
 * console.log(derivative.toFixed(6), shape); // -> 1.000000 smooth
 * ```
 */
export function directionalDerivative<P extends Point>(
  f: (x: P) => number | ArrayLike<number>,
  at: P,
  direction: Along<P>,
  options: EvaluationOptions = {},
): NumericDerivative[] {
  const caller = "directionalDerivative";
  const inputs = inputsOf(caller, at);
  const rates = alongOf(caller, "direction", direction, at, inputs);
  const bad = rates.flatMap((values) => values.find((rate) => !Number.isFinite(rate)) ?? [])[0];
  if (bad !== undefined) throw new ArgumentError(caller, "direction", `has an element ${bad}; expected finite numbers`);
  if (rates.every((values) => values.every((rate) => rate === 0))) {
    throw new ArgumentError(caller, "direction", "is 0; expected a direction");
  }
  const moves = rates.map((values, input) => movesOf(input, values));
  const field = fieldOf(caller, f, at, inputs, options);
  return linesAlong(field, moves, "rounded").map((line) => numericDerivative(lineDerivative(line)));
}

export function numericDerivative({
  value,
  error,
  shape,
  steps,
  left,
  right,
  noise,
}: LineDerivative): NumericDerivative {
  return {
    derivative: value,
    errorEstimate: error,
    shape,
    noise,
    ...(steps && { steps }),
    ...(left && { left: { derivative: left.value, errorEstimate: left.error } }),
    ...(right && { right: { derivative: right.value, errorEstimate: right.error } }),
  };
}
