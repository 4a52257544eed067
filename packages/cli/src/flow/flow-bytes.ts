import { readCase, readStateDict } from "@gradproof/interchange";
import { type ExplainOptions, type Explanation, explain, type FlowStage } from "@gradproof/verification";
import { summaryOf } from "../check-bytes.ts";
import type { FaultyFile, ProblemSummary, RefusedFile } from "../checked-file.ts";
import { unjudged } from "../unjudged.ts";
import { generatedProblem } from "./generated-problem.ts";

export interface FlowBytesOptions extends Pick<ExplainOptions, "requiredLag" | "clip" | "truncation" | "exponents"> {
  /** What the result calls the file. */
  readonly name: string;
  /** The file has weights alone; input is generated. */
  readonly weights?: boolean | undefined;
  /** Of generated input, and of what the file does not say. */
  readonly seed?: number | undefined;
  readonly steps?: number | undefined;
  readonly nonlinearity?: "tanh" | "relu" | undefined;
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
 * Reads the bytes of a case file, or of weights alone, and explains how the gradient flows. Never throws: what cannot be
 * analysed, and a fault of gradproof, are results.
 *
 * @example
 * ```ts
 * import { flowBytes } from "gradproof/page";
 *
 * const { verdict } = flowBytes(new Uint8Array(), { name: "empty.npz" });
 * console.log(verdict); // -> error
 * ```
 */
export function flowBytes(bytes: Uint8Array, options: FlowBytesOptions): FlowedFile {
  const { name, weights = false, requiredLag, clip, truncation, exponents, onProgress } = options;
  try {
    const given = weights ? fromWeights(bytes, options) : readCase(bytes, { name, gradientsOptional: true });
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
    return unjudged(name, error);
  }
}

function fromWeights(bytes: Uint8Array, { name, seed = 1, steps = defaultSteps, nonlinearity }: FlowBytesOptions) {
  const dict = readStateDict(bytes, { name });
  const kind = nonlinearity ?? dict.nonlinearity ?? "tanh";
  const problem = generatedProblem(dict, { seed, steps, sequences, nonlinearity: kind });
  return { problem, precision: dict.precision, gradients: [] };
}
