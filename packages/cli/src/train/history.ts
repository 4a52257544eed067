/** What a run was like at one moment. */
export interface Moment {
  readonly step: number;
  /** Smoothed. */
  readonly loss: number;
  /** Of the gradient before clipping. */
  readonly norm: number;
  /** Share of the steps since the moment before whose gradient was clipped. */
  readonly clipped: number;
  /** Steps that 95 % of the gradient come from. */
  readonly horizon: number;
}

export const momentKeys = ["step", "loss", "norm", "clipped", "horizon"] as const satisfies readonly (keyof Moment)[];

const most = 256;

/**
 * Moments of a run, evenly spaced, at most 256: when there are more, every second one goes and the spacing doubles. Which
 * steps are kept depends on the number of steps alone, so a resumed run has the same.
 */
export class History {
  #moments: Moment[];
  #spacing: number;
  /** Steps clipped since the last moment: part of where a run stands. */
  clippedSince = 0;

  constructor(moments: readonly Moment[] = []) {
    this.#moments = [...moments];
    this.#spacing = moments[0]?.step ?? 1;
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** Whether a step, counted from 1, is one to be kept. */
  isDue(step: number): boolean {
    return step % this.#spacing === 0;
  }

  /** Counts one step's clipping. */
  count(clipped: boolean): void {
    if (clipped) this.clippedSince++;
  }

  keep(measures: Omit<Moment, "clipped">): void {
    this.#moments.push({ ...measures, clipped: this.clippedSince / this.#spacing });
    this.clippedSince = 0;
    if (this.#moments.length < most) return;
    this.#spacing *= 2;
    this.#moments = this.#moments.flatMap((moment, i, all) => {
      const before = all[i - 1];
      if (moment.step % this.#spacing !== 0 || !before) return [];
      return [{ ...moment, clipped: (before.clipped + moment.clipped) / 2 }];
    });
  }

  /** Share of clipped steps over the last moments, up to ten. */
  get recentlyClipped(): number {
    const recent = this.#moments.slice(-10);
    return recent.reduce((sum, { clipped }) => sum + clipped, 0) / Math.max(1, recent.length);
  }
}
