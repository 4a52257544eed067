import type { Rule } from "./derivation.ts";
import type { Questions } from "./error-bound.ts";

/** One run: two primes and uniformly random residues, all drawn from a seed. */
export interface CertifiedRun {
  readonly seed: number;
  readonly primes: readonly [number, number];
  /** How often residues were drawn again because a divisor was 0. */
  readonly redraws: number;
}

/** One shape, and one pattern of what comparisons decide. */
export interface CertifiedCase {
  /** The lengths of the axes. */
  readonly lengths: { readonly [axis: string]: number };
  /** Elements compared in each run. */
  readonly elements: number;
  /** Of the difference of the two programs, and the bits of its coefficients: computed from both programs. */
  readonly degree: number;
  readonly height: number;
  readonly calls: Questions;
  readonly comparisons: Questions;
  readonly runs: readonly CertifiedRun[];
  /** The chance that the first run, and that all of them accept programs that differ. */
  readonly errorPerRun: number;
  readonly error: number;
}

/** What a proof says, for whom it is to convince: all that is needed to run it again is the two programs. */
export interface Certificate {
  /** Version of the form: {@link certificateSchema} describes it. */
  readonly schema: 1;
  readonly statement: string;
  /** The verifier's, from which everything else is drawn. */
  readonly seed: number;
  readonly cases: readonly CertifiedCase[];
  /** The chance that any case was accepted wrongly. */
  readonly error: number;
  /** Functions of which nothing is used but the identities of their oracles. */
  readonly functions: readonly string[];
  /** Whether what comparisons decided is covered as it fell, and not otherwise. */
  readonly branching: boolean;
  /** What the two programs take for granted. */
  readonly rules: readonly Rule[];
}

/** Two significant digits, rounded up: the same on machines whose logarithms differ in the last bit. */
export function roundedUp(chance: number): number {
  const rounded = Number(chance.toPrecision(2));
  return rounded >= chance ? rounded : Number((chance * 1.05).toPrecision(2));
}
