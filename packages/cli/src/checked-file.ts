import type { FloatDtype, Judgement, Verdict } from "@gradproof/verification";

/** The problem of a case file, in a few words. */
export interface ProblemSummary {
  /** steps */
  readonly T: number;
  /** sequences in the batch */
  readonly B: number;
  /** inputs */
  readonly I: number;
  /** hidden units */
  readonly H: number;
  /** outputs; 0 without a readout */
  readonly O: number;
  readonly nonlinearity: "tanh" | "relu";
  readonly loss: "cross_entropy" | "mse" | "half_squared_error" | "linear";
  readonly reduction: "sum" | "mean";
  /** Whether steps of sequences are weighed. */
  readonly mask: boolean;
  /** The dtype of the parameters. */
  readonly dtype: FloatDtype;
}

/** A file whose gradients were judged. */
export interface JudgedFile {
  readonly file: string;
  readonly verdict: Verdict;
  readonly problem: ProblemSummary;
  readonly judgement: Judgement;
}

/** A file that cannot be judged: missing, unreadable, malformed, inconsistent, not a vanilla RNN. */
export interface RefusedFile {
  readonly file: string;
  readonly verdict: "error";
  /** What is wrong, as a sentence. */
  readonly error: string;
}

/** A file that gradproof itself failed on. */
export interface FaultyFile {
  readonly file: string;
  readonly verdict: "fault";
  readonly error: string;
  readonly stack: string;
}

/** What became of one file. */
export type CheckedFile = JudgedFile | RefusedFile | FaultyFile;

export function isJudged(file: CheckedFile): file is JudgedFile {
  return file.verdict !== "error" && file.verdict !== "fault";
}
