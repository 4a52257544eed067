import { float64, type Rounding } from "@gradproof/arithmetic";
import { liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { type Bench, compareOn, errorsOf, multiplyAdds, sigmaOf } from "./bench.ts";
import { findBranches, flipped } from "./branch-search.ts";
import { type Branches, evaluate } from "./branches.ts";
import { exactUnits } from "./exact-units.ts";
import { elementLimit, noiseMargin, tensorLimit } from "./judge-tensor.ts";
import type { GivenGradient } from "./judgement.ts";
import { exactDifference, type Reference, referenceOf, spreadOf, tensorOf } from "./spread.ts";

/** Multiply-adds that trying every combination of the contested units may cost, at most about two seconds. */
const enumerationBudget = 1e9;

/**
 * Units whose side of relu's kink rounding may decide: |u| < K σ_u, the closest to the kink first. A unit that is computed
 * without rounding is on the side of its u, exactly on the kink or not.
 */
export function contestedUnits(
  problem: RnnProblem<NumericArray>,
  preactivations: Float64Array,
  sigma: Float64Array,
  rounding: Rounding,
): number[] {
  const isClose = (unit: number) => Math.abs(preactivations[unit]) < elementLimit * sigma[unit];
  const close = Array.from(preactivations.keys()).filter(isClose);
  if (close.length === 0) return close;
  const exact = exactUnits(problem, preactivations, isClose, rounding);
  const distance = (unit: number) => Math.abs(preactivations[unit]) / sigma[unit];
  return close.filter((unit) => exact[unit] === 0).sort((a, b) => distance(a) - distance(b));
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
  const flips = contested.map((unit) => referenceAt(flipped(branches, unit)));
  if (!withinFlips(bench, gradients, flips)) return undefined;
  const enumerable = 2 ** contested.length * multiplyAdds(problem) <= enumerationBudget;
  const found = findBranches(branches, contested, {
    misfitOf: (at) => misfit({ ...bench, reference: referenceAt(at) }, gradients),
    ...(enumerable && { isNear: nearness(bench, gradients) }),
  });
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
  if (enumerable) return undefined;
  return {
    open: `${contested.length} relu units are so close to their kink that rounding decides, too many to try all sides`,
  };
}

/** Whether the branches could fit, from BPTT in float64 alone, whose own error is below the margin twice over. */
function nearness(bench: Bench, gradients: readonly GivenGradient[]): (branches: Branches) => boolean {
  const lifted = liftProblem(float64, bench.problem);
  const limit = elementLimit + 2 * noiseMargin;
  return (branches) => {
    const { gradient } = evaluate(float64, lifted, branches);
    return gradients.every(({ of, data }) => {
      const values = float64.lower(tensorOf(gradient, of));
      const sigma = sigmaOf(bench, of);
      return data.every((value, i) => Math.abs(value - values[i]) <= limit * sigma[i]);
    });
  };
}

/** The largest excess over the rule's limits, 1 where they are just kept. */
function misfit(bench: Bench, gradients: readonly GivenGradient[]): number {
  const ratios = gradients.map((gradient) => {
    const { errorInSigma, rmsInSigma } = compareOn(bench, gradient);
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
