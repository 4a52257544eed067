import { sizeOf } from "@gradproof/arithmetic";
import { mapProblem, type NumericArray, parameterNames, type RnnGradient, type RnnProblem } from "../src/problem.ts";

export function array(shape: readonly number[], values: ArrayLike<number>): NumericArray {
  if (values.length !== sizeOf(shape)) throw new RangeError(`array: ${values.length} values for shape [${shape}]`);
  return { shape, data: Float64Array.from(values) };
}

/** A deep copy. */
export function copyOf(problem: RnnProblem<NumericArray>): RnnProblem<NumericArray> {
  return mapProblem(problem, ({ shape, data }) => array(shape, data));
}

export type GradientName = keyof RnnGradient<unknown>;

/** What a gradient is there for, in one order. */
export function gradientEntries<V>(gradient: RnnGradient<V>): [GradientName, V][] {
  return ([...parameterNames, "h0", "x"] as const).flatMap((name): [GradientName, V][] => {
    const value = gradient[name];
    return value === undefined ? [] : [[name, value]];
  });
}

/** The array of the problem that a gradient of that name belongs to. */
export function variableOf(problem: RnnProblem<NumericArray>, name: GradientName): NumericArray {
  return name === "h0" || name === "x" ? problem[name] : (problem.parameters[name] as NumericArray);
}
