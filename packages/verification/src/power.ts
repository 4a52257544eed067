import { float64, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  bptt,
  type Dimensions,
  dimensions,
  forward,
  lagContributions,
  liftProblem,
  type NumericArray,
  type RnnProblem,
} from "@gradproof/rnn";
import { sigmaOf } from "./bench.ts";
import { benchesOf } from "./benches.ts";
import { elementLimit, noiseMargin } from "./judge-tensor.ts";
import type { Power } from "./judgement.ts";
import { isApplicable, mistakes } from "./mistakes/mistakes.ts";
import type { FloatDtype } from "./precision.ts";
import { shapeOf } from "./problem-shape.ts";
import { type GradientName, tensorOf } from "./spread.ts";
import { effortOf, smallerProblem } from "./sub-problem.ts";

/** A difference of this many σ shows for certain, that of the float64 run which computes it included. */
const visible = elementLimit + 2 * noiseMargin;

/** Multiply-adds that running every mistake, and the resolution by lag, may cost: about a second each. */
const budget = 3e8;

/** Perturbed runs behind each σ of a sub-problem. */
const runs = 8;
/** What one of them costs, in runs of plain float64. */
const costOfRun = 60;

/** The right gradient as plain numbers and its σ, for a tensor that was given. */
export interface Expected {
  readonly of: GradientName;
  readonly dtype: FloatDtype;
  readonly values: Float64Array;
  readonly sigma: Float64Array;
}

/**
 * Which known mistakes, and which truncations, would have been found on this problem in the tensors given. Where running
 * every mistake on it would take long, the mistakes are run on a smaller problem cut out of it, and the power says which.
 */
export function powerOf(problem: RnnProblem<NumericArray>, expected: readonly Expected[], seed: number): Power {
  const { T } = dimensions(problem);
  const recurrent = expected.find(({ of }) => of === "Whh");
  const visibleLag = recurrent && visibleLagOf(problem, recurrent);
  const shape = shapeOf(problem);
  const inapplicable = mistakes.filter((mistake) => !isApplicable(mistake, shape)).map(({ name }) => name);
  const rest = { inapplicable, largestLag: T - 1, ...(visibleLag !== undefined && { visibleLag }) };
  if (effortOf(problem) * costOfAll(T) <= budget) return { ...caughtOn(problem, expected), ...rest };
  const smaller = smallerProblem(problem, (part) => {
    return effortOf(part) * (costOfAll(dimensions(part).T) + runs * costOfRun) <= budget;
  });
  const measuredOn: Dimensions = dimensions(smaller);
  return { ...caughtOn(smaller, expectedOn(smaller, expected, seed)), ...rest, measuredOn };
}

/** Evaluations of BPTT that running every mistake takes. */
function costOfAll(T: number): number {
  return mistakes.reduce((sum, { cost }) => sum + (cost?.(T) ?? 1), 0);
}

/** The right gradients of a problem and their σ, of the tensors and precisions that were given of a larger one. */
function expectedOn(problem: RnnProblem<NumericArray>, given: readonly Expected[], seed: number): Expected[] {
  const { reference, at } = benchesOf(problem, { seed, runs });
  return given.map(({ of, dtype }) => {
    const values = reference.arithmetic.lower(tensorOf(reference.gradient, of));
    return { of, dtype, values, sigma: sigmaOf(at(dtype), of) };
  });
}

function caughtOn(problem: RnnProblem<NumericArray>, expected: readonly Expected[]): Pick<Power, "caught" | "inert"> {
  const A = float64;
  const lifted = liftProblem(A, problem);
  const trajectory = forward(A, lifted);
  const caught: string[] = [];
  const inert: string[] = [];
  for (const { name, equations } of mistakes) {
    A.scope(() => {
      const gradient = backward(A, lifted, trajectory, { ...bptt<Float64Array>(), ...equations<Float64Array>() });
      const shows = expected.some(({ of, values, sigma }) => differs(tensorOf(gradient, of), values, sigma));
      (shows ? caught : inert).push(name);
    });
  }
  return { caught, inert };
}

function differs(given: Tensor<Float64Array>, values: Float64Array, sigma: Float64Array): boolean {
  return float64.lower(given).some((value, i) => !(Math.abs(value - values[i]) <= visible * sigma[i]));
}

/** The largest lag d such that leaving out all terms of ∂J/∂W_hh at least d steps back moves an element visibly. */
function visibleLagOf(problem: RnnProblem<NumericArray>, { values, sigma }: Expected): number | undefined {
  const { T, B, H } = dimensions(problem);
  if ((T * T * B * H * H) / 2 > budget) return undefined;
  const lifted = liftProblem(float64, problem);
  const older = values.slice();
  let visibleLag = 0;
  let lag = 0;
  for (const contribution of lagContributions(float64, lifted, forward(float64, lifted))) {
    if (older.some((value, i) => Math.abs(value) > visible * sigma[i])) visibleLag = lag;
    const terms = float64.lower(contribution);
    for (let i = 0; i < older.length; i++) older[i] -= terms[i];
    lag++;
  }
  return visibleLag;
}
