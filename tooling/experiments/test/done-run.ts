import type { Run } from "../src/run.ts";

/** A run that was solved. */
export function doneRun(seed: number): Run {
  return {
    seed,
    solved: true,
    diverged: false,
    steps: 400,
    seconds: 2,
    share: 0.09,
    longest: 3,
    clippedShare: 0.5,
    reachAtFirst: 4,
    reachAtLast: 8,
    shareFromAfar: 0.25,
  };
}
