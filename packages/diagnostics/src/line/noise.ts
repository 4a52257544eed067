import { tableNoise } from "./difference-table.ts";
import type { LineFunction, Step } from "./line-function.ts";

/** Each wider than the one before, in units of half the smallest step. */
const widths = [1, 2 ** 10, 2 ** 20];
const smallestNormal = 2 ** -1022;

/**
 * How far the computed values of f scatter about a smooth function at the point, as a standard deviation: by a difference
 * table over nine very close points, farther apart where most of them have the same value; by repetition; and at least
 * what rounding and underflow do to the value itself.
 */
export function noiseAt(f: LineFunction): number {
  let table = 0;
  for (const width of f.steps.length > 0 ? widths : []) {
    const spacing = (f.steps[0].nominal / 2) * width;
    const values = Array.from({ length: 9 }, (_, j) => f.at((j - 4) * spacing));
    if (!values.every(Number.isFinite)) break;
    const { deviation, mostlyEqual } = tableNoise(values);
    table = deviation;
    if (!mostlyEqual) break;
  }
  return Math.max(f.spread, table, roundingOf(f, f.at(0)), smallestNormal);
}

/** What rounding does to a value of f: that of the result and about as much of the operations before it. */
export function roundingOf({ unitRoundoff }: LineFunction, value: number): number {
  return 2 * unitRoundoff * Math.abs(value);
}

/** What half a spacing of the argument does to a value, by the slope over a step: no closer than that is it known. */
export function argumentNoise(f: LineFunction, { nominal, size }: Step): number {
  const noise = (Math.abs(f.at(nominal) - f.at(-nominal)) / size / 4) * f.spacing;
  return Number.isFinite(noise) ? noise : 0;
}
