import { type Cause, type Finding, questions } from "@gradproof/verification";
import type { ExplainedFile, FlowedFile } from "./flow-bytes.ts";

export const causeWords: Readonly<Record<Cause, string>> = {
  "wrong-gradient": "the gradient is wrong",
  "non-finite": "numbers that are not finite",
  "dead-units": "dead units",
  clipping: "clipping makes a small gradient of a huge one",
  truncation: "truncation is shorter than the task",
  "gain-too-small": "vanishes: the recurrent weights are too small",
  "gain-too-large": "explodes: the recurrent weights are too large",
  saturation: "vanishes: the units are saturated",
};

export type FlowVerdict = FlowedFile["verdict"];

/** Signs that tell verdicts apart without colour. */
export const flowSign: Readonly<Record<FlowVerdict, string>> = {
  flows: "✓",
  obstructed: "✗",
  inconclusive: "?",
  error: "!",
  fault: "!",
};

export const severitySign: Readonly<Record<Finding["severity"], string>> = {
  error: "✗",
  warning: "✗",
  note: "·",
  inconclusive: "?",
};

/** What an explanation comes to, in a few words. */
export function headline({ explanation: { verdict, causes } }: ExplainedFile): string {
  if (causes.length > 0) return causes.map((cause) => causeWords[cause]).join("; ");
  return verdict === "flows" ? "nothing obstructs the gradient" : "the sequence is too short to tell";
}

export function questionOf({ question }: Finding): string {
  return questions[question] ?? "";
}

/** "12", "∞", "–" for steps. */
export function steps(value: number | undefined): string {
  if (value === undefined) return "–";
  return Number.isFinite(value) ? (value < 100 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0)) : "∞";
}
