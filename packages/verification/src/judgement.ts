import type { Dimensions, NumericArray, RnnProblem } from "@gradproof/rnn";
import type { Diagnosis } from "./diagnosis/diagnosis.ts";
import type { FloatDtype } from "./precision.ts";
import type { GradientName } from "./spread.ts";

/** A gradient that somebody computed, to be judged. */
export interface GivenGradient {
  /** As its maker calls it. */
  readonly name: string;
  /** What it is the gradient with respect to. */
  readonly of: GradientName;
  /** The precision that it was computed in. */
  readonly dtype: FloatDtype;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface GivenProblem {
  readonly problem: RnnProblem<NumericArray>;
  readonly gradients: readonly GivenGradient[];
}

export type Verdict = "match" | "mismatch" | "inconclusive";

/** One element of a gradient beside what it should be. */
export interface WorstElement {
  readonly index: readonly number[];
  readonly given: number;
  readonly reference: number;
  /** How far rounding moves the element, as root mean square. */
  readonly sigma: number;
}

export interface GradientVerdict {
  readonly name: string;
  readonly of: GradientName;
  readonly dtype: FloatDtype;
  readonly shape: readonly number[];
  readonly verdict: Verdict;
  /** Why it is inconclusive, or what else is worth knowing. */
  readonly reason?: string;
  readonly worst: WorstElement;
  /** Largest |error| / σ; absent where the gradient or its reference is not finite. */
  readonly errorInSigma?: number;
  readonly rmsInSigma?: number;
  /** |error| / σ of every element, row-major; absent with errorInSigma. */
  readonly errors?: Float64Array;
  /** A mistake that moves an element by this share of the tensor's largest element shows for certain. */
  readonly resolution?: number;
  /** Known mistakes that give this gradient to within rounding, the most specific first. */
  readonly mistakes: readonly string[];
  /** What a wrong gradient is in terms of the right one, "is 1/8 = 1/(T) of the right gradient"; absent if nothing simple. */
  readonly relations?: readonly string[];
}

/** What the verdict is worth for the code behind the gradient. */
export interface Power {
  /** Known mistakes that would have been found on this problem. */
  readonly caught: readonly string[];
  /** Known mistakes that change nothing here, or less than rounding does. */
  readonly inert: readonly string[];
  /** Of these, the ones about what the problem has not: another loss, reduction or nonlinearity, a mask, a bias. */
  readonly inapplicable: readonly string[];
  /** A derivation that drops every term older than this many steps back would have been found; absent if not computed. */
  readonly visibleLag?: number;
  /** The oldest term there is: T - 1 steps back. */
  readonly largestLag: number;
  /** Where the known mistakes were run, if the problem is too large for all of them: its first steps, sequences, units. */
  readonly measuredOn?: Dimensions;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly gradients: readonly GradientVerdict[];
  /** Why a mismatch is one; absent without, and where the explanation was not asked for. */
  readonly diagnosis?: Diagnosis;
  readonly power: Power;
  /** J, from the reference. */
  readonly loss: number;
  readonly seed: number;
  /** Perturbed runs behind each σ. */
  readonly runs: number;
  /** Relu units that rounding may put on either side of the kink. */
  readonly contestedUnits: number;
}

/** The worse of several verdicts: a mismatch, then inconclusive, then a match. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("mismatch")) return "mismatch";
  return verdicts.includes("inconclusive") ? "inconclusive" : "match";
}
