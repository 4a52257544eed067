import type { Check } from "./check-log.ts";
import type { FlowEvidence } from "./flow-evidence.ts";

/** How a run ended. */
export type Ending = "solved" | "stopped-early" | "out-of-steps" | "interrupted" | "diverged";

/** What happens in a run, in the order in which it happens: what `--json` prints, line by line. */
export type TrainEvent =
  | {
      readonly event: "start";
      readonly task: string;
      readonly source: string;
      /** Loss of the trivial prediction, and what that is. */
      readonly baseline: number;
      readonly trivial: string;
      /** Weights and biases to be learnt. */
      readonly parameters: number;
      readonly precision: string;
      /** The checkpoint that the run goes on from. */
      readonly from?: string;
      readonly step: number;
    }
  | { readonly event: "refused"; readonly path: string; readonly reason: string }
  | ProgressEvent
  | ({ readonly event: "check" } & Check)
  | { readonly event: "checkpoint"; readonly step: number; readonly path: string }
  | EndEvent;

export interface ProgressEvent {
  readonly event: "progress";
  readonly step: number;
  /** Smoothed over about 50 steps. */
  readonly loss: number;
  /** How far it is above the best there is, the trivial prediction's being 1. */
  readonly shareOfBaseline: number;
  /** On sequences never trained on; where early stopping asks for it. */
  readonly heldOut?: number;
  /** Of the gradient before clipping, at the last moment measured. */
  readonly gradientNorm: number;
  /** Share of the steps whose gradient was clipped, of late. */
  readonly clippedShare: number;
  /** Steps that 95 % of the gradient come from. */
  readonly horizon: number;
  readonly sequencesPerSecond: number;
  readonly secondsLeft: number;
}

export interface EndEvent {
  readonly event: "end";
  readonly ending: Ending;
  readonly step: number;
  readonly loss: number;
  readonly shareOfBaseline: number;
  /** The loss at first, where it grew and is above the trivial prediction's. */
  readonly firstLoss?: number;
  /** On sequences never trained on. */
  readonly heldOut?: number;
  readonly seconds: number;
  /** Gradients judged in the whole run, resumed or not, and those that did not match. */
  readonly checks: number;
  readonly mismatches: number;
  /** The last checkpoint. */
  readonly checkpoint?: string;
  /** Of a run that diverged: the first number that was not finite. */
  readonly place?: string;
  /** Of a run whose task is not solved at its end: what flow says about its last weights. */
  readonly flow?: FlowEvidence;
  /** Of a text: bits per character on held-out text, the network's and those of n-gram models. */
  readonly bitsPerCharacter?: { readonly network: number; readonly nGrams: readonly number[] };
  readonly sample?: string;
}
