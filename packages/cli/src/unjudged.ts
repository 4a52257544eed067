import { CaseError, FileFormatError } from "@gradproof/interchange";
import { ProblemError } from "@gradproof/rnn";
import type { FaultyFile, RefusedFile } from "./checked-file.ts";
import { ReadError } from "./read-error.ts";

/** What becomes of a file that an error kept from being judged: refused where it is the file's, a fault where it is ours. */
export function unjudged(file: string, error: unknown): RefusedFile | FaultyFile {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return { file, verdict: "error", error: refusal };
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  return { file, verdict: "fault", error: message, stack };
}

/** What is wrong with the file, where it is the file. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof CaseError || error instanceof FileFormatError) return error.detail;
  if (error instanceof ReadError || error instanceof ProblemError) return error.message;
  if (!(error instanceof RangeError)) return undefined;
  if (error.message.startsWith("explain:")) return error.message;
  if (/allocation failed|invalid (typed )?array length/i.test(error.message)) {
    return `the problem does not fit into memory (${error.message}); next: export fewer sequences or fewer steps`;
  }
  return undefined;
}
