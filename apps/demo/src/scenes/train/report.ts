import type { TaskName } from "./task-names.ts";

export interface RunSettings {
  readonly task: TaskName;
  /** Steps of the sequence, or of the delay where the task has one. */
  readonly length: number;
  readonly hidden: number;
  readonly initialisation: "orthogonal" | "normal" | "uniform" | "identity";
  readonly gain: number;
  /** Largest norm of a gradient; 0 for none. */
  readonly clip: number;
  readonly seed: number;
}

/** What a task asks, and what it costs not to learn it. */
export interface TaskFacts {
  /** Loss of the trivial prediction. */
  readonly baseline: number;
  /** Least that a loss can be. */
  readonly floor: number;
  /** Steps back that a prediction has to remember. */
  readonly lag: number;
  /** The trivial prediction in words. */
  readonly trivial: string;
}

/** What a step was like. */
export interface Measure {
  readonly step: number;
  /** Smoothed. */
  readonly loss: number;
  /** The trivial prediction's is 1, the best 0. */
  readonly share: number;
  /** Of the gradient, before clipping. */
  readonly norm: number;
  /** Share of all steps so far that were clipped. */
  readonly clipped: number;
  /** The lag up to which 95 % of the gradient comes from, where it was measured. */
  readonly horizon: number | undefined;
  /** Over the whole run, with everything that is reported. */
  readonly stepsPerSecond: number;
}

/** What `explain` found in the network as it was at a step. */
export interface Look {
  readonly step: number;
  readonly verdict: string;
  readonly evidence: readonly { readonly evidence: string; readonly tryNext: readonly string[] }[];
}

export interface Sample {
  readonly step: number;
  readonly text: string;
}

/** What a run tells: first what its task is, then how it goes. */
export type Report =
  | { readonly facts: TaskFacts }
  | { readonly measure: Measure; readonly look?: Look; readonly sample?: Sample };
