import { type Shape, sizeOf } from "../numeric-array.ts";
import type { GraphOperation, Way } from "./operations/operation.ts";
import type { Step } from "./program.ts";

/** What keeps a program in bounds. */
export interface ProgramLimits {
  /** By name, the simplest first. */
  readonly operations: ReadonlyMap<string, GraphOperation>;
  readonly minInputs: number;
  readonly maxInputs: number;
  readonly minSteps: number;
  readonly maxSteps: number;
  readonly minLength: 0 | 1;
  readonly maxAxes: number;
  readonly maxSize: number;
  readonly output: "any" | "scalar";
}

/** The ways to apply an operation to some of the values that stay within the limits; none if it is not in the table. */
export function waysWithin(
  { operations, maxAxes, maxSize }: ProgramLimits,
  name: string,
  values: readonly number[],
  shapes: readonly Shape[],
): readonly Way[] {
  const operation = operations.get(name);
  if (!operation || (operation.distinct && new Set(values).size < values.length)) return [];
  const ways = operation.ways(...values.map((at) => shapes[at]));
  return ways.filter(({ shape }) => shape.length <= maxAxes && sizeOf(shape) <= maxSize);
}

/** The step that applies an operation in one of its ways. */
export function stepOf(operation: string, values: readonly number[], { shape, parameters }: Way): Step {
  const step = { operation, arguments: values, shape };
  return parameters === undefined ? step : { ...step, parameters };
}
