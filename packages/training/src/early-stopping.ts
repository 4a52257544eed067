import { requireNumber } from "./checks.ts";

/** What early stopping remembers: plain data, to be saved with a run. */
export interface EarlyStopping {
  /** Lowest held-out loss so far. */
  readonly best: number;
  /** Evaluations since. */
  readonly since: number;
  /** Whether it is time to stop: as many evaluations without a new best as there was patience for. */
  readonly stop: boolean;
}

/**
 * Early stopping (Prechelt 1998, UP): what is remembered after one more evaluation. A loss that is not a number is no best.
 *
 * @param patience - evaluations without a new best after which to stop, at least 1.
 * @throws RangeError for another patience.
 * @example
 * ```ts
 * let state: EarlyStopping | undefined;
 * for (const loss of [3, 2, 2.5, 2.2]) state = nextEarlyStopping(state, loss, 2);
 * console.log(state); // -> { best: 2, since: 2, stop: true }
 * ```
 */
export function nextEarlyStopping(state: EarlyStopping | undefined, loss: number, patience: number): EarlyStopping {
  requireNumber("nextEarlyStopping", "patience", patience, { least: 1, integer: true });
  const { best, since } = state ?? { best: Number.POSITIVE_INFINITY, since: 0 };
  if (loss < best) return { best: loss, since: 0, stop: false };
  return { best, since: since + 1, stop: since + 1 >= patience };
}
