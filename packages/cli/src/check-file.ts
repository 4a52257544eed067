import { type Case, CaseError, FileFormatError, readCase } from "@gradproof/interchange";
import { dimensions, ProblemError } from "@gradproof/rnn";
import { judge } from "@gradproof/verification";
import { caseBytes, ReadError } from "./case-bytes.ts";
import type { CheckedFile, ProblemSummary } from "./checked-file.ts";

export interface CheckFileOptions {
  /** Of the perturbed runs behind each σ; 1 unless given. The same seed gives the same result. */
  readonly seed?: number;
  /** What the result calls the file; its path unless given. */
  readonly name?: string;
  /** Called after each perturbed run with the number of runs done. */
  readonly onProgress?: (runs: number) => void;
}

/**
 * Reads a case file and judges its gradients. Never throws: what cannot be judged, and a fault of gradproof, are results.
 *
 * @example
 * ```ts
 * const { verdict } = checkFile("no-such-file.safetensors");
 * console.log(verdict); // -> error
 * ```
 */
export function checkFile(path: string, { name = path, ...options }: CheckFileOptions = {}): CheckedFile {
  try {
    const given = readCase(caseBytes(path), { name });
    const judgement = judge(given, options);
    return { file: name, verdict: judgement.verdict, problem: summaryOf(given), judgement };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) return { file: name, verdict: "error", error: refusal };
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
    return { file: name, verdict: "fault", error: message, stack };
  }
}

/** What is wrong with the file, where it is the file. */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof CaseError || error instanceof FileFormatError) return error.detail;
  if (error instanceof ReadError || error instanceof ProblemError) return error.message;
  if (error instanceof RangeError && /allocation failed|invalid (typed )?array length/i.test(error.message)) {
    return `the problem does not fit into memory (${error.message}); next: export fewer sequences or fewer steps`;
  }
  return undefined;
}

export function summaryOf({ problem, precision }: Pick<Case, "problem" | "precision">): ProblemSummary {
  const { nonlinearity, loss, reduction, mask } = problem;
  return { ...dimensions(problem), nonlinearity, loss, reduction, mask: mask !== undefined, dtype: precision };
}
