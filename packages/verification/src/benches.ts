import { random } from "@gradproof/arithmetic";
import { checkProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import type { Bench } from "./bench.ts";
import { type Branches, branchesOf } from "./branches.ts";
import { crossCheck } from "./cross-check.ts";
import { contestedUnits } from "./kinks.ts";
import { multiplyAdds } from "./multiply-adds.ts";
import { type FloatDtype, precisionOf } from "./precision.ts";
import { type Reference, referenceOf, spreadOf } from "./spread.ts";

/** The runs behind each σ unless a tensor is very large. */
export const usualRuns = 16;

/** Multiply-adds of one BPTT above which noise is drawn per kernel instead of per operation. */
const kernelNoiseFrom = 2e7;

/** What the gradients of one problem are compared with, made once for any number of them. */
export interface Benches {
  readonly problem: RnnProblem<NumericArray>;
  readonly reference: Reference;
  readonly seed: number;
  /** The bench of one precision, made when it is first asked for. */
  readonly at: (dtype: FloatDtype) => Bench;
}

export interface BenchesOptions {
  /** Of the perturbed runs, 1 unless given; the same seed gives the same σ. */
  readonly seed?: number;
  /** Perturbed runs behind each σ; 16 unless given. */
  readonly runs?: number;
  /** Where the noise of the perturbed runs comes in: at every operation, or at every kernel, as large problems have it. */
  readonly noise?: "operations" | "kernels";
  /** Called after each perturbed run with the number of runs done. */
  readonly onProgress?: (runs: number) => void;
}

/**
 * The reference gradient of a problem in double-double, and for each precision that is asked for the σ of its rounding.
 *
 * @throws ProblemError for a problem whose shapes disagree; CrossCheckError, from `at`, if BPTT and autodiff differ in
 * double-double.
 */
export function benchesOf(
  problem: RnnProblem<NumericArray>,
  {
    seed = 1,
    runs = usualRuns,
    noise = multiplyAdds(problem) > kernelNoiseFrom ? "kernels" : "operations",
    onProgress,
  }: BenchesOptions = {},
): Benches {
  checkProblem(problem);
  const reference = referenceOf(problem);
  const preactivations = reference.arithmetic.lower(reference.preactivations);
  const branches = problem.nonlinearity === "relu" ? branchesOf(preactivations) : undefined;
  const source = random(seed);
  const seeds = Array.from({ length: runs }, () => source.uint32());
  let done = 0;
  const onRun = () => onProgress?.(++done);

  const benches = new Map<FloatDtype, Bench>();
  function benchAt(dtype: FloatDtype): Bench {
    const known = benches.get(dtype);
    if (known) return known;
    const precision = precisionOf[dtype];
    const spread = spreadOf(problem, reference, { precision, noise, seeds, branches, onRun });
    const spreadOn = (on: Branches) =>
      spreadOf(problem, referenceOf(problem, on), { precision, noise, seeds, branches: on });
    const kinks = branches && contestedUnits(problem, reference, spread, branches, precision.rounding, spreadOn);
    const { contested, contestedSpread } = kinks ?? { contested: [] };
    const bench: Bench = {
      problem,
      precision,
      noise,
      seeds,
      reference,
      spread,
      branches,
      contested,
      contestedSpread,
      onRun,
    };
    if (contested.length === 0) crossCheck(bench);
    benches.set(dtype, bench);
    return bench;
  }
  return { problem, reference, seed, at: benchAt };
}
