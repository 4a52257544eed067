import { type GraphProgram, runProgram, type Step } from "@gradproof/arbitraries";
import { type BinaryOperation, float64, OperationError, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { kernelOperations } from "./kernel-operations.ts";
import { parametersOf } from "./parameters.ts";
import { watched } from "./watched.ts";

type Floats = Tensor<Float64Array>;

/** The largest number that a value may have. */
const largest = 2 ** 16;

/**
 * How near a program comes to a kink, a jump, a pole or the end of a domain: the least of the distances of its steps'
 * arguments from where their operations have one. 0 where a value is not finite, or so large that nothing is left of others.
 */
export function clearanceOf(program: GraphProgram, inputs: readonly Floats[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  const operations = watched(kernelOperations(float64), (result, values, step) => {
    const isSmall = float64.lower(result).every((x) => Math.abs(x) <= largest);
    nearest = Math.min(nearest, isSmall ? (distances[step.operation]?.(values, step, result) ?? nearest) : 0);
  });
  try {
    runProgram(program, operations, inputs);
  } catch (error) {
    if (error instanceof OperationError) return 0;
    throw error;
  }
  return Number.isNaN(nearest) ? 0 : nearest;
}

type Distance = (values: readonly Floats[], step: Step, result: Floats) => number;

const numbers = (t: Floats): number[] => Array.from(float64.lower(t));
/** The least of some numbers. */
const least = (all: readonly number[]) => Math.min(...all);
const sizes = (t: Floats) => least(numbers(t).map(Math.abs));

const fromZero: Distance = ([a]) => sizes(a);
const fromEachOther: Distance = ([a, b], { shape }) => sizes(combined("subtract", a, b, shape));
const aboveZero: Distance = ([a]) => least(numbers(a));
/** Between any two elements. */
const apart: Distance = ([a]) => {
  const sorted = numbers(a).toSorted((x, y) => x - y);
  return least(sorted.slice(1).map((x, i) => x - sorted[i]));
};

const distances: Readonly<Record<string, Distance>> = {
  relu: fromZero,
  abs: fromZero,
  sign: fromZero,
  // Its kernels have a kink in each of two parts.
  softplus: fromZero,
  where: fromZero,
  greater: fromEachOther,
  maximum: fromEachOther,
  minimum: fromEachOther,
  max: apart,
  min: apart,
  norm: (_, _step, result) => sizes(result),
  divide: ([, b]) => sizes(b),
  log: aboveZero,
  log1p: ([a]) => 1 + least(numbers(a)),
  sqrt: aboveZero,
  pow([a, b], step) {
    // The graph gives a⁰ as 1, which the complex step by an exponent of 0 would not pass.
    if (b) return Math.min(least(numbers(a)), sizes(b));
    const { exponent } = parametersOf(step);
    if (!Number.isInteger(exponent)) return least(numbers(a));
    return exponent < 0 ? sizes(a) : Number.POSITIVE_INFINITY;
  },
  // The cofactors are the determinant times the inverse.
  determinant: (_, _step, result) => sizes(result),
};

function combined(operation: BinaryOperation, a: Floats, b: Floats, shape: readonly number[]): Floats {
  const out = float64.empty(shape);
  float64.binary(op[operation], out, a, b);
  return out;
}
