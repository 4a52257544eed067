import { type Arithmetic, float32, type Tensor } from "@gradproof/arithmetic";
import { lagProfile, reach, shareFrom } from "@gradproof/diagnostics";
import { lagContributions, mapProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { DivergenceError, shareOfBaseline, type Trainer, trainer } from "@gradproof/training";
import { type Explanation, explain } from "@gradproof/verification";
import type { Experiment } from "./experiment.ts";

/** What became of one run. */
export interface Run {
  readonly seed: number;
  readonly solved: boolean;
  readonly diverged: boolean;
  readonly steps: number;
  /** Of one core. */
  readonly seconds: number;
  /** Of the smoothed loss, the trivial prediction's being 1. */
  readonly share: number;
  /** Longest gradient before clipping. */
  readonly longest: number;
  readonly clippedShare: number;
  /** Steps back that 95 % of the gradient of W_hh come from: at the first step, and at the last. */
  readonly reachAtFirst: number;
  readonly reachAtLast: number;
  /** Share of that gradient from more than half as far back as the task asks: at the last step. */
  readonly shareFromAfar: number;
  /** Of a run that did not get there: what flow says about its last weights and batch. */
  readonly flow?: Pick<Explanation, "verdict" | "causes" | "findings">;
}

/** Called about twice a second. */
export type Progress = (steps: number, seconds: number, share: number) => void;

/** Trains until the task is solved, or the time is up: seconds of this process's own core time, whatever else runs. */
export function run({ task, settings, seconds }: Experiment, seed: number, progress?: Progress): Run {
  const A = float32;
  const training = trainer(A, task, { ...settings, seed });
  const first = lookAtNext(A, training, task.lag);
  let [share, longest, clipped] = [1, 0, 0];
  let [solved, diverged] = [false, false];
  const began = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  };
  let told = performance.now();
  while (!solved && !diverged && spent() < seconds) {
    try {
      const report = training.next();
      share = shareOfBaseline(task, report.smoothedLoss);
      longest = Math.max(longest, report.clip.norm);
      if (report.clip.clipped) clipped++;
      solved = report.step >= 50 && share < 0.1;
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      diverged = true;
    }
    if (progress && performance.now() - told > 500) {
      told = performance.now();
      progress(training.step, spent(), share);
    }
  }
  const [steps, time] = [training.step, spent()];
  const last = diverged ? first : lookAtNext(A, training, task.lag);
  return {
    seed,
    solved,
    diverged,
    steps,
    seconds: time,
    share,
    longest,
    clippedShare: clipped / Math.max(1, steps),
    reachAtFirst: first.reach,
    reachAtLast: last.reach,
    shareFromAfar: last.fromAfar,
    ...(!solved && !diverged && { flow: flowOf(last.problem, { task, settings }) }),
  };
}

interface Look {
  readonly problem: RnnProblem<NumericArray>;
  readonly reach: number;
  readonly fromAfar: number;
}

/** The problem of the next step, which is taken, and how its gradient of W_hh is made up of lags. */
function lookAtNext<S>(A: Arithmetic<S>, training: Trainer<S>, lag: number): Look {
  const sizes: number[] = [];
  const problems: RnnProblem<NumericArray>[] = [];
  training.next(({ problem, trajectory }) => {
    const lower = (tensor: Tensor<S>): NumericArray => ({ shape: tensor.shape, data: A.lower(tensor) });
    problems.push(mapProblem(problem, lower));
    for (const contribution of lagContributions(A, problem, trajectory))
      sizes.push(Math.hypot(...A.lower(contribution)));
  });
  const profile = lagProfile(sizes);
  return { problem: problems[0], reach: reach(profile) ?? 0, fromAfar: shareFrom(profile, Math.ceil(lag / 2)) };
}

function flowOf(
  problem: RnnProblem<NumericArray>,
  { task, settings: { clip } }: Pick<Experiment, "task" | "settings">,
): NonNullable<Run["flow"]> {
  const { verdict, causes, findings } = explain(problem, {
    requiredLag: task.lag,
    ...(clip && { clip: { by: clip.by, limit: clip.threshold } }),
  });
  return { verdict, causes, findings };
}
