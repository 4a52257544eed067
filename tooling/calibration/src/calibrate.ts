import { random } from "@gradproof/arithmetic";
import {
  type Benches,
  benchesOf,
  compareOn,
  type FloatDtype,
  type GradientVerdict,
  judgeOn,
} from "@gradproof/verification";
import { type Counts, mergedCounts, noCounts, runCounts } from "./counts.ts";
import { noSizes, withSize } from "./histogram.ts";
import { plantError } from "./planted-error.ts";
import { type RandomGradient, randomGradient } from "./random-gradient.ts";
import type { Scales } from "./random-problem.ts";

/** What is calibrated: problem i of a plan is the same whichever part of it runs. */
export interface Plan {
  readonly problems: number;
  readonly seed: number;
  readonly scales: Scales;
  /** Where the noise behind σ comes in; large problems, too slow to draw by the thousand, have it at every kernel. */
  readonly noise: "operations" | "kernels";
}

/** float32 and float64 in turn. */
export type CountsByType = { readonly F32: Counts; readonly F64: Counts };

/** One problem of so many of its type is judged with every number of runs. */
const byRunsEvery = 32;
/** Sizes of planted errors in K σ, in one problem of so many. The usual run plants what must be found in every problem. */
const plants = {
  usual: { every: 1, factors: [4] },
  wide: { every: 16, factors: [1, 1.5, 2, 3, 4] },
} as const;

/** Judges the problems [start, end) of a plan. `draw` makes a problem's gradient: a correct one, unless it is a control. */
export function calibrate(
  { seed, scales, noise }: Plan,
  start: number,
  end: number,
  { draw = randomGradient, onProgress }: { draw?: typeof randomGradient; onProgress?: (done: number) => void } = {},
): CountsByType {
  const seeds = random(seed);
  for (let skipped = 0; skipped < start; skipped++) seeds.uint32();
  const counts = { F32: noCounts, F64: noCounts };
  for (let i = start; i < end; i++) {
    const own = seeds.uint32();
    const dtype = i % 2 === 0 ? "F32" : "F64";
    const pair = Math.floor(i / 2);
    const given = draw(own, dtype, scales);
    const benches = benchesOf(given.problem, { seed: own, noise });
    const judged = judgeRight(given, benches);
    const { every, factors } = plants[scales];
    const parts = [judged.counts];
    if (judged.verdicts && pair % every === 0) {
      const factor = factors[Math.floor(pair / every) % factors.length];
      parts.push(judgePlanted(given, benches, judged.verdicts, factor, own));
    }
    if (judged.verdicts && pair % byRunsEvery === 0 && benches.at(dtype).contested.length === 0) {
      parts.push(judgeByRuns(given, dtype, own, noise));
    }
    counts[dtype] = parts.reduce(mergedCounts, counts[dtype]);
    onProgress?.(i + 1 - start);
  }
  return counts;
}

/** A correct gradient judged; its verdicts if it matches. */
function judgeRight({ gradients, name }: RandomGradient, benches: Benches) {
  const { verdict, gradients: verdicts } = judgeOn(benches, gradients, { explain: false });
  const one = { ...noCounts, problems: 1 };
  if (verdict === "mismatch") return { counts: { ...one, falseAlarms: [`${name}: ${describeWorst(verdicts)}`] } };
  if (verdict === "inconclusive") return { counts: { ...one, inconclusive: { [reasonOf(verdicts)]: 1 } } };
  const counts: Counts = {
    ...one,
    match: 1,
    kinks: verdicts.some(({ reason }) => reason !== undefined) ? 1 : 0,
    errors: withSize(noSizes, largestError(verdicts)),
    rms: withSize(noSizes, Math.max(...verdicts.map(({ rmsInSigma }) => rmsInSigma ?? 0))),
  };
  return { counts, verdicts };
}

function judgePlanted(
  { gradients, name }: RandomGradient,
  benches: Benches,
  verdicts: readonly GradientVerdict[],
  factor: number,
  seed: number,
): Counts {
  const wrong = plantError(gradients, verdicts, random(seed).integer(0, gradients.length - 1), factor);
  if (!wrong) return noCounts;
  const { verdict } = judgeOn(benches, wrong, { explain: false });
  const found = verdict === "mismatch" ? 1 : 0;
  const inconclusive = verdict === "inconclusive" ? 1 : 0;
  return {
    ...noCounts,
    planted: { [factor]: { planted: 1, found, inconclusive } },
    missed: verdict === "match" && factor >= 4 ? [name] : [],
  };
}

/** The largest |error| / σ with each number of runs behind σ, before any appeal. */
function judgeByRuns(
  { problem, gradients }: RandomGradient,
  dtype: FloatDtype,
  seed: number,
  noise: Plan["noise"],
): Counts {
  const errorsByRuns = Object.fromEntries(
    runCounts.map((runs) => {
      const bench = benchesOf(problem, { seed, runs, noise }).at(dtype);
      const errors = gradients.map((gradient) => compareOn(bench, gradient).errorInSigma);
      return [runs, withSize(noSizes, Math.max(...errors))];
    }),
  );
  return { ...noCounts, errorsByRuns };
}

function largestError(verdicts: readonly GradientVerdict[]): number {
  return Math.max(...verdicts.map(({ errorInSigma }) => errorInSigma ?? 0));
}

function describeWorst(verdicts: readonly GradientVerdict[]): string {
  const wrong = verdicts.filter(({ verdict }) => verdict === "mismatch");
  return wrong
    .map(
      ({ name, errorInSigma, rmsInSigma, reason }) =>
        `${name} ${errorInSigma?.toPrecision(3)} σ rms ${rmsInSigma?.toPrecision(3)} ${reason ?? ""}`,
    )
    .join(", ");
}

function reasonOf(verdicts: readonly GradientVerdict[]): string {
  const reason = verdicts.find(({ verdict }) => verdict === "inconclusive")?.reason ?? "none given";
  return reason.includes("overflows") ? "overflow" : reason.replace(/^\d+ /, "");
}
