import { type Arithmetic, float32 } from "@gradproof/arithmetic";
import { lagProfile, reach, shareFrom } from "@gradproof/diagnostics";
import { lagContributions } from "@gradproof/rnn";
import { DivergenceError, shareOfBaseline, type Trainer, trainer } from "@gradproof/training";
import type { Experiment } from "./experiment.ts";

/** What became of one run. */
export interface Run {
  readonly experiment: string;
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
}

/** Trains until the task is solved, or the time is up: seconds of this process's own core time, whatever else runs. */
export function run({ name, task, settings, seconds }: Experiment, seed: number): Run {
  const A = float32;
  const training = trainer(A, task, { ...settings, seed });
  const first = flowOfNextStep(A, training, task.lag);
  let [share, longest, clipped] = [1, 0, 0];
  let [solved, diverged] = [false, false];
  const began = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  };
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
  }
  const [steps, time] = [training.step, spent()];
  const last = diverged ? first : flowOfNextStep(A, training, task.lag);
  return {
    experiment: name,
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
  };
}

/** How the gradient of W_hh of the next step, which is taken, is made up of lags. */
function flowOfNextStep<S>(A: Arithmetic<S>, training: Trainer<S>, lag: number): { reach: number; fromAfar: number } {
  const sizes: number[] = [];
  training.next(({ problem, trajectory }) => {
    for (const contribution of lagContributions(A, problem, trajectory))
      sizes.push(Math.hypot(...A.lower(contribution)));
  });
  const profile = lagProfile(sizes);
  return { reach: reach(profile) ?? 0, fromAfar: shareFrom(profile, Math.ceil(lag / 2)) };
}
