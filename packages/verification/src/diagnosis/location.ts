import { float64 } from "@gradproof/arithmetic";
import { dimensions, forward, lagContributions, liftProblem } from "@gradproof/rnn";
import { type Bench, errorsOf, fits, sigmaOf } from "../bench.ts";
import { elementLimit } from "../judge-tensor.ts";
import type { GivenGradient } from "../judgement.ts";
import { tensorOf } from "../spread.ts";
import { agreement } from "./agreement.ts";
import type { LagCount, Location } from "./diagnosis.ts";

/** Where the gradient of x is wrong. */
export interface StepErrors {
  /** The last wrong step, counted from 0: the first that the sweep comes to. */
  readonly last: number;
  readonly steps: readonly number[];
  readonly sequences: readonly number[];
}

/** Steps and sequences at which the gradient of x is wrong; undefined where x was not given, or is right. */
export function stepErrors(bench: Bench, all: readonly GivenGradient[]): StepErrors | undefined {
  const given = all.find(({ of }) => of === "x");
  if (!given || fits(bench, given)) return undefined;
  const { B, I } = dimensions(bench.problem);
  const sigma = sigmaOf(bench, "x");
  const [steps, sequences] = [new Set<number>(), new Set<number>()];
  errorsOf(bench, given).forEach((error, i) => {
    if (Math.abs(error) <= elementLimit * sigma[i]) return;
    steps.add(Math.floor(i / (B * I)));
    sequences.add(Math.floor(i / I) % B);
  });
  if (steps.size === 0) return undefined;
  return { last: Math.max(...steps), steps: [...steps], sequences: [...sequences].sort((a, b) => a - b) };
}

/** Where the gradients go wrong: by the steps of x, else by the lags that W_hh's gradient is made of. */
export function locate(
  bench: Bench,
  wrong: readonly GivenGradient[],
  all: readonly GivenGradient[],
  errors: StepErrors | undefined,
): Location {
  const { T, B } = dimensions(bench.problem);
  if (errors) {
    const { last, steps, sequences } = errors;
    const some = sequences.length < B && { sequences };
    return { by: "steps", step: last, wrong: steps.length, steps: T, ...some };
  }
  if (all.some(({ of }) => of === "x")) return { by: "sums", gradients: wrong.map(({ name }) => name) };
  const recurrent = wrong.find(({ of }) => of === "Whh");
  const lags = recurrent && lagCounts(bench, recurrent);
  return lags ? { by: "lags", lags, steps: T } : { by: "nothing" };
}

/** Multiply-adds that the lags may cost. */
const lagBudget = 3e8;

/** How often the terms of each lag are in a gradient of W_hh, where few words say it. */
export function lagCounts(bench: Bench, given: GivenGradient): readonly LagCount[] | undefined {
  const { T, B, H } = dimensions(bench.problem);
  if (T < 2 || (T * T * B * H * H) / 2 > lagBudget) return undefined;
  const problem = liftProblem(float64, bench.problem);
  const agrees = agreement(given.data, sigmaOf(bench, "Whh"));
  const right = bench.reference.arithmetic.lower(tensorOf(bench.reference.gradient, "Whh"));
  const upTo = new Float64Array(right.length);
  const counted = new Float64Array(right.length);
  let found: readonly LagCount[] | undefined;
  let lag = 0;
  for (const contribution of lagContributions(float64, problem, forward(float64, problem))) {
    const terms = float64.lower(contribution);
    const sum = (a: Float64Array, factor: number) => a.map((value, i) => value + factor * terms[i]);
    upTo.set(sum(upTo, 1));
    counted.set(sum(counted, lag + 1));
    const older = { from: lag + 1, to: T - 1, count: 0 };
    if (lag < T - 1 && agrees(upTo)) found ??= [older];
    else if (agrees(terms)) found ??= [{ from: 0, to: lag - 1, count: 0 }, ...(lag < T - 1 ? [older] : [])];
    else if (agrees(sum(right, -1))) found ??= [{ from: lag, to: lag, count: 0 }];
    else if (agrees(sum(right, 1))) found ??= [{ from: lag, to: lag, count: 2 }];
    if (found) return found;
    lag++;
  }
  if (!agrees(counted)) return undefined;
  return Array.from({ length: T - 1 }, (_, i) => ({ from: i + 1, to: i + 1, count: i + 2 }));
}
