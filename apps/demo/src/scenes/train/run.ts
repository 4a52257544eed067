import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { mapProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import {
  adding,
  copy,
  DivergenceError,
  delayedXor,
  shareOfBaseline,
  type Task,
  type Trainer,
  temporalOrder,
  trainer,
} from "@gradproof/training";
import { type Cause, explain } from "@gradproof/verification";

/** What a run computes with; tensors of one lie in its memory. */
const arithmetic = simd("float32");
type Numbers = typeof arithmetic extends Arithmetic<infer S> ? S : never;

export type TaskName = "adding" | "temporal-order" | "copy" | "delayed-xor";

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

/** What `explain` found in the network as it is, on the batch of a step. */
export interface Look {
  readonly step: number;
  readonly verdict: string;
  readonly causes: readonly Cause[];
  readonly evidence: readonly string[];
  /** The lag up to which 95 % of the gradient comes from. */
  readonly reach: number | undefined;
}

export interface Progress {
  readonly step: number;
  /** Smoothed loss; the trivial prediction's is 1, the best 0. */
  readonly share: number;
  /** Of the gradient, before clipping. */
  readonly norm: number;
  /** Share of all steps so far that were clipped. */
  readonly clipped: number;
  readonly stepsPerSecond: number;
  readonly look?: Look;
}

export const mostSteps = 5000;
/** A task counts as learned below this share of the trivial prediction's loss. */
export const solved = 0.1;

export function taskOf({ task, length }: Pick<RunSettings, "task" | "length">): Task {
  switch (task) {
    case "temporal-order":
      return temporalOrder(Math.max(10, length));
    case "copy":
      return copy(length, { symbols: 4, length: 3 });
    case "delayed-xor":
      return delayedXor(length);
    default:
      return adding(length);
  }
}

/** The run that these settings are, before its first step. */
export function trainingOf(settings: RunSettings): Trainer<Numbers> {
  const { hidden, initialisation, gain, clip, seed } = settings;
  return trainer(arithmetic, taskOf(settings), {
    seed,
    hidden,
    batch: 16,
    optimiser: { kind: "adam" },
    learningRate: 0.003,
    initialisation,
    gain,
    ...(clip > 0 && { clip: { by: "norm", threshold: clip } }),
  });
}

/** Steps between two looks at the flow of the gradient. */
const lookEvery = 200;

/** Milliseconds between two reports: often at first, then seldom enough for drawing not to slow the run down. */
function patience(spent: number): number {
  return Math.min(500, 40 + spent / 10);
}

/**
 * Trains until the task is learned or the steps are used up, and reports on the way; gives way to other messages between
 * reports.
 */
export async function run(settings: RunSettings, report: (progress: Progress) => void): Promise<string> {
  const task = taskOf(settings);
  const training = trainingOf(settings);
  let [clipped, spent, heard] = [0, 0, performance.now()];
  let look: Look | undefined;
  for (;;) {
    const start = performance.now();
    const looking = training.step % lookEvery === 0;
    let problem: RnnProblem<NumericArray> | undefined;
    try {
      const step = training.next((inside) => {
        if (looking) problem = numbersOf(inside.problem);
      });
      spent += performance.now() - start;
      clipped += step.clip.clipped ? 1 : 0;
      if (problem) look = lookAt(problem, step.step, task.lag);
      const share = shareOfBaseline(task, step.smoothedLoss);
      const done = step.step >= mostSteps ? "not learned" : share < solved ? "learned" : undefined;
      if (done || look || performance.now() - heard > patience(spent)) {
        heard = performance.now();
        const common = { step: step.step, share, norm: step.clip.norm, clipped: clipped / step.step };
        report({ ...common, stepsPerSecond: (1000 * step.step) / spent, ...(look && { look }) });
        look = undefined;
        await new Promise((next) => setTimeout(next));
      }
      if (done) return done;
    } catch (error) {
      if (error instanceof DivergenceError) return `diverged: ${error.message}`;
      throw error;
    }
  }
}

function numbersOf(problem: RnnProblem<Tensor<Numbers>>): RnnProblem<NumericArray> {
  return mapProblem(problem, (tensor) => ({ shape: tensor.shape, data: arithmetic.lower(tensor) }));
}

function lookAt(problem: RnnProblem<NumericArray>, step: number, requiredLag: number): Look {
  const { verdict, causes, findings, flow } = explain(problem, {
    requiredLag: Math.min(requiredLag, problem.x.shape[0] - 1),
  });
  const evidence = findings.filter(({ severity }) => severity !== "note");
  return { step, verdict, causes, evidence: evidence.map((one) => one.evidence), reach: flow.horizons.reach95 };
}
