import { setImmediate } from "node:timers/promises";
import type { Arithmetic } from "@gradproof/arithmetic";
import { type NumericArray, parameterNames, type RnnProblem } from "@gradproof/rnn";
import {
  DivergenceError,
  type EarlyStopping,
  nextEarlyStopping,
  type Snapshot,
  type StepReport,
  shareOfBaseline,
  type Task,
  type Trainer,
  type TrainingSettings,
  trainer,
} from "@gradproof/training";
import { type CheckCounts, noChecks, withCheck } from "./check-log.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { CheckpointFolder } from "./checkpoint-folder.ts";
import { History } from "./history.ts";
import { nextProblem } from "./next-problem.ts";
import { type Captured, capture, horizonOf, judgeRunning } from "./running-gradient.ts";
import type { Ending, TrainEvent } from "./train-event.ts";
import type { Precision } from "./train-settings.ts";

/** A run of the command: what is trained, from where, until when, and what is done on the way. */
export interface RunPlan {
  readonly task: Task;
  readonly settings: TrainingSettings;
  readonly identity: ReadonlyMap<string, string>;
  readonly precision: Precision;
  /** Where it goes on from. */
  readonly from?: Omit<Checkpoint, "identity" | "precision"> | undefined;
  readonly steps: number;
  /** Whether it ends as soon as the task is solved. */
  readonly stop: boolean;
  /** Held-out evaluations without a new best, one at each log, after which to stop. */
  readonly patience?: number | undefined;
  readonly checkEvery?: number | undefined;
  readonly logEvery: number;
  readonly saveEvery: number;
  readonly folder?: CheckpointFolder | undefined;
  /** Whether somebody wants it to end now. */
  readonly interrupted: () => boolean;
  readonly tell: (event: TrainEvent) => void;
  /** Called often, for a line that is drawn again and again. */
  readonly live: (progress: Live) => void;
}

/** What a live line shows. */
export interface Live extends Pick<StepReport, "step"> {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly clippedShare: number;
  readonly horizon: number;
  readonly sequencesPerSecond: number;
  readonly secondsLeft: number;
}

export interface RunResult<S> {
  readonly training: Trainer<S>;
  readonly ending: Ending;
  readonly history: History;
  readonly loss: number;
  /** Of the whole run, resumed or not. */
  readonly checks: CheckCounts;
  readonly checkpoint?: string;
  readonly divergence?: DivergenceError;
  /** What the run stands before: its next problem, or the last one seen where the weights are not finite any more. */
  readonly problem?: RnnProblem<NumericArray>;
}

/** Milliseconds between looks at the clock and at whether somebody interrupts. */
const slice = 50;
/** Smoothed losses are taken seriously from this step on. */
const settled = 50;
const heldOutSequences = 256;

/** Trains until it is time to stop; a run that diverges ends with its last good weights. */
export async function runTraining<S>(A: Arithmetic<S>, plan: RunPlan): Promise<RunResult<S>> {
  const { task, settings, from, tell } = plan;
  const training = trainer(A, task, settings, from?.snapshot);
  const history = new History(from?.moments);
  history.clippedSince = from?.clippedSince ?? 0;
  const pace = new Pace(training.step, plan.steps, settings.batch * (settings.accumulate ?? 1));
  let stopping: EarlyStopping | undefined = from?.stopping;
  let report: StepReport | undefined;
  let path: string | undefined;
  let checks = from?.checks ?? noChecks;
  let last: RnnProblem<NumericArray> | undefined;
  let divergence: DivergenceError | undefined;

  /** One step and what belongs to it; answers why to stop, if so. */
  function advance(): Ending | undefined {
    const number = training.step + 1;
    const judged = plan.checkEvery !== undefined && number % plan.checkEvery === 0;
    let seen: Captured | undefined;
    const due = history.isDue(number);
    report = training.next(
      judged || due
        ? (inside) => {
            seen ??= capture(A, inside);
          }
        : undefined,
    );
    history.count(report.clip.clipped);
    if (due && seen) {
      last = seen.problem;
      history.keep({
        step: number,
        loss: report.smoothedLoss,
        norm: report.clip.norm,
        horizon: horizonOf(A, seen.problem),
      });
    }
    if (judged && seen) tellJudgement(seen, number);
    let ending: Ending | undefined;
    const share = shareOfBaseline(task, report.smoothedLoss);
    if (plan.stop && number >= settled && share < 0.1) ending = "solved";
    if (number % plan.logEvery === 0) {
      const heldOut = plan.patience === undefined ? undefined : training.evaluate(task.heldOut(heldOutSequences));
      if (heldOut !== undefined && plan.patience !== undefined) {
        stopping = nextEarlyStopping(stopping, heldOut, plan.patience);
        if (stopping.stop) ending ??= "stopped-early";
      }
      const measures = { ...liveOf(report), shareOfBaseline: share, ...(heldOut !== undefined && { heldOut }) };
      tell({ event: "progress", ...measures });
    }
    if (number % plan.saveEvery === 0) save();
    return ending ?? (number >= plan.steps ? "out-of-steps" : undefined);
  }

  function tellJudgement(seen: Captured, step: number): void {
    const truncated = settings.truncation !== undefined;
    const { judgement, sequences } = judgeRunning(A, seen, { truncated, seed: settings.seed });
    const errors = judgement.gradients.map(({ errorInSigma = Number.POSITIVE_INFINITY }) => errorInSigma);
    const largest = Math.max(...errors);
    const mistakes = [...new Set(judgement.gradients.flatMap((gradient) => gradient.mistakes))];
    const error = Number.isFinite(largest) ? { errorInSigma: largest } : {};
    const check = { step, verdict: judgement.verdict, ...error, mistakes, sequences };
    checks = withCheck(checks, check);
    tell({ event: "check", ...check });
  }

  function liveOf({ step, smoothedLoss, clip }: StepReport): Live {
    const moment = history.moments.at(-1);
    const clippedShare = history.recentlyClipped;
    return {
      step,
      loss: smoothedLoss,
      gradientNorm: clip.norm,
      clippedShare,
      horizon: moment?.horizon ?? 0,
      ...pace.at(step),
    };
  }

  /** Writes where the run stands, unless it stands on numbers that are not finite. */
  function save(): void {
    if (!plan.folder) return;
    const snapshot = training.snapshot();
    if (!hasFiniteWeights(snapshot)) return;
    const { moments, clippedSince } = history;
    const { identity, precision } = plan;
    path = plan.folder.write({ identity, precision, snapshot, stopping, moments, clippedSince, checks });
    tell({ event: "checkpoint", step: snapshot.step, path });
  }

  let ending: Ending | undefined = training.step >= plan.steps ? "out-of-steps" : undefined;
  let saved = training.step;
  try {
    for (let looked = performance.now(); ending === undefined; ) {
      ending = advance();
      if (performance.now() - looked < slice) continue;
      if (report) plan.live(liveOf(report));
      await setImmediate();
      if (plan.interrupted()) ending ??= "interrupted";
      looked = performance.now();
    }
    if (!hasFiniteWeights(training.snapshot())) training.next();
    saved = training.step;
    if (saved % plan.saveEvery !== 0 || path === undefined) save();
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    divergence = error;
    ending = "diverged";
  }
  const problem = hasFiniteWeights(training.snapshot()) ? nextProblem(A, training, task, settings) : last;
  return {
    training,
    ending,
    history,
    loss: report?.smoothedLoss ?? from?.snapshot.smoothedLoss ?? Number.NaN,
    checks,
    ...(path !== undefined && { checkpoint: path }),
    ...(divergence && { divergence }),
    ...(problem && { problem }),
  };
}

function hasFiniteWeights({ parameters }: Snapshot): boolean {
  return parameterNames.every((name) => parameters[name]?.data.every(Number.isFinite) ?? true);
}

/** How fast a run goes, of late. */
class Pace {
  readonly #steps: number;
  readonly #sequences: number;
  #from: { step: number; time: number };
  #before: { step: number; time: number };

  constructor(step: number, steps: number, sequences: number) {
    this.#steps = steps;
    this.#sequences = sequences;
    this.#from = { step, time: performance.now() };
    this.#before = this.#from;
  }

  at(step: number): { sequencesPerSecond: number; secondsLeft: number } {
    const time = performance.now();
    // The time since five to ten seconds ago.
    if (time - this.#from.time > 5000) {
      this.#before = this.#from;
      this.#from = { step, time };
    }
    const perStep = (time - this.#before.time) / 1000 / Math.max(1, step - this.#before.step);
    return { sequencesPerSecond: this.#sequences / perStep, secondsLeft: perStep * (this.#steps - step) };
  }
}
