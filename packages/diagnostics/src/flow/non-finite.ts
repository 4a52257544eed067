import type { FlowArray } from "./jacobians.ts";

/** Numbers that are not finite: how many of each kind, and which comes first. */
export interface NonFinite {
  readonly count: number;
  readonly nan: number;
  readonly infinite: number;
  /** In row-major order; of a sequence [T, ...] the earliest step. Absent where every number is finite. */
  readonly first?: { readonly index: readonly number[]; readonly value: number };
}

/**
 * Counts the numbers that are not finite and locates the first, so that none is dropped without a word.
 *
 * @param array - numbers of any shape, row-major.
 * @example
 * ```ts
 * const { count, first } = nonFinite({ shape: [2, 2], data: Float64Array.of(1, 2, Number.NaN, Infinity) });
 * console.log(count, first?.index.join(), first?.value); // -> 2 1,0 NaN
 * ```
 */
export function nonFinite({ shape, data }: FlowArray): NonFinite {
  let nan = 0;
  let infinite = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (first < 0) first = i;
    if (Number.isNaN(data[i])) nan++;
    else infinite++;
  }
  const count = nan + infinite;
  if (count === 0) return { count, nan, infinite };
  return { count, nan, infinite, first: { index: indexOf(first, shape), value: data[first] } };
}

/** The index along each axis of an element counted in row-major order. */
function indexOf(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = position;
  for (const length of shape.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}
