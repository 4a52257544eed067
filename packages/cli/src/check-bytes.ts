import { type Case, readCase } from "@gradproof/interchange";
import { dimensions } from "@gradproof/rnn";
import { judge } from "@gradproof/verification";
import type { CheckedFile, ProblemSummary } from "./checked-file.ts";
import { unjudged } from "./unjudged.ts";

export interface CheckBytesOptions {
  /** What the result calls the file. */
  readonly name: string;
  /** Of the perturbed runs behind each σ; 1 unless given. The same seed gives the same result. */
  readonly seed?: number;
  /** Called after each perturbed run with the number of runs done. */
  readonly onProgress?: (runs: number) => void;
}

/**
 * Reads the bytes of a case file and judges its gradients. Never throws: what cannot be judged, and a fault of gradproof,
 * are results.
 *
 * @example
 * ```ts
 * import { checkBytes } from "gradproof/page";
 *
 * const { verdict } = checkBytes(new Uint8Array(), { name: "empty.npz" });
 * console.log(verdict); // -> error
 * ```
 */
export function checkBytes(bytes: Uint8Array, { name, ...options }: CheckBytesOptions): CheckedFile {
  try {
    const given = readCase(bytes, { name });
    const judgement = judge(given, options);
    return { file: name, verdict: judgement.verdict, problem: summaryOf(given), judgement };
  } catch (error) {
    return unjudged(name, error);
  }
}

export function summaryOf({ problem, precision }: Pick<Case, "problem" | "precision">): ProblemSummary {
  const { nonlinearity, loss, reduction, mask } = problem;
  return { ...dimensions(problem), nonlinearity, loss, reduction, mask: mask !== undefined, dtype: precision };
}
