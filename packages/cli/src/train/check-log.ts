import type { Verdict } from "@gradproof/verification";

/** What was found about the gradient of one step. */
export interface Check {
  readonly step: number;
  readonly verdict: Verdict;
  /** Largest over all weights; absent where it could not be measured. */
  readonly errorInSigma?: number;
  /** Known mistakes that give this gradient. */
  readonly mistakes: readonly string[];
  /** Sequences of the batch that were judged. */
  readonly sequences: number;
}

/** Every check of a run is counted; of many, some are listed. */
export interface CheckCounts {
  readonly count: number;
  readonly matches: number;
  readonly mismatches: number;
  readonly listed: readonly Check[];
  /** Of the checks that match, one in so many is listed. */
  readonly spacing: number;
}

export const noChecks: CheckCounts = { count: 0, matches: 0, mismatches: 0, listed: [], spacing: 1 };

const most = 256;

/**
 * Counts with one check more. At most 256 are listed: when there are more, every second of those that match goes and their
 * spacing doubles, as a run's moments do; the first 256 that do not match stay. A resumed run lists the same.
 */
export function withCheck(before: CheckCounts, check: Check): CheckCounts {
  const isMatch = check.verdict === "match";
  const counts = {
    ...before,
    count: before.count + 1,
    matches: before.matches + (isMatch ? 1 : 0),
    mismatches: before.mismatches + (check.verdict === "mismatch" ? 1 : 0),
  };
  if (isMatch && counts.matches % counts.spacing !== 0) return counts;
  const listed = [...counts.listed, check];
  if (listed.length <= most) return { ...counts, listed };
  let place = 0;
  const fewer = listed.filter(({ verdict }) => verdict !== "match" || place++ % 2 === 1);
  return { ...counts, listed: fewer.slice(0, most), spacing: place > 0 ? 2 * counts.spacing : counts.spacing };
}
