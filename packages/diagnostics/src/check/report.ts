import type { LineDerivative } from "../line/line-derivative.ts";

export type Verdict = "match" | "mismatch" | "inconclusive";

/**
 * The worse of several verdicts: a mismatch, then inconclusive, then a match.
 *
 * @example
 * ```ts
 * console.log(worstVerdict(["match", "inconclusive", "match"])); // -> inconclusive
 * ```
 */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("mismatch")) return "mismatch";
  return verdicts.includes("inconclusive") ? "inconclusive" : "match";
}

/** A given derivative beside the numeric one, along an element of an input or along a direction. */
export interface Comparison {
  readonly verdict: Verdict;
  /** Why it is inconclusive, or what else is worth knowing. */
  readonly reason?: string;
  readonly given: number;
  /** Not a number where the values of f say nothing. */
  readonly numeric: number;
  /** Of the numeric derivative. */
  readonly errorEstimate: number;
  /** How far the given derivative itself is off by its own rounding, as far as that can be measured. */
  readonly givenError: number;
  /** |given - numeric| over the sum of both errors. */
  readonly errorInEstimates: number;
  readonly shape: LineDerivative["shape"];
  /** Range of steps over which differences agree. */
  readonly steps?: readonly [from: number, to: number];
  /** Standard deviation of f's values about a smooth function. */
  readonly noise: number;
  /** One-sided derivatives, where the function is not smooth. */
  readonly left?: number;
  readonly right?: number;
  /** The nearest kink or jump that was seen, along the line. */
  readonly break?: NonNullable<LineDerivative["break"]>;
}

export interface ElementComparison extends Comparison {
  /** Of the input's elements, or of the function's outputs where these are compared. */
  readonly index: number;
  /** The index in the input's shape, where that was given. */
  readonly position?: readonly number[];
}

export interface InputReport {
  readonly name: string;
  readonly length: number;
  readonly shape?: readonly number[];
  readonly verdict: Verdict;
  /** Why it is inconclusive, or what else is worth knowing. */
  readonly reason?: string;
  /** The element that decides the verdict, or is farthest off; absent where only directions were tried. */
  readonly worst?: ElementComparison;
  /** The direction that is farthest off, where directions were tried. */
  readonly worstDirection?: Comparison;
  /** What was compared. */
  readonly checked: {
    /** Elements, each along its own line. */
    readonly elements: number;
    /** Random directions, each over all elements. */
    readonly directions: number;
    /** Elements at which f does not change at all, so that 0 = 0. */
    readonly flat: number;
    /** Elements and directions about which nothing can be said. */
    readonly inconclusive: number;
  };
  /**
   * A mistake in a single element of this share of the input's largest derivative would have shown for certain; where all
   * are 0 to within their errors, of the steepest difference quotient nearby. Absent where nothing is known.
   */
  readonly resolution?: number;
  /** The given gradient is this multiple of the numeric one, in every element that can tell. */
  readonly factor?: number;
  /** Elements at a kink, each with its one-sided derivatives. */
  readonly kinks: readonly ElementComparison[];
}

/** What {@link checkVjp} or {@link checkJvp} found. */
export interface ProductReport {
  readonly verdict: Verdict;
  readonly inputs: readonly InputReport[];
  /** What an element of the reports is: of the input, or an output of the function. */
  readonly elements: "inputs" | "outputs";
  /** Whether f gave the same bits at each of several calls. */
  readonly deterministic: boolean;
  /** Standard deviation of f over calls at the point. */
  readonly spread: number;
  /** Largest difference between two calls of the gradient at the point; absent where it was given as numbers. */
  readonly gradientSpread?: number;
  /** Calls of f. */
  readonly evaluations: number;
  readonly seed: number;
}

/** What {@link checkGradient} found. */
export interface GradientReport extends ProductReport {
  /** f at the point. */
  readonly value: number;
}
