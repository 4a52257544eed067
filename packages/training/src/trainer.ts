import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  mapParameters,
  parameterNames,
  type RnnGradient,
  type RnnParameters,
  type RnnProblem,
  type Trajectory,
} from "@gradproof/rnn";
import type { Batch } from "./batch.ts";
import { gradientOf, initialParameters, lastStates, problemOf, zeros } from "./batch-gradient.ts";
import { type ClipEffect, clipGradient } from "./clipping.ts";
import { DivergenceError, firstNonFinite, firstNonFiniteGradient } from "./divergence.ts";
import { evaluate } from "./evaluate.ts";
import { descend, initialState } from "./optimiser.ts";
import { optimiser } from "./optimiser-settings.ts";
import { addOmega } from "./regularise.ts";
import { rateFactor } from "./schedule.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
import type { Task } from "./task.ts";
import { checkSettings, type TrainingSettings } from "./training-settings.ts";

/** What one step of training was like. */
export interface StepReport {
  /** Steps taken, this one among them. */
  readonly step: number;
  /** Mean loss of the step's batches, before the step. */
  readonly loss: number;
  /** The loss, smoothed exponentially over about 50 steps. */
  readonly smoothedLoss: number;
  readonly learningRate: number;
  readonly clip: ClipEffect;
}

/** The inside of a step, for who wants to look at it before the gradient is clipped; its tensors die with the step. */
export interface Inside<S> {
  readonly problem: RnnProblem<Tensor<S>>;
  readonly trajectory: Trajectory<S>;
  /** As training uses it, but for a regulariser's part: truncated, if it is. */
  readonly gradient: RnnGradient<Tensor<S>>;
}

/** A run of training: a network, its optimiser, and where both stand. */
export interface Trainer<S> {
  /** Steps taken. */
  readonly step: number;
  /** What the network is, on tensors that later steps overwrite. */
  readonly parameters: RnnParameters<Tensor<S>>;
  /**
   * Takes one step against the gradient.
   *
   * @throws DivergenceError where loss or gradient are not finite; nothing has then changed.
   */
  next(look?: (inside: Inside<S>) => void): StepReport;
  /** Mean loss over batches, in order, nothing learnt. */
  evaluate(batches: Iterable<Batch>): number;
  snapshot(): Snapshot;
}

/** Share of a new loss in the smoothed one. */
const freshness = 1 / 50;

/**
 * Trains a vanilla RNN on a task: {@link Trainer.next} draws a batch, runs it forward, takes its gradient by BPTT, clips it
 * and descends. A run is a function of task, settings and arithmetic: the same give the same bits, and a run that goes on from
 * a snapshot gives those of one that never stopped.
 *
 * Called outside a scope of the arithmetic: the network lives as long as the trainer.
 *
 * @param from - where a run of the same task and settings stood; its beginning where absent.
 * @throws RangeError for settings out of their range; SnapshotError for a snapshot of a run with other settings.
 * @example
 * ```ts
 * const settings = { seed: 1, hidden: 8, batch: 16, optimiser: { kind: "adam" }, learningRate: 0.01 } as const;
 * const training = trainer(float64, delayedXor(1), settings);
 * const { loss } = training.next();
 * let smoothed = loss;
 * for (let step = 1; step < 1000; step++) smoothed = training.next().smoothedLoss;
 * console.log(loss > 0.6, smoothed < 0.1 * delayedXor(1).baseline); // -> true true
 * ```
 */
export function trainer<S>(A: Arithmetic<S>, task: Task, settings: TrainingSettings, from?: Snapshot): Trainer<S> {
  checkSettings(settings);
  const { seed, batch: B, accumulate = 1, schedule = { kind: "constant" } } = settings;
  const parameters = initialParameters(A, task, settings);
  const rule = optimiser(A, settings.optimiser);
  const run = { parameters, optimiser: initialState(A, rule, parameters), state: zeros(A, [B, settings.hidden]) };
  const total = mapParameters(parameters, ({ shape }) => A.empty(shape));
  let [step, smoothedLoss] = [from?.step ?? 0, from?.smoothedLoss];
  if (from) restoreSnapshot(A, run, from);

  /** Adds a batch's gradient to the step's, or begins it; answers the batch's loss. */
  function addBatch(draw: number, begins: boolean, look?: (inside: Inside<S>) => void): number {
    let loss = 0;
    A.scope(() => {
      const problem = problemOf(A, task.batch(seed, draw, B), parameters, settings, run.state);
      const { trajectory, gradient } = gradientOf(A, problem, settings.truncation);
      loss = A.lower(trajectory.loss)[0];
      if (!Number.isFinite(loss)) throw new DivergenceError(step, firstNonFinite(A, problem, trajectory));
      look?.({ problem, trajectory, gradient });
      if (settings.omega) addOmega(A, problem, trajectory, gradient, settings.omega);
      for (const name of parameterNames) {
        const [sum, part] = [total[name], gradient[name]];
        if (!sum || !part) continue;
        if (begins) A.copy(sum, part);
        else A.binary(op.add, sum, sum, part);
      }
      A.copy(run.state, lastStates(trajectory));
    });
    return loss;
  }

  function next(look?: (inside: Inside<S>) => void): StepReport {
    const learningRate = settings.learningRate * rateFactor(schedule, step);
    let loss = 0;
    let clip: ClipEffect = { norm: 0, clipped: false, share: 0, factor: 1, cosine: 1 };
    A.scope(() => {
      for (let i = 0; i < accumulate; i++) loss += addBatch(step * accumulate + i, i === 0, look) / accumulate;
      if (accumulate > 1) mapParameters(total, (sum) => A.binary(op.multiply, sum, sum, A.ratio(1, accumulate)));
      clip = clipGradient(A, total, settings.clip);
      if (!Number.isFinite(clip.norm)) throw new DivergenceError(step, firstNonFiniteGradient(A, total));
      descend(A, rule, parameters, total, run.optimiser, A.round([learningRate], []));
    });
    step++;
    smoothedLoss = smoothedLoss === undefined ? loss : smoothedLoss + freshness * (loss - smoothedLoss);
    return { step, loss, smoothedLoss, learningRate, clip };
  }

  return {
    get step() {
      return step;
    },
    parameters,
    next,
    evaluate: (batches) => evaluate(A, batches, parameters, settings),
    snapshot: () => ({ ...takeSnapshot(A, run), step, ...(smoothedLoss !== undefined && { smoothedLoss }) }),
  };
}
