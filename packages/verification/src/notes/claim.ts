/** What becomes of an equation or a sentence of the lecture notes. */
export type ClaimVerdict = "ok" | "wrong" | "ambiguous" | "false" | "heuristic";

/**
 * How a claim is tested: by equality over the prime field, by a bound or standard errors over floats, or not at all,
 * because it says nothing that could fail.
 */
export type ClaimKind = "exact" | "float" | "qualitative";

/** Problems on which the wrong reading gives what the right one gives. No case is drawn from them. */
export interface BlindSpot {
  readonly when: string;
  /** Draws such problems, and throws ClaimError where the wrong reading shows after all; answers how many it drew. */
  readonly shown?: (seed: number) => number;
}

interface ClaimText {
  /** The equation or place in the notes: "Eq. 15", "Conclusion (ii)". */
  readonly row: string;
  /** What the test says, in a line. */
  readonly statement: string;
  /** What the notes write, and what holds, in TeX. */
  readonly asWritten: string;
  readonly corrected: string;
  readonly verdict: ClaimVerdict;
}

/** How often the wrong reading was told from the right one, and the simplest case that does. */
export interface ControlRun {
  readonly cases: number;
  readonly caught: number;
  readonly counterexample: string;
}

export interface TestedClaim extends ClaimText {
  readonly kind: "exact" | "float";
  /** What the control runs: the notes as written where they are wrong, else a mistake that the test must not miss. */
  readonly wrongReading: string;
  readonly blindSpots: readonly BlindSpot[];
  /** @throws ClaimError where what is claimed does not hold. */
  readonly check: (seed: number) => { readonly cases: number };
  readonly control: (seed: number) => ControlRun;
}

export interface QualitativeClaim extends ClaimText {
  readonly kind: "qualitative";
  /** Why there is nothing to test. */
  readonly reason: string;
}

/** One row of the notes: what they write, what holds, and the test that tells the two apart. */
export type Claim = TestedClaim | QualitativeClaim;

/** A claim that does not hold on a case. */
export class ClaimError extends Error {
  override readonly name = "ClaimError";
  readonly row: string;
  constructor(row: string, what: string) {
    super(`${row}: ${what}`);
    this.row = row;
  }
}
