import { stepRatio } from "./steps.ts";
import type { Estimate } from "./windows.ts";

/** Errors of an estimate within which another one agrees with it: see the table of errors in the README. */
export const agreement = 8;

/** As precise as it need be: a finer step says more about the point than a smaller error. */
export const precise = 2 ** -36;

/** Coarser windows that must agree before a precise one is believed. */
const confirmations = 3;

export interface Settled {
  /** Index of the estimate that is believed, if any counts. */
  readonly best?: number;
  /** The first of two estimates in a row that contradict it. */
  readonly end?: number;
  /** How many estimates were looked at. */
  readonly seen: number;
}

export function agree(a: Estimate, b: Estimate): boolean {
  return Math.abs(a.value - b.value) <= agreement * (a.error + b.error);
}

/**
 * From fine to coarse: the first precise estimate that the next ones confirm, or the one of the smallest error; up to
 * where two in a row contradict what the finer ones say. A single one that does is left out.
 *
 * @param scaleOf - what an error is small against.
 * @param fits - whether an estimate counts at all.
 */
export function settle(
  count: number,
  estimateAt: (i: number) => Estimate | undefined,
  scaleOf: (i: number) => number,
  fits: (i: number) => boolean = () => true,
): Settled {
  let best: { index: number; estimate: Estimate; precise: boolean } | undefined;
  const found = () => (best ? { best: best.index } : {});
  let contradicted = -1;
  for (let i = 0; i < count; i++) {
    const estimate = estimateAt(i);
    if (!estimate) continue;
    if (!fits(i) || (best && !agree(estimate, best.estimate))) {
      if (contradicted === i - 1 && i > 0) return { ...found(), end: i - 1, seen: i + 1 };
      contradicted = i;
      continue;
    }
    if (!best || (!best.precise && estimate.error < best.estimate.error)) {
      best = { index: i, estimate, precise: estimate.error <= precise * scaleOf(i) };
    }
    if (best.precise && i >= best.index + confirmations) return { ...found(), seen: i + 1 };
  }
  return { ...found(), seen: count };
}

/** The error of an estimate, or more if finer ones scatter by more than that: their noise grows 4-fold with each step. */
export function withScatter(best: number, estimateAt: (i: number) => Estimate | undefined): number {
  const { value, error } = estimateAt(best) as Estimate;
  let scatter = error;
  for (let j = 1; j <= 5; j++) {
    const finer = best >= j ? estimateAt(best - j) : undefined;
    if (finer) scatter = Math.max(scatter, Math.abs(finer.value - value) / stepRatio ** j);
  }
  return scatter;
}
