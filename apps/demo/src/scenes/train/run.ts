import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { mapProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import {
  DivergenceError,
  type StepReport,
  sampleText,
  shareOfBaseline,
  type Task,
  type TextTask,
  type Trainer,
  trainer,
} from "@gradproof/training";
import { explain } from "@gradproof/verification";
import { firstSequences, horizonOf } from "gradproof/page";
import type { Look, Measure, Report, RunSettings } from "./report.ts";
import { taskOf } from "./tasks.ts";
import { Turn } from "./turn.ts";

/** What a run computes with; tensors of one lie in its memory. */
const arithmetic = simd("float32");
type Numbers = typeof arithmetic extends Arithmetic<infer S> ? S : never;

const mostSteps = 5000;
/** A task counts as learned below this share of the trivial prediction's loss. */
const solved = 0.1;
const sampleLength = 240;
/** Sequences of a batch that explain looks at. */
const sequencesLookedAt = 4;

/** The inside of the step that was last looked at. */
interface Seen {
  readonly step: number;
  readonly problem: RnnProblem<NumericArray>;
}

/** The run that these settings are, before its first step. */
export function trainingOf(settings: RunSettings, task: Task): Trainer<Numbers> {
  const { hidden, initialisation, gain, clip, seed } = settings;
  return trainer(arithmetic, task, {
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

/** Where a run has come to: what became of it, undefined while it goes on. */
export function endOf(task: Task, { step, smoothedLoss }: StepReport): string | undefined {
  if (shareOfBaseline(task, smoothedLoss) < solved) return "learned";
  if (step < mostSteps) return undefined;
  return "vocabulary" in task ? "all steps taken" : "not learned";
}

/** Milliseconds between two reports: often at first, then seldom enough for drawing not to slow the run down. */
function patience(spent: number): number {
  return Math.min(500, 40 + spent / 10);
}

/**
 * Trains until the task is learned or the steps are used up, and reports on the way; gives way to other messages between
 * reports. Measuring how the gradient flows, and writing samples, takes at most a tenth of the time each.
 *
 * @param text - what the text task learns.
 */
export async function run(settings: RunSettings, report: (report: Report) => void, text?: string): Promise<string> {
  const task = taskOf(settings.task, settings.length, text);
  const training = trainingOf(settings, task);
  const { baseline, floor = 0, lag, trivial } = task;
  report({ facts: { baseline, floor, lag, trivial } });
  const [reports, looks, samples] = [new Turn(), new Turn(), new Turn()];
  const start = performance.now();
  let clipped = 0;
  const last: { seen?: Seen } = {};
  const capture = ({ problem }: { readonly problem: RnnProblem<Tensor<Numbers>> }) => {
    last.seen = { step: training.step + 1, problem: numbersOf(problem) };
  };
  for (;;) {
    const now = performance.now();
    const reporting = reports.isDue(now);
    try {
      const taken = training.next(reporting ? capture : undefined);
      clipped += taken.clip.clipped ? 1 : 0;
      const end = endOf(task, taken);
      if (!reporting && end === undefined) continue;
      const spent = performance.now() - start;
      const { seen } = last;
      const isLast = end !== undefined;
      const measure = reports.take(patience(spent), () => measureOf(task, taken, clipped, spent, seen));
      const look = seen && (isLast || looks.isDue(now)) ? looks.take(1000, () => lookAt(seen, task)) : undefined;
      const writes = "vocabulary" in task && (isLast || samples.isDue(now)) ? task : undefined;
      const sample = writes && samples.take(1000, () => sampleOf(writes, training, settings.seed));
      report({ measure, ...(look && { look }), ...(sample && { sample: { step: taken.step, text: sample } }) });
      if (isLast) return end;
      await new Promise((next) => setTimeout(next));
    } catch (error) {
      if (error instanceof DivergenceError) return `diverged: ${error.message}`;
      throw error;
    }
  }
}

function measureOf(
  task: Task,
  { step, smoothedLoss, clip }: StepReport,
  clipped: number,
  spent: number,
  seen: Seen | undefined,
): Measure {
  return {
    step,
    loss: smoothedLoss,
    share: shareOfBaseline(task, smoothedLoss),
    norm: clip.norm,
    clipped: clipped / step,
    horizon: seen && horizonOf(arithmetic, seen.problem),
    stepsPerSecond: (1000 * step) / spent,
  };
}

function numbersOf(problem: RnnProblem<Tensor<Numbers>>): RnnProblem<NumericArray> {
  return mapProblem(problem, (tensor) => ({ shape: tensor.shape, data: arithmetic.lower(tensor) }));
}

function lookAt({ step, problem }: Seen, { lag }: Task): Look {
  const [T, B] = problem.x.shape;
  const few = firstSequences(problem, Math.min(B, sequencesLookedAt));
  const { verdict, findings } = explain(few, { requiredLag: Math.min(lag, T - 1) });
  const told = findings.filter(({ severity }) => severity !== "note");
  return { step, verdict, evidence: told.map(({ evidence, tryNext }) => ({ evidence, tryNext })) };
}

/** What the network would write, a little more careful than its probabilities. */
function sampleOf({ vocabulary }: TextTask, { parameters }: Trainer<Numbers>, seed: number): string {
  return sampleText(arithmetic, vocabulary, parameters, { seed, length: sampleLength, temperature: 0.7, start: "\n" });
}
