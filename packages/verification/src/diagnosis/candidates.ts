import { float64 } from "@gradproof/arithmetic";
import { backward, bptt, dimensions, type Equations, forward, liftProblem } from "@gradproof/rnn";
import { type Bench, sigmaOf } from "../bench.ts";
import { compareInSigma, elementLimit } from "../judge-tensor.ts";
import type { GivenGradient } from "../judgement.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import { mistakes } from "../mistakes/mistakes.ts";
import { truncated, truncatedFromTheEnd, window } from "../mistakes/truncations.ts";
import { type GradientName, tensorOf } from "../spread.ts";
import { effortOf } from "../sub-problem.ts";
import type { StepErrors } from "./location.ts";
import { screenOf, type Wrong } from "./screen.ts";

/** A mistake that comes near a wrong gradient in float64. */
export interface Candidate {
  readonly mistake: Mistake;
  /** Tensors of the whole gradient that it changes. */
  readonly changes: number;
  /** How far it is from the nearest wrong gradient, in multiples of what rounding may do to numbers of that size. */
  readonly distance: number;
}

/** Multiply-adds that looking through the catalogue may cost: several seconds. */
const usualBudget = 2e9;

/** Farther candidates are not looked at: their own σ may be larger than that of the right gradient, but not by this much. */
const farthest = 300;

/** What a search through the catalogue came to. */
export interface Search {
  /** Mistakes that come near a wrong gradient, the nearest first. */
  readonly candidates: readonly Candidate[];
  /** Mistakes of the catalogue that were not tried, because the problem is too large. */
  readonly untried: number;
}

/**
 * Mistakes that come near a wrong gradient: of the catalogue, and of all lengths of truncation.
 *
 * @param errors - where the gradient of x is wrong, which leaves few truncations; undefined if not known.
 */
export function nearMistakes(
  bench: Bench,
  wrong: readonly GivenGradient[],
  errors: StepErrors | undefined,
  budget = usualBudget,
): Search {
  const A = float64;
  const { T } = dimensions(bench.problem);
  const truncations = truncationsOf(T, errors?.last);
  const costOf = ({ cost }: Mistake) => cost?.(T) ?? 1;
  const evaluations = mistakes.reduce((sum, mistake) => sum + costOf(mistake), 0);
  const screen = screenOf(bench, wrong, errors, { evaluations, budget });
  const problem = liftProblem(A, screen.problem);
  const trajectory = forward(A, problem);
  const right = backward(A, problem, trajectory);
  const names = Object.keys(right) as GradientName[];
  const rightDistances = new Map(
    screen.wrong.map((one) => [one, inSigma(one, A.lower(tensorOf(right, one.of)), screen.rightFactor)]),
  );
  /** A mistake that is why a gradient is wrong comes nearer to it than the right gradient, by half at least. */
  const comesNearer = (one: Wrong, mistaken: Float64Array) =>
    screen.factors.some((factor) => inSigma(one, mistaken, factor) <= (rightDistances.get(one) as number) / 2);
  const candidates: Candidate[] = [];
  let left = budget;
  let untried = 0;
  for (const mistake of [...mistakes, ...truncations]) {
    left -= effortOf(screen.problem) * costOf(mistake);
    if (left < 0) {
      if (mistakes.includes(mistake)) untried++;
      continue;
    }
    A.scope(() => {
      const equations: Equations<Float64Array> = { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() };
      const given = backward(A, problem, trajectory, equations);
      const distanceOf = (name: GradientName, data: Float64Array, factor = 1) => {
        const values = A.lower(tensorOf(given, name)).map((value) => factor * value);
        return distance(data, values, relativeLimit(bench, name));
      };
      const nearest = Math.min(
        ...screen.wrong.flatMap(({ of, data }) => screen.factors.map((factor) => distanceOf(of, data, factor))),
      );
      if (!(nearest <= farthest)) return;
      if (!screen.wrong.some((one) => comesNearer(one, A.lower(tensorOf(given, one.of))))) return;
      const changes = names.filter((name) => distanceOf(name, A.lower(tensorOf(right, name))) > 1).length;
      candidates.push({ mistake, changes, distance: nearest });
    });
  }
  return { candidates: candidates.sort((a, b) => a.distance - b.distance), untried };
}

/** K σ of a tensor as a share of its size; infinite where it is 0. */
function relativeLimit(bench: Bench, name: GradientName): number {
  const { arithmetic, gradient } = bench.reference;
  return (elementLimit * largest(sigmaOf(bench, name))) / largest(arithmetic.lower(tensorOf(gradient, name)));
}

/** The largest difference of a wrong gradient from others times a factor, in σ of the right one. */
function inSigma({ data, sigma }: Wrong, others: Float64Array, factor: number): number {
  return compareInSigma(
    data.map((value, i) => value - factor * others[i]),
    sigma,
  ).errorInSigma;
}

/** The largest difference, in multiples of the limit for numbers of that size. */
function distance(given: Float64Array, mistaken: Float64Array, limit: number): number {
  const difference = given.reduce((most, value, i) => Math.max(most, Math.abs(value - mistaken[i])), 0);
  return difference === 0 ? 0 : difference / (limit * largest(mistaken));
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Truncations of the lengths that the catalogue does not have, and that may have left those steps of x right. */
function truncationsOf(T: number, lastWrongStep: number | undefined): Mistake[] {
  const known = new Set(mistakes.map(({ name }) => name));
  const lengths = Array.from({ length: Math.max(0, T - 2) }, (_, i) => i + 2);
  const all =
    lastWrongStep === undefined
      ? lengths.flatMap((h) => [window(h), truncated(h), truncatedFromTheEnd(h)])
      : lengths.flatMap((h) => [
          // Step s is the last that a loss does not reach h steps back, if that loss counts.
          ...(T - 1 - h >= lastWrongStep && T - 4 - h <= lastWrongStep ? [window(h), truncatedFromTheEnd(h)] : []),
          // The last cut is the last multiple of h before T.
          ...(Math.floor((T - 1) / h) * h === lastWrongStep + 1 ? [truncated(h)] : []),
        ]);
  return all.filter(({ name }) => !known.has(name));
}
