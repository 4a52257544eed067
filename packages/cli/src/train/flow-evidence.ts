import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { Task, TrainingSettings } from "@gradproof/training";
import { explain } from "@gradproof/verification";
import { firstSequences } from "./running-gradient.ts";

/** What flow says about a run that did not get where it should. */
export interface FlowEvidence {
  readonly verdict: "flows" | "obstructed" | "inconclusive";
  /** Causes by name, the one that explains most first. */
  readonly causes: readonly string[];
  /** What was measured, a sentence each: of causes, or else what could not be told. */
  readonly evidence: readonly string[];
}

/** Sequences of the batch that are looked at. */
const sequences = 4;

/** Whether the gradient of a run's problem flows as far back as its task asks, and what stands in the way. */
export function flowEvidence(
  problem: RnnProblem<NumericArray>,
  task: Task,
  { clip, truncation }: TrainingSettings,
): FlowEvidence {
  const [T = 1, B = 1] = problem.x.shape;
  const { verdict, causes, findings } = explain(firstSequences(problem, Math.min(B, sequences)), {
    requiredLag: Math.min(task.lag, T - 1),
    ...(clip && { clip: { by: clip.by, limit: clip.threshold } }),
    ...(truncation?.to === "chunks" && truncation.steps < T && { truncation: truncation.steps }),
  });
  const severe = findings.filter(({ severity }) => severity === "error" || severity === "warning");
  const told = severe.length > 0 ? severe : findings.filter(({ severity }) => severity === "inconclusive");
  return { verdict, causes, evidence: told.map(({ evidence }) => evidence) };
}
