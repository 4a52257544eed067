import type { Initialisation, Nonlinearity } from "@gradproof/rnn";
import { requireChoice, requireNumber } from "./checks.ts";
import { type Clip, checkClip } from "./clipping.ts";
import { type OptimiserSettings, optimiserKinds } from "./optimiser-settings.ts";
import { checkSchedule, type Schedule } from "./schedule.ts";

/**
 * How far back a loss reaches: `window`, at every step the last `steps` steps (BPTT(h) of Williams and Peng 1990); `chunks`,
 * to the start of its chunk of `steps` steps. The state is passed on in both, the gradient is not.
 */
export interface Truncation {
  readonly to: "window" | "chunks";
  readonly steps: number;
}

/** Everything that decides the numbers of a run, besides the task and the arithmetic; plain data. */
export interface TrainingSettings {
  /** Of the first weights and of every batch: any safe integer. */
  readonly seed: number;
  /** Hidden units, H. */
  readonly hidden: number;
  /** Sequences in a batch, B. */
  readonly batch: number;
  readonly optimiser: OptimiserSettings;
  readonly learningRate: number;
  /** Constant where absent. */
  readonly schedule?: Schedule;
  /** None where absent. */
  readonly clip?: Clip;
  /** None where absent: every loss reaches back to the first step of its batch. */
  readonly truncation?: Truncation;
  /** Batches whose mean gradient makes one step; 1 where absent. */
  readonly accumulate?: number;
  /** α of Pascanu's regulariser Ω, which asks errors to keep their length on their way back; none where absent. */
  readonly omega?: number;
  /** tanh where absent. */
  readonly nonlinearity?: Nonlinearity;
  /** orthogonal where absent. */
  readonly initialisation?: Initialisation;
  /** Recurrent gain; 1 where absent. */
  readonly gain?: number;
  /** Whether there are biases; true where absent. */
  readonly biases?: boolean;
}

/** @throws RangeError that names the first setting out of its range. What `initialise` and `optimiser` check is theirs. */
export function checkSettings(settings: TrainingSettings): void {
  const caller = "trainer";
  requireNumber(caller, "seed", settings.seed, { integer: true });
  requireNumber(caller, "hidden", settings.hidden, { least: 1, integer: true });
  requireNumber(caller, "batch", settings.batch, { least: 1, integer: true });
  requireNumber(caller, "learningRate", settings.learningRate, { above: 0 });
  requireChoice(caller, "optimiser.kind", settings.optimiser.kind, optimiserKinds);
  requireNumber(caller, "accumulate", settings.accumulate ?? 1, { least: 1, integer: true });
  requireChoice(caller, "nonlinearity", settings.nonlinearity ?? "tanh", ["tanh", "relu"]);
  if (settings.omega !== undefined) requireNumber(caller, "omega", settings.omega, { least: 0 });
  if (settings.clip) checkClip(settings.clip);
  if (settings.schedule) checkSchedule(settings.schedule);
  if (settings.truncation) {
    requireChoice(caller, "truncation.to", settings.truncation.to, ["window", "chunks"]);
    requireNumber(caller, "truncation.steps", settings.truncation.steps, { least: 1, integer: true });
  }
}
