import { readCase, readStateDict } from "@gradproof/interchange";
import { type ExplainOptions, type Explanation, explain, type FlowStage } from "@gradproof/verification";
import { caseBytes } from "../case-bytes.ts";
import { refusalOf, summaryOf } from "../check-file.ts";
import type { FaultyFile, ProblemSummary, RefusedFile } from "../checked-file.ts";
import { generatedProblem } from "./generated-problem.ts";

export interface FlowFileOptions extends Pick<ExplainOptions, "requiredLag" | "clip" | "truncation" | "exponents"> {
  /** The file has weights alone; input is generated. */
  readonly weights?: boolean | undefined;
  /** Of generated input, and of what the file does not say. */
  readonly seed?: number | undefined;
  readonly steps?: number | undefined;
  readonly nonlinearity?: "tanh" | "relu" | undefined;
  /** What the result calls the file; its path unless given. */
  readonly name?: string | undefined;
  readonly onProgress?: ((stage: FlowStage, done: number) => void) | undefined;
}

/** A file whose gradient flow was analysed. */
export interface ExplainedFile {
  readonly file: string;
  readonly verdict: Explanation["verdict"];
  readonly problem: ProblemSummary;
  /** Whether input and loss were generated. */
  readonly generated: boolean;
  readonly explanation: Explanation;
}

export type FlowedFile = ExplainedFile | RefusedFile | FaultyFile;

export function isExplained(file: FlowedFile): file is ExplainedFile {
  return file.verdict !== "error" && file.verdict !== "fault";
}

/** Two sequences tell what is the network's from what is one sequence's. */
const sequences = 2;
const defaultSteps = 200;

/**
 * Reads a case file, or weights alone, and explains how the gradient flows. Never throws: what cannot be analysed, and a
 * fault of gradproof, are results.
 *
 * @example
 * ```ts
 * const { verdict } = flowFile("no-such-file.safetensors");
 * console.log(verdict); // -> error
 * ```
 */
export function flowFile(path: string, options: FlowFileOptions = {}): FlowedFile {
  const { name = path, weights = false, requiredLag, clip, truncation, exponents, onProgress } = options;
  try {
    const given = weights
      ? fromWeights(path, name, options)
      : readCase(caseBytes(path), { name, gradientsOptional: true });
    const settings: ExplainOptions = {
      requiredLag,
      clip,
      truncation,
      exponents,
      onProgress,
      gradients: given.gradients,
    };
    const explanation = explain(given.problem, settings);
    return { file: name, verdict: explanation.verdict, problem: summaryOf(given), generated: weights, explanation };
  } catch (error) {
    const refusal =
      error instanceof RangeError && error.message.startsWith("explain:") ? error.message : refusalOf(error);
    if (refusal !== undefined) return { file: name, verdict: "error", error: refusal };
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
    return { file: name, verdict: "fault", error: message, stack };
  }
}

function fromWeights(path: string, name: string, { seed = 1, steps = defaultSteps, nonlinearity }: FlowFileOptions) {
  const dict = readStateDict(caseBytes(path), { name });
  const kind = nonlinearity ?? dict.nonlinearity ?? "tanh";
  const problem = generatedProblem(dict, { seed, steps, sequences, nonlinearity: kind });
  return { problem, precision: dict.precision, gradients: [] };
}
