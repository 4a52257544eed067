import type { Difference } from "@gradproof/diagnostics";
import type { ProofShape } from "../proof-shape.ts";
import type { MistakeCount } from "../prove.ts";

/** One problem of a proof: a shape, and the primes of each run. */
export interface ProofProblem {
  readonly shape: ProofShape;
  readonly seed: number;
  readonly primes: readonly (readonly [number, number])[];
}

/** Where a derivation and autodiff differ. */
export interface RnnCounterexample {
  readonly shape: ProofShape;
  readonly seed: number;
  readonly primes: readonly [number, number];
  readonly differences: readonly Difference[];
}

/** What became of one derivation on all problems. */
export interface DerivationProof {
  readonly name: string;
  readonly source: string;
  readonly proven: number;
  readonly elements: number;
  /** The largest degree and height of a difference, and the most calls of elementary functions and comparisons. */
  readonly degree: number;
  readonly height: number;
  readonly calls: number;
  readonly comparisons: number;
  /** The largest chance that one run accepts what differs. */
  readonly errorPerRun: number;
  /** The chance that all runs do, for each problem. */
  readonly errors: readonly number[];
  /** The refuted one with the fewest numbers. */
  readonly counterexample: RnnCounterexample | undefined;
  /** The derivation with something wrong in it: refused wherever that shows. */
  readonly control: MistakeCount;
}

/** Every derivation of `rnn` against autodiff, and every known mistake of BPTT, on random problems. */
export interface RnnProof {
  readonly seed: number;
  readonly runs: number;
  readonly problems: readonly ProofProblem[];
  readonly derivations: readonly DerivationProof[];
  readonly mistakes: readonly MistakeCount[];
}

/** Whether every derivation is proven, with controls and mistakes that are refused where they show and nowhere else. */
export function holds({ problems, derivations, mistakes }: RnnProof): boolean {
  return (
    derivations.every(({ proven }) => proven === problems.length) &&
    [...derivations.map(({ control }) => control), ...mistakes].every(({ unexpected }) => unexpected.length === 0)
  );
}

/** The chance that any of the derivations was accepted wrongly, on any problem. */
export function errorOf(...derivations: readonly Pick<DerivationProof, "errors">[]): number {
  return Math.min(
    1,
    derivations.flatMap(({ errors }) => errors).reduce((sum, error) => sum + error, 0),
  );
}

/** One proof of parts that share seed and runs, in the order of their problems. */
export function joined(parts: readonly RnnProof[]): RnnProof {
  const [{ seed, runs }] = parts;
  return {
    seed,
    runs,
    problems: parts.flatMap((part) => part.problems),
    derivations: parts
      .map((part) => part.derivations)
      .reduce((sums, next) => sums.map((sum, i) => addDerivation(sum, next[i]))),
    mistakes: parts.map((part) => part.mistakes).reduce((sums, next) => sums.map((sum, i) => addCount(sum, next[i]))),
  };
}

export function addDerivation(a: DerivationProof, b: DerivationProof): DerivationProof {
  return {
    name: a.name,
    source: a.source,
    proven: a.proven + b.proven,
    elements: a.elements + b.elements,
    degree: Math.max(a.degree, b.degree),
    height: Math.max(a.height, b.height),
    calls: Math.max(a.calls, b.calls),
    comparisons: Math.max(a.comparisons, b.comparisons),
    errorPerRun: Math.max(a.errorPerRun, b.errorPerRun),
    errors: [...a.errors, ...b.errors],
    counterexample: smaller(a.counterexample, b.counterexample),
    control: addCount(a.control, b.control),
  };
}

export function addCount(a: MistakeCount, b: MistakeCount): MistakeCount {
  return {
    name: a.name,
    refused: a.refused + b.refused,
    inert: a.inert + b.inert,
    unexpected: [...a.unexpected, ...b.unexpected],
  };
}

function smaller(a: RnnCounterexample | undefined, b: RnnCounterexample | undefined): RnnCounterexample | undefined {
  if (!a || !b) return a ?? b;
  return numbersIn(b.shape) < numbersIn(a.shape) ? b : a;
}

/** Numbers that a problem of that shape takes, about. */
export function numbersIn({ T, B, I, H, O }: ProofShape): number {
  return T * B * (I + O) + H * (I + H + O) + B * H;
}
