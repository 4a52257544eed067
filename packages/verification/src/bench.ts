import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { Branches } from "./branches.ts";
import { type Comparison, compareInSigma, withinRounding } from "./judge-tensor.ts";
import type { GivenGradient } from "./judgement.ts";
import type { Precision } from "./precision.ts";
import { exactDifference, type Reference, type Spread, tensorOf } from "./spread.ts";

/** What all gradients of one precision are compared with, and the means to look closer. */
export interface Bench {
  readonly problem: RnnProblem<NumericArray>;
  readonly precision: Precision;
  readonly noise: "operations" | "kernels";
  readonly seeds: readonly number[];
  readonly reference: Reference;
  readonly spread: Spread;
  /** Under relu, the side of the kink that each unit is on. */
  readonly branches: Branches | undefined;
  readonly contested: readonly number[];
  /** σ where every contested unit is on. */
  readonly contestedSpread?: Spread | undefined;
  readonly onRun: () => void;
}

/** σ of each element of a gradient, row-major. */
export function sigmaOf({ spread }: Bench, name: GivenGradient["of"]): Float64Array {
  return spread.gradient[name] as Float64Array;
}

/** Given minus reference, subtracted in double-double. */
export function errorsOf({ reference }: Bench, { of, data, shape }: GivenGradient): Float64Array {
  const D = reference.arithmetic;
  return exactDifference(D, D.lift(data, shape), tensorOf(reference.gradient, of));
}

/** How far a gradient is from the reference, in σ; both finite. */
export function compareOn(bench: Bench, gradient: GivenGradient): Comparison {
  return compareInSigma(errorsOf(bench, gradient), sigmaOf(bench, gradient.of));
}

/** Whether a gradient keeps the rule, its limits times `factor`. */
export function fits(bench: Bench, gradient: GivenGradient, factor = 1): boolean {
  return withinRounding(compareOn(bench, gradient), factor);
}

/** The index along each axis of an element counted in row-major order. */
export function unravel(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
