import type { Branches } from "./branches.ts";

/** The branches with one unit on its other side. */
export function flipped(branches: Branches, unit: number): Branches {
  const copy = branches.slice();
  copy[unit] = 1 - copy[unit];
  return copy;
}

export interface BranchSearch {
  /** How far the branches are from fitting; they fit up to 1. */
  readonly misfitOf: (branches: Branches) => number;
  /** A quick look that passes all branches that fit; without it not every combination is tried. */
  readonly isNear?: (branches: Branches) => boolean;
}

/**
 * Branches that fit: first by flipping one contested unit after the other where that helps, then in every combination.
 * Undefined if there are none.
 */
export function findBranches(
  start: Branches,
  contested: readonly number[],
  { misfitOf, isNear }: BranchSearch,
): Branches | undefined {
  const greedy = descend(start, contested, misfitOf);
  if (greedy.misfit <= 1) return greedy.branches;
  if (!isNear) return undefined;
  let branches = start;
  for (let step = 1; step < 2 ** contested.length; step++) {
    // Gray code: one flip leads from each combination to the next.
    branches = flipped(branches, contested[31 - Math.clz32(step & -step)]);
    if (isNear(branches) && misfitOf(branches) <= 1) return branches;
  }
  return undefined;
}

function descend(start: Branches, contested: readonly number[], misfitOf: (branches: Branches) => number) {
  let branches = start;
  let misfit = misfitOf(start);
  for (let improved = true; improved && misfit > 1; ) {
    improved = false;
    for (const unit of contested) {
      const next = flipped(branches, unit);
      const nextMisfit = misfitOf(next);
      if (nextMisfit < misfit) {
        [branches, misfit, improved] = [next, nextMisfit, true];
      }
      if (misfit <= 1) break;
    }
  }
  return { branches, misfit };
}
