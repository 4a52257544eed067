import type { Equations } from "@gradproof/rnn";
import type { ProblemFacts } from "../problem-facts.ts";
import type { ProofShape } from "../proof-shape.ts";

/** A wrong derivation of BPTT: the equations that it replaces, and when it cannot be told from the right one. */
export interface Mistake {
  /** Stable: reports, scores and files of the corpus are called by it. */
  readonly name: string;
  /** The formula as mistaken. */
  readonly mistaken: string;
  readonly right: string;
  /** When the mistake changes nothing, in words. */
  readonly inertWhen: string;
  /** The same as a test: whether the mistake changes nothing on a problem with numbers that nothing else is known of. */
  readonly inert: (shape: ProofShape, facts: ProblemFacts) => boolean;
  /** Where it was made: a repository with its issue or file, a paper, a line of the lecture notes. */
  readonly seen?: readonly string[];
  /** What its gradient costs for T steps, in evaluations of BPTT; about one unless given. */
  readonly cost?: (T: number) => number;
  readonly equations: <S>() => Partial<Equations<S>>;
}
