import { ArgumentError } from "../errors.ts";
import { checkArray, type FlowArray } from "./jacobians.ts";

/** A slope below this is saturated: for tanh, |h| > 0.97. */
export const saturatedSlope = 1 - 0.97 ** 2;

/** Where and when units let no gradient through. */
export interface Saturation {
  /** Share of all slopes that are saturated. */
  readonly share: number;
  readonly meanSlope: number;
  /** Mean slope of each step and unit over the sequences [T, H]. */
  readonly map: FlowArray;
  /** Share of saturated slopes of each unit. */
  readonly byUnit: Float64Array;
  /** Share of saturated slopes at each step. */
  readonly byStep: Float64Array;
  /** Units whose slope is 0 at every step of every sequence: dead under relu. */
  readonly dead: readonly number[];
}

/**
 * @param slopes - f′(u) [T, B, H], between 0 and 1.
 * @throws ArgumentError for another shape, or numbers that are not finite.
 * @example
 * ```ts
 * const slopes = { shape: [2, 1, 3], data: Float64Array.of(1, 0, 0.01, 1, 0, 1) };
 * const { share, dead, byUnit } = saturation(slopes);
 * console.log(share, dead.join(), byUnit.join()); // -> 0.5 1 0,1,0.5
 * ```
 */
export function saturation(slopes: FlowArray): Saturation {
  const [T, B, H] = slopes.shape;
  if (slopes.shape.length !== 3 || slopes.data.length === 0) {
    throw new ArgumentError("saturation", "slopes", `have shape [${slopes.shape.join(", ")}]; expected [T, B, H]`);
  }
  checkArray("saturation", "slopes", slopes, slopes.shape);
  const map = new Float64Array(T * H);
  const byUnit = new Float64Array(H);
  const byStep = new Float64Array(T);
  const largest = new Float64Array(H);
  slopes.data.forEach((slope, position) => {
    const unit = position % H;
    const step = Math.floor(position / (B * H));
    map[step * H + unit] += slope / B;
    largest[unit] = Math.max(largest[unit], Math.abs(slope));
    if (slope >= saturatedSlope) return;
    byUnit[unit] += 1 / (T * B);
    byStep[step] += 1 / (B * H);
  });
  return {
    share: byUnit.reduce((sum, share) => sum + share, 0) / H,
    meanSlope: map.reduce((sum, slope) => sum + slope, 0) / (T * H),
    map: { shape: [T, H], data: map },
    byUnit,
    byStep,
    dead: Array.from(largest.keys()).filter((unit) => largest[unit] === 0),
  };
}
