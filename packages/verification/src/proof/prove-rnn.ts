import { random } from "@gradproof/arithmetic";
import { errorBound } from "@gradproof/diagnostics";
import { mistakes } from "../mistakes/mistakes.ts";
import { describeShape, drawShape, type ProofShape } from "../proof-shape.ts";
import { countMistakes, type MistakeCount } from "../prove.ts";
import type { RnnDerivation } from "./derivation.ts";
import { derivations } from "./derivations.ts";
import { type ProblemProof, proveOnProblem } from "./prove-problem.ts";
import { addCount, addDerivation, type DerivationProof, type ProofProblem, type RnnProof } from "./rnn-proof.ts";

export interface ProveRnnOptions {
  /** The verifier's seed. */
  readonly seed: number;
  readonly problems: number;
  /** Runs of each derivation on each problem, over primes and residues of their own; 2 unless given. */
  readonly runs?: number | undefined;
  /** {@link derivations} unless others are given. */
  readonly derivations?: readonly RnnDerivation[] | undefined;
  /** The problems [first, end) alone, for several to share the work; all unless given. */
  readonly part?: { readonly first: number; readonly end: number } | undefined;
  /** Called after each problem. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Proves every derivation of `rnn` equal to autodiff over pairs of prime fields, on random shapes: the forward pass, BPTT
 * and the other roads to the gradient, truncations against a loss whose history is stopped there, unbiased estimates by
 * their mean over everything that chance can do, the single neuron, and one step back for any error behind it, the step of
 * an induction over T. Each has a control with something wrong in it, and every known mistake of BPTT runs on the same
 * problems; they must be refused wherever they show.
 *
 * @example
 * ```ts
 * const proof = proveRnn({ seed: 1, problems: 20 });
 * console.log(holds(proof), proof.derivations.every(({ proven }) => proven === 20)); // -> true true
 * ```
 */
export function proveRnn(options: ProveRnnOptions): RnnProof {
  const { seed, problems, runs = 2, part = { first: 0, end: problems }, onProgress } = options;
  const subjects = options.derivations ?? derivations;
  const source = random(seed);
  const done: ProofProblem[] = [];
  let proofs: DerivationProof[] = [];
  let counts: readonly MistakeCount[] = [];
  for (let i = 0; i < part.end; i++) {
    const [shape, own] = [drawShape(source), source.uint32()];
    if (i < part.first) continue;
    const compared = proveOnProblem(subjects, shape, own, runs);
    const next = compared.map((proof, d) => derivationProof(subjects[d], proof));
    proofs = proofs.length === 0 ? next : proofs.map((proof, d) => addDerivation(proof, next[d]));
    const caught = countMistakes(mistakes, shape, own);
    counts = counts.length === 0 ? caught : counts.map((count, m) => addCount(count, caught[m]));
    done.push({ shape, seed: own, primes: compared[0].runs.map(({ primes }) => primes) });
    onProgress?.(done.length);
  }
  return { seed, runs, problems: done, derivations: proofs, mistakes: counts };
}

function derivationProof({ name, source, mistake }: RnnDerivation, proof: ProblemProof): DerivationProof {
  const { shape, seed, runs, elements, differences, sizes, control } = proof;
  const errorPerRun = errorBound(sizes);
  const proven = differences.length === 0;
  return {
    name,
    source,
    proven: proven ? 1 : 0,
    elements,
    degree: sizes.degree,
    height: sizes.height,
    calls: sizes.calls.count,
    comparisons: sizes.comparisons.count,
    errorPerRun,
    errors: [errorPerRun ** runs.length],
    counterexample: proven ? undefined : { shape, seed, primes: runs[runs.length - 1].primes, differences },
    control: countOf(mistake, shape, seed, control),
  };
}

function countOf(
  name: string,
  shape: ProofShape,
  seed: number,
  { refused, inert }: ProblemProof["control"],
): MistakeCount {
  const surprise = inert ? "refused where it should not show" : "not refused";
  return {
    name,
    refused: refused && !inert ? 1 : 0,
    inert: inert ? 1 : 0,
    unexpected: refused === inert ? [`${surprise}: ${describeShape(shape)}, seed ${seed}`] : [],
  };
}
