import type { Grid } from "./number-options.ts";

export interface Signs {
  /** Whether negative numbers are left out. */
  readonly positive?: boolean;
  /** One element in so many is 0, whatever the grid says; none if absent. */
  readonly zeros?: number;
}

/** Which integers may stand in an array, counted in steps of a grid. */
export interface AllowedIntegers {
  /** The least size of a number other than 0. */
  readonly start: number;
  isAllowed(value: number): boolean;
  /** Whether a number at that index keeps that distance from all others. */
  isFree(value: number, others: readonly (number | undefined)[], index: number, distance: number): boolean;
  /** The free number nearest to one that is not: it is an end of what others or the limits leave. */
  nearestFree(value: number, others: readonly number[]): number;
}

export function allowedIntegers({ largest, least, gap }: Grid, { positive = false, zeros }: Signs): AllowedIntegers {
  const start = Math.max(least, 1);

  function isAllowed(value: number): boolean {
    const size = Math.abs(value);
    if (value === 0 && zeros !== undefined) return true;
    return size <= largest && size >= (positive ? start : least) && !(positive && value < 0);
  }

  function isFree(value: number, others: readonly (number | undefined)[], index: number, distance: number): boolean {
    return others.every((other, at) => at === index || other === undefined || Math.abs(other - value) >= distance);
  }

  function nearestFree(value: number, others: readonly number[]): number {
    const ends = [...others.flatMap((other) => [other - gap, other + gap]), start, -start, largest, -largest];
    const free = ends.filter((end) => isAllowed(end) && isFree(end, others, -1, gap));
    return free.reduce((best, end) => (Math.abs(end - value) < Math.abs(best - value) ? end : best));
  }

  return { start, isAllowed, isFree, nearestFree };
}
