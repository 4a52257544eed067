/** What is wrong with a network's gradient flow, or with how it is used. */
export type Cause =
  /** The gradient is not the derivative of the loss. */
  | "wrong-gradient"
  /** Numbers that are not finite. */
  | "non-finite"
  /** Units that are off at every step of every sequence. */
  | "dead-units"
  /** The gradient explodes, and clipping makes a small one of it. */
  | "clipping"
  /** Errors are cut off before the lag that the task needs. */
  | "truncation"
  /** Weights that shrink every step, whatever the units do. */
  | "gain-too-small"
  /** Weights that stretch errors faster than the units' slopes shrink them. */
  | "gain-too-large"
  /** Units in the flat parts of their nonlinearity, under weights that would keep errors up. */
  | "saturation";

/**
 * - `error`: nothing is learned right before this is mended.
 * - `warning`: a cause why lags that matter are not learned.
 * - `note`: worth knowing; healthy networks have notes too.
 * - `inconclusive`: cannot be told from this problem, and why.
 */
export type Severity = "error" | "warning" | "note" | "inconclusive";

/** What was found about one question. */
export interface Finding {
  /** Of the report's ten questions, from 0. */
  readonly question: number;
  /** What was measured. */
  readonly measure: string;
  readonly value: number;
  /** What the value was compared with; absent where a finding compares nothing. */
  readonly threshold?: number;
  /** The measurement in a sentence, with its numbers. */
  readonly evidence: string;
  readonly severity: Severity;
  /** Of warnings and errors. */
  readonly cause?: Cause;
  /** What to try, with what it would change where that was computed. */
  readonly tryNext: readonly string[];
}

/** The questions, in the order in which they are worth asking. */
export const questions = [
  "Is the gradient right?",
  "Is everything finite?",
  "Is the loss better than a constant's?",
  "Which lags does the gradient come from?",
  "Does it vanish or explode, and by how much per step?",
  "Is it the weights or the saturation?",
  "Which units let nothing through?",
  "What does clipping do?",
  "What does truncation cut off?",
  "How noisy is the gradient?",
  "What was the start?",
] as const;

/** Limits that findings compare with. Each is a choice, and said with the value that is compared with it. */
export const thresholds = {
  /** An error that shrinks to less than this over the lag that is needed is lost: ln ‖Φ‖ below ln 10⁻³. */
  vanished: Math.log(1e-3),
  /** One that grows more than that is out of control: ln ‖Φ‖ above ln 10². */
  exploded: Math.log(1e2),
  /** Standard errors between a growth and 0 for its sign to be believed. */
  standardErrors: 2,
  /** Share of units that are dead. */
  deadUnits: 0.25,
  /** A gradient that clipping makes shorter than this share of itself. */
  clipFactor: 0.1,
  /** A gradient that clipping turns by more than acos of this. */
  clipCosine: 0.9,
  /** Error of a truncated gradient, as a share of the whole one. */
  truncation: 0.1,
  /** Share of the losses that reach the lag that the task needs within their chunk. */
  reachingLosses: 0.5,
  /** Share of the gradient from lags at least as old as the one needed; below it, that lag is not heard. */
  neededShare: 1e-3,
  /** Loss as a share of the best constant output's. */
  baseline: 1,
} as const;

/** Which cause is named first where there are several: what explains the others comes before them. */
const order: readonly Cause[] = [
  "wrong-gradient",
  "non-finite",
  "dead-units",
  "clipping",
  "gain-too-large",
  "saturation",
  "gain-too-small",
  "truncation",
];

/** The causes of findings, each once, the one that explains most first. */
export function causesOf(findings: readonly Finding[]): Cause[] {
  return order.filter((cause) => findings.some((finding) => finding.cause === cause));
}
