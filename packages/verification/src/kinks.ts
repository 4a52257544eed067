import { float64, type Rounding } from "@gradproof/arithmetic";
import { dimensions, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { type Bench, errorsOf, fits, sigmaOf } from "./bench.ts";
import { descend, type FlipTrials, flipped, searchFlips } from "./branch-search.ts";
import { type Branches, evaluate } from "./branches.ts";
import { exactUnits } from "./exact-units.ts";
import { appealFactor, compareInSigma, elementLimit, noiseMargin, tensorLimit } from "./judge-tensor.ts";
import type { GivenGradient } from "./judgement.ts";
import { multiplyAdds } from "./multiply-adds.ts";
import {
  exactDifference,
  type GradientName,
  type Reference,
  referenceOf,
  type Spread,
  spreadOf,
  tensorOf,
} from "./spread.ts";

/** Multiply-adds that trying contested units on both sides may cost, a few seconds. */
const searchBudget = 4e9;

/** Units whose side of relu's kink rounding may decide, the closest to the kink first, and σ where all of them are on. */
export interface Kinks {
  readonly contested: readonly number[];
  readonly contestedSpread?: Spread;
}

/**
 * Units with |u| < K σ_u. A unit that is computed without rounding is on the side of its u, exactly on the kink or not.
 *
 * A dead unit whose u rounds to above 0 hands its rounding on, to units whose u is 0 without it: σ_u is that of the natural
 * sides or of all contested units on, whichever is larger, until that makes no other unit contested.
 *
 * @param natural - the sides that u_t of the reference has.
 * @param spreadOn - σ on given sides.
 */
export function contestedUnits(
  problem: RnnProblem<NumericArray>,
  { arithmetic, preactivations }: Pick<Reference, "arithmetic" | "preactivations">,
  spread: Spread,
  natural: Branches,
  rounding: Rounding,
  spreadOn: (on: Branches) => Spread,
): Kinks {
  const u = arithmetic.lower(preactivations);
  let kinks: Kinks = { contested: closeToKink(problem, u, spread.preactivations, rounding) };
  for (let known = 0; kinks.contested.length > known; ) {
    known = kinks.contested.length;
    const on = natural.slice();
    for (const unit of kinks.contested) on[unit] = 1;
    const contestedSpread = spreadOn(on);
    const sigma = spread.preactivations.map((own, i) => Math.max(own, contestedSpread.preactivations[i]));
    kinks = { contested: closeToKink(problem, u, sigma, rounding), contestedSpread };
  }
  return kinks;
}

function closeToKink(
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
  const either = withContestedOn(bench);
  if (!withinFlips(either, gradients, branches)) return undefined;
  const { B, H } = dimensions(problem);
  const open = contested.map((unit) => ({
    unit,
    step: Math.floor(unit / (B * H)),
    sequence: Math.floor(unit / H) % B,
  }));
  const trials = flipTrials(either, gradients, branches);
  const found = searchFlips(open, trials);
  if (found === "none") return undefined;
  if (found !== "open") return { bench: found };
  const flips = descend(contested, (tried) => misfit(either, gradients, branches, tried));
  const confirmed = flips && trials.confirm(flips);
  if (confirmed) return { bench: confirmed };
  return {
    open: `${contested.length} relu units are so close to their kink that rounding decides, too many to try all sides`,
  };
}

/**
 * σ, its own or that with every contested unit on, whichever is larger: where a dead unit comes to life, its state is
 * rounding and nothing else, and σ on its own side is 0.
 */
function withContestedOn(bench: Bench): Bench {
  const { spread, contestedSpread } = bench;
  if (!contestedSpread) return bench;
  const larger = (of: GradientName) => {
    const on = contestedSpread.gradient[of] as Float64Array;
    return (spread.gradient[of] as Float64Array).map((sigma, i) => Math.max(sigma, on[i]));
  };
  const names = Object.keys(spread.gradient) as GradientName[];
  return { ...bench, spread: { ...spread, gradient: Object.fromEntries(names.map((of) => [of, larger(of)])) } };
}

/** The given gradients by name as plain numbers, in float64, whose own error is below the margin twice over. */
type Values = ReadonlyMap<GradientName, Float64Array>;

const nearLimit = elementLimit + 2 * noiseMargin;

function flipTrials(bench: Bench, gradients: readonly GivenGradient[], branches: Branches): FlipTrials<Values, Bench> {
  const { problem } = bench;
  const { T, B, I, H } = dimensions(problem);
  const lifted = liftProblem(float64, problem);
  const given = new Map(gradients.map((gradient) => [gradient.of, gradient.data]));
  const allowed = allowedBy(bench, gradients);
  const isNear = (of: GradientName, values: Values, start: number, end: number): boolean => {
    const [own, expected] = [given.get(of), values.get(of)];
    if (!own || !expected) return true;
    for (let i = start; i < end; i++) {
      if (!(Math.abs(own[i] - expected[i]) <= nearLimit * allowed(of, i, expected[i]))) return false;
    }
    return true;
  };
  return {
    budget: searchBudget / multiplyAdds(problem),
    evaluate(flips) {
      const { gradient } = evaluate(float64, lifted, flipped(branches, ...flips));
      return new Map([...given.keys()].map((of) => [of, float64.lower(tensorOf(gradient, of))]));
    },
    same: (a, b) =>
      [...a].every(([of, values]) => {
        const others = b.get(of) as Float64Array;
        return values.every(
          (value, i) => value === others[i] || Math.abs(value - others[i]) <= sigmaOf(bench, of)[i] / 64,
        );
      }),
    fitsSteps(values, sequence, after, step) {
      for (let t = Math.max(0, after + 1); t <= Math.min(step, T - 1); t++) {
        const row = (t * B + sequence) * I;
        if (!isNear("x", values, row, row + I)) return false;
      }
      return after >= -1 || isNear("h0", values, sequence * H, (sequence + 1) * H);
    },
    fitsAll: (values) => [...values].every(([of, { length }]) => isNear(of, values, 0, length)),
    /** The bench on those sides, with the spread there. */
    confirm(flips) {
      const at = flipped(branches, ...flips);
      const reference = referenceOf(problem, at);
      const spread = spreadOf(problem, reference, { ...bench, branches: at });
      const there = withContestedOn({ ...bench, branches: at, reference, spread });
      return gradients.every((gradient) => fits(there, gradient, appealFactor)) ? there : undefined;
    },
  };
}

/** σ for other sides of the units, about: what a flip adds to an element is rounded too, at most as coarsely as the worst tensor. */
function allowedBy(bench: Bench, gradients: readonly GivenGradient[]) {
  const D = bench.reference.arithmetic;
  const natural = new Map(gradients.map(({ of }) => [of, D.lower(tensorOf(bench.reference.gradient, of))]));
  const largest = (values: Float64Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const shares = [...natural].map(([of, values]) => largest(sigmaOf(bench, of)) / (largest(values) || 1));
  const share = Math.max(64 * bench.precision.rounding.unitRoundoff, ...shares);
  return (of: GradientName, i: number, value: number): number =>
    sigmaOf(bench, of)[i] + share * Math.abs(value - (natural.get(of) as Float64Array)[i]);
}

/** The largest excess over the rule's limits with some units flipped, 1 where they are just kept. */
function misfit(
  bench: Bench,
  gradients: readonly GivenGradient[],
  branches: Branches,
  flips: readonly number[],
): number {
  const reference = referenceOf(bench.problem, flipped(branches, ...flips));
  const allowed = allowedBy(bench, gradients);
  const ratios = gradients.map((gradient) => {
    const values = reference.arithmetic.lower(tensorOf(reference.gradient, gradient.of));
    const sigma = values.map((value, i) => allowed(gradient.of, i, value));
    const { errorInSigma, rmsInSigma } = compareInSigma(errorsOf({ ...bench, reference }, gradient), sigma);
    return Math.max(errorInSigma / elementLimit, rmsInSigma / tensorLimit);
  });
  return Math.max(0, ...ratios);
}

function withinFlips(bench: Bench, gradients: readonly GivenGradient[], branches: Branches): boolean {
  const D = bench.reference.arithmetic;
  const flips = bench.contested.map((unit) => referenceOf(bench.problem, flipped(branches, unit)));
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
