import { type Claim, ClaimError, type ControlRun } from "./claim.ts";

/** What became of a claim's test. */
export interface ClaimRun {
  readonly claim: Claim;
  /** Cases on which it was checked; 0 for a qualitative claim. */
  readonly cases: number;
  /** Cases in blind spots, on which the wrong reading is not told apart, as it must be. */
  readonly blindCases: number;
  readonly control: ControlRun | undefined;
  /** Why the claim does not hold, if so. */
  readonly failure: string | undefined;
}

/**
 * Checks a claim of the notes, shows its blind spots, and runs its control.
 *
 * @param seed - any safe integer.
 * @example
 * ```ts
 * const claim = claims.find(({ row }) => row === "Eq. 27");
 * const run = claim && runClaim(claim, 1);
 * console.log(run?.control?.caught, run?.control?.counterexample);
 * // -> 40 w_nn = 1, u = 0: ∂h_1/∂h_0 = 1, as written 0
 * ```
 */
export function runClaim(claim: Claim, seed: number): ClaimRun {
  if (claim.kind === "qualitative") return { claim, cases: 0, blindCases: 0, control: undefined, failure: undefined };
  try {
    const { cases } = claim.check(seed);
    const blindCases = claim.blindSpots.reduce((sum, { shown }) => sum + (shown?.(seed) ?? 0), 0);
    const control = claim.control(seed);
    const missed = control.cases - control.caught;
    const failure = missed === 0 ? undefined : `the control is not told apart on ${missed} of ${control.cases} cases`;
    return { claim, cases, blindCases, control, failure };
  } catch (error) {
    if (!(error instanceof ClaimError)) throw error;
    return { claim, cases: 0, blindCases: 0, control: undefined, failure: error.message };
  }
}
