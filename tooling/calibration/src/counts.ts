import { type Histogram, mergedHistogram, noSizes } from "./histogram.ts";

/** The numbers of perturbed runs that σ is tried with; the judge's is 16. */
export const runCounts = [4, 8, 16, 32] as const;

export interface Planted {
  readonly planted: number;
  readonly found: number;
  /** Not to be decided: where too many relu units are on their kink. */
  readonly inconclusive: number;
}

/** What judging many correct gradients, and the same with one element planted wrong, came to: plain data. */
export interface Counts {
  readonly problems: number;
  readonly match: number;
  /** Correct gradients judged wrong, each with the seed of its problem: none are expected. */
  readonly falseAlarms: readonly string[];
  /** Reason (without its numbers) to how often. */
  readonly inconclusive: Readonly<Record<string, number>>;
  /** Size of the planted error in K σ, to how many were planted and what became of them. */
  readonly planted: Readonly<Record<string, Planted>>;
  /** Planted errors of 4 K σ that were judged right: none are expected. */
  readonly missed: readonly string[];
  /** Problems that needed the other side of a kink to match. */
  readonly kinks: number;
  /** The largest |error| / σ of each matching problem. */
  readonly errors: Histogram;
  /** The largest root mean square of error / σ of a tensor of each matching problem. */
  readonly rms: Histogram;
  /** The number of runs behind σ, to the largest |error| / σ of each problem that was judged with all of them. */
  readonly errorsByRuns: Readonly<Record<string, Histogram>>;
}

export const noCounts: Counts = {
  problems: 0,
  match: 0,
  falseAlarms: [],
  inconclusive: {},
  planted: {},
  missed: [],
  kinks: 0,
  errors: noSizes,
  rms: noSizes,
  errorsByRuns: {},
};

export function mergedCounts(a: Counts, b: Counts): Counts {
  return {
    problems: a.problems + b.problems,
    match: a.match + b.match,
    falseAlarms: [...a.falseAlarms, ...b.falseAlarms],
    inconclusive: mergedRecord(a.inconclusive, b.inconclusive, (m, n) => m + n),
    planted: mergedRecord(a.planted, b.planted, (m, n) => ({
      planted: m.planted + n.planted,
      found: m.found + n.found,
      inconclusive: m.inconclusive + n.inconclusive,
    })),
    missed: [...a.missed, ...b.missed],
    kinks: a.kinks + b.kinks,
    errors: mergedHistogram(a.errors, b.errors),
    rms: mergedHistogram(a.rms, b.rms),
    errorsByRuns: mergedRecord(a.errorsByRuns, b.errorsByRuns, mergedHistogram),
  };
}

/** Both records, with what both have merged. */
function mergedRecord<V>(
  a: Readonly<Record<string, V>>,
  b: Readonly<Record<string, V>>,
  merge: (a: V, b: V) => V,
): Record<string, V> {
  const merged = { ...a };
  for (const [key, value] of Object.entries(b)) merged[key] = key in merged ? merge(merged[key], value) : value;
  return merged;
}

export function inconclusiveIn({ inconclusive }: Counts): number {
  return Object.values(inconclusive).reduce((sum, count) => sum + count, 0);
}

/** No false alarm, no planted error of 4 K σ judged right, at most 1 % of either inconclusive. */
export function isClean(counts: Counts): boolean {
  const { falseAlarms, missed, problems } = counts;
  const { planted, inconclusive } = counts.planted["4"] ?? { planted: 0, inconclusive: 0 };
  const decided = inconclusiveIn(counts) <= problems / 100 && inconclusive <= planted / 100;
  return falseAlarms.length === 0 && missed.length === 0 && decided;
}
