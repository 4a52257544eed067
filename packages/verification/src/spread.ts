import { type Arithmetic, dense, doubleDouble, float64, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  type Equations,
  liftProblem,
  type NumericArray,
  type ParameterName,
  type RnnGradient,
  type RnnProblem,
} from "@gradproof/rnn";
import { type Branches, evaluate } from "./branches.ts";
import { multiplyAdds } from "./multiply-adds.ts";
import { noisyRuns, type Precision } from "./precision.ts";

export type GradientName = ParameterName | "h0" | "x";

/** The gradient of a problem in double-double, and u_t [T, B, H]. */
export interface Reference {
  readonly arithmetic: Arithmetic<Float64Array>;
  readonly problem: RnnProblem<Tensor<Float64Array>>;
  readonly gradient: RnnGradient<Tensor<Float64Array>>;
  readonly preactivations: Tensor<Float64Array>;
  readonly loss: number;
}

/** @param equations - the derivation; BPTT as `rnn` ships it unless given. */
export function referenceOf(
  problem: RnnProblem<NumericArray>,
  branches?: Branches,
  equations?: Equations<Float64Array>,
): Reference {
  const arithmetic = dense(doubleDouble);
  const lifted = liftProblem(arithmetic, problem);
  const { trajectory, gradient } = evaluate(arithmetic, lifted, branches, equations);
  const loss = arithmetic.lower(trajectory.loss)[0];
  return { arithmetic, problem: lifted, gradient, preactivations: trajectory.preactivations, loss };
}

/** σ: how far rounding moves each element of a gradient, as root mean square over the runs. */
export interface Spread {
  readonly gradient: Readonly<Partial<Record<GradientName, Float64Array>>>;
  readonly preactivations: Float64Array;
}

export interface SpreadOptions {
  readonly precision: Precision;
  readonly noise: "operations" | "kernels";
  /** One run per seed. */
  readonly seeds: readonly number[];
  readonly branches?: Branches | undefined;
  readonly equations?: Equations<Float64Array> | undefined;
  readonly onRun?: (() => void) | undefined;
}

/**
 * Runs side by side share what an interface costs. Where one takes a tenth of a second, that is nothing, and fewer at once
 * need less memory and show progress.
 */
const fewAtOnceFrom = 1e6;

/**
 * σ of every element: the same BPTT run once per seed with every result perturbed by its rounding, against the unperturbed
 * reference (Monte Carlo arithmetic, Parker 1997). Storing a result rounds once more, so σ is at least u / √3 of it.
 */
export function spreadOf(problem: RnnProblem<NumericArray>, reference: Reference, options: SpreadOptions): Spread {
  const { precision, noise, seeds, branches, equations, onRun } = options;
  const names = Object.keys(reference.gradient) as GradientName[];
  const runsAtOnce = multiplyAdds(problem) > fewAtOnceFrom ? 4 : 16;
  const norms = new Map<GradientName | "u", Float64Array>();
  for (const { arithmetic: A, runs, run } of noisyRuns(precision, noise, seeds, runsAtOnce)) {
    const noisy = evaluate(A, liftProblem(A, problem), branches, equations);
    const quantities: [GradientName | "u", Tensor<Float64Array>, Tensor<Float64Array>][] = [
      ["u", noisy.trajectory.preactivations, reference.preactivations],
    ];
    for (const name of names)
      quantities.push([name, tensorOf(noisy.gradient, name), tensorOf(reference.gradient, name)]);
    for (let lane = 0; lane < runs; lane++) {
      for (const [name, values, expected] of quantities) {
        const difference = precision.wide ? exactDifference : float64Difference;
        addToNorms(norms, name, difference(reference.arithmetic, run(values, lane), expected));
      }
      onRun?.();
    }
  }
  const root = (name: GradientName | "u", values: Tensor<Float64Array>): Float64Array => {
    const stored = reference.arithmetic.lower(values);
    const least = precision.rounding.unitRoundoff / Math.sqrt(3);
    return (norms.get(name) as Float64Array).map((norm, i) =>
      hypotenuse(norm / Math.sqrt(seeds.length), Math.abs(least * stored[i])),
    );
  };
  return {
    preactivations: root("u", reference.preactivations),
    gradient: Object.fromEntries(names.map((name) => [name, root(name, tensorOf(reference.gradient, name))])),
  };
}

export function tensorOf<V>(gradient: RnnGradient<V>, name: GradientName): V {
  const tensor = gradient[name];
  if (tensor === undefined)
    throw new RangeError(`gradient: none of ${name}; expected a parameter that the problem has`);
  return tensor;
}

/** a − b, subtracted in double-double. */
export function exactDifference(
  D: Arithmetic<Float64Array>,
  a: Tensor<Float64Array>,
  b: Tensor<Float64Array>,
): Float64Array {
  const difference = D.empty(a.shape);
  D.binary(op.subtract, difference, a, b);
  return D.lower(difference);
}

/** a − b for a in float64 and b in double-double. */
function float64Difference(
  D: Arithmetic<Float64Array>,
  a: Tensor<Float64Array>,
  b: Tensor<Float64Array>,
): Float64Array {
  const expected = D.lower(b);
  return float64.lower(a).map((value, i) => value - expected[i]);
}

/** Adds a difference to the norm of those before, element by element. */
function addToNorms<K>(norms: Map<K, Float64Array>, name: K, difference: Float64Array): void {
  const own = norms.get(name) ?? new Float64Array(difference.length);
  for (let i = 0; i < own.length; i++) own[i] = hypotenuse(own[i], Math.abs(difference[i]));
  norms.set(name, own);
}

/** √(a² + b²) of sizes whose squares may underflow or overflow. */
function hypotenuse(a: number, b: number): number {
  const large = Math.max(a, b);
  const small = Math.min(a, b);
  if (large === 0) return small;
  const ratio = small / large;
  return large * Math.sqrt(1 + ratio * ratio);
}
