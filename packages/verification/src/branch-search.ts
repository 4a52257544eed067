import type { Branches } from "./branches.ts";

/** The branches with some units on their other sides. */
export function flipped(branches: Branches, ...units: readonly number[]): Branches {
  const copy = branches.slice();
  for (const unit of units) copy[unit] = 1 - copy[unit];
  return copy;
}

/** A relu unit [T, B, H] whose side is open. */
export interface OpenUnit {
  readonly unit: number;
  readonly step: number;
  readonly sequence: number;
}

/** How a search sees what flips lead to; V is what evaluating a set of flips gives, C what confirms it. */
export interface FlipTrials<V, C> {
  /** The gradients with those units flipped. */
  readonly evaluate: (flips: readonly number[]) => V;
  /** Whether two of them cannot be told apart. */
  readonly same: (a: V, b: V) => boolean;
  /** Whether the steps (after, step] of one sequence could be right, as far as what was given shows; step -1 is h_0. */
  readonly fitsSteps: (value: V, sequence: number, after: number, step: number) => boolean;
  /** Whether all that was given could be right. */
  readonly fitsAll: (value: V) => boolean;
  /** The last word on flips that could be right; undefined if they are not. */
  readonly confirm: (flips: readonly number[]) => C | undefined;
  /** How many evaluations may be spent. */
  readonly budget: number;
}

interface Candidate<V> {
  readonly flips: readonly number[];
  readonly value: V;
}

class BudgetError extends Error {}

/**
 * Looks for the sides of open units. The gradient with respect to x_t of a sequence depends on that sequence alone, on its
 * steps from t on: each sequence is decided by itself from its last step back, and what does not fit there is dropped before
 * it multiplies. Parameters see all sequences, so what is left of each is tried in every combination.
 *
 * @returns what confirmed them, "none" if there are no such sides, "open" if the budget did not reach to say so.
 */
export function searchFlips<V, C>(open: readonly OpenUnit[], trials: FlipTrials<V, C>): C | "none" | "open" {
  let left = trials.budget;
  const evaluate = (flips: readonly number[]): V => {
    if (left-- <= 0) throw new BudgetError();
    return trials.evaluate(flips);
  };
  try {
    const natural = evaluate([]);
    const sequences = [...new Set(open.map(({ sequence }) => sequence))];
    const choices = sequences.map((sequence) => {
      const units = open.filter((one) => one.sequence === sequence).sort((a, b) => b.step - a.step);
      return choicesOf(units, natural, { ...trials, evaluate });
    });
    for (const flips of combinations(choices)) {
      const confirmed = trials.fitsAll(evaluate(flips)) ? trials.confirm(flips) : undefined;
      if (confirmed !== undefined) return confirmed;
    }
    return "none";
  } catch (error) {
    if (error instanceof BudgetError) return "open";
    throw error;
  }
}

/** The flips within one sequence that its own steps do not rule out; units from the last step back. */
function choicesOf<V>(units: readonly OpenUnit[], natural: V, trials: FlipTrials<V, unknown>): (readonly number[])[] {
  let candidates: Candidate<V>[] = [{ flips: [], value: natural }];
  for (const [n, { unit, step, sequence }] of units.entries()) {
    candidates = candidates.flatMap((candidate) => {
      const flips = [...candidate.flips, unit];
      const value = trials.evaluate(flips);
      return trials.same(value, candidate.value) ? [candidate] : [candidate, { flips, value }];
    });
    const before = units[n + 1]?.step ?? -2;
    if (before < step) candidates = candidates.filter(({ value }) => trials.fitsSteps(value, sequence, before, step));
  }
  return candidates.map(({ flips }) => flips);
}

function* combinations(choices: readonly (readonly (readonly number[])[])[]): Generator<readonly number[]> {
  if (choices.length === 0) {
    yield [];
    return;
  }
  const [first, ...others] = choices;
  for (const rest of combinations(others)) for (const flips of first) yield [...flips, ...rest];
}

/** Flips units one after the other where that brings the misfit down, until it is at most 1; undefined if it stays above. */
export function descend(
  open: readonly number[],
  misfitOf: (flips: readonly number[]) => number,
): readonly number[] | undefined {
  let flips: readonly number[] = [];
  let misfit = misfitOf(flips);
  for (let improved = true; improved && misfit > 1; ) {
    improved = false;
    for (const unit of open) {
      const next = flips.includes(unit) ? flips.filter((other) => other !== unit) : [...flips, unit];
      const nextMisfit = misfitOf(next);
      if (nextMisfit < misfit) [flips, misfit, improved] = [next, nextMisfit, true];
      if (misfit <= 1) break;
    }
  }
  return misfit <= 1 ? flips : undefined;
}
