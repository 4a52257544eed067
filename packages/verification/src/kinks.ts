import type { Rounding } from "@gradproof/arithmetic";
import { type Bench, errorsOf, sigmaOf } from "./bench.ts";
import type { Branches } from "./branches.ts";
import { compareInSigma, elementLimit, tensorLimit } from "./judge-tensor.ts";
import type { GivenGradient } from "./judgement.ts";
import { exactDifference, type Reference, referenceOf, spreadOf, tensorOf } from "./spread.ts";

/** At most this many contested units are tried in every combination. */
export const enumerationLimit = 10;

/**
 * Units whose side of relu's kink rounding may decide: |u| < K σ_u, the closest to the kink first. A unit that is exactly 0
 * without rounding (a dead input, say) is not contested.
 */
export function contestedUnits(preactivations: Float64Array, sigma: Float64Array, rounding: Rounding): number[] {
  const exact = 1024 * rounding.smallestNormal;
  const contested: number[] = [];
  preactivations.forEach((u, i) => {
    if (Math.abs(u) < elementLimit * sigma[i] && (u !== 0 || sigma[i] > exact)) contested.push(i);
  });
  const distance = (i: number) => Math.abs(preactivations[i]) / sigma[i];
  return contested.sort((a, b) => distance(a) - distance(b));
}

/** What trying the contested units on both sides led to. */
export interface KinkResolution {
  /** The bench on whose branches all gradients fit. */
  readonly bench?: Bench;
  /** Why it cannot be decided. */
  readonly open?: string;
}

/**
 * Looks for sides of the contested units on which all gradients fit. Undefined where there are none, or where no sides could
 * explain the errors: an error beyond K σ plus twice what the flips do one by one is wrong whichever they are.
 */
export function resolveKinks(bench: Bench, gradients: readonly GivenGradient[]): KinkResolution | undefined {
  const { problem, contested, branches } = bench;
  if (!branches || contested.length === 0) return undefined;
  const seen = new Map<string, Reference>();
  const referenceAt = (at: Branches): Reference => {
    const key = contested.map((unit) => at[unit]).join("");
    const known = seen.get(key) ?? referenceOf(problem, at);
    seen.set(key, known);
    return known;
  };
  if (
    !withinFlips(
      bench,
      gradients,
      contested.map((unit) => referenceAt(flipped(branches, unit))),
    )
  )
    return undefined;
  const found = findBranches(branches, contested, (at) => misfit({ ...bench, reference: referenceAt(at) }, gradients));
  if (found) {
    const reference = referenceAt(found);
    return {
      bench: {
        ...bench,
        branches: found,
        reference,
        spread: spreadOf(problem, reference, { ...bench, branches: found }),
      },
    };
  }
  if (contested.length <= enumerationLimit) return undefined;
  return {
    open: `${contested.length} relu units are so close to their kink that rounding decides, too many to try all sides`,
  };
}

/** The largest excess over the rule's limits, 1 where they are just kept. */
function misfit(bench: Bench, gradients: readonly GivenGradient[]): number {
  const ratios = gradients.map((gradient) => {
    const { errorInSigma, rmsInSigma } = compareInSigma(errorsOf(bench, gradient), sigmaOf(bench, gradient.of));
    return Math.max(errorInSigma / elementLimit, rmsInSigma / tensorLimit);
  });
  return Math.max(0, ...ratios);
}

function withinFlips(bench: Bench, gradients: readonly GivenGradient[], flips: readonly Reference[]): boolean {
  const D = bench.reference.arithmetic;
  return gradients.every((gradient) => {
    const right = tensorOf(bench.reference.gradient, gradient.of);
    const allowed = sigmaOf(bench, gradient.of).map((sigma) => elementLimit * sigma);
    for (const { gradient: other } of flips) {
      exactDifference(D, tensorOf(other, gradient.of), right).forEach((difference, i) => {
        allowed[i] += 2 * Math.abs(difference);
      });
    }
    return errorsOf(bench, gradient).every((error, i) => Math.abs(error) <= allowed[i]);
  });
}

export function flipped(branches: Branches, unit: number): Branches {
  const copy = branches.slice();
  copy[unit] = 1 - copy[unit];
  return copy;
}

/**
 * Branches under which the misfit is at most 1: first by flipping one contested unit after the other where that helps, then,
 * for few of them, in every combination. Undefined if there are none.
 */
export function findBranches(
  start: Branches,
  contested: readonly number[],
  misfitOf: (branches: Branches) => number,
): Branches | undefined {
  const greedy = descend(start, contested, misfitOf);
  if (greedy.misfit <= 1) return greedy.branches;
  if (contested.length > enumerationLimit) return undefined;
  let branches = start;
  for (let step = 1; step < 2 ** contested.length; step++) {
    // Gray code: one flip leads from each combination to the next.
    branches = flipped(branches, contested[31 - Math.clz32(step & -step)]);
    if (misfitOf(branches) <= 1) return branches;
  }
  return undefined;
}

function descend(start: Branches, contested: readonly number[], misfitOf: (branches: Branches) => number) {
  let branches = start;
  let misfit = misfitOf(start);
  for (let improved = true; improved && misfit > 1; ) {
    improved = false;
    for (const unit of contested) {
      const next = flipped(branches, unit);
      const nextMisfit = misfitOf(next);
      if (nextMisfit < misfit) {
        [branches, misfit, improved] = [next, nextMisfit, true];
      }
      if (misfit <= 1) break;
    }
  }
  return { branches, misfit };
}
