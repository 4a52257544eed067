import { type Score, scoreChecker, scoreTrials } from "@gradproof/verification";
import { checkers } from "./checkers.ts";

/** What the published table draws from. */
export const scoreSeed = 20261125;

export interface ScoredChecker {
  readonly name: string;
  readonly scores: readonly Score[];
}

/** Every checker on the same trials. */
export function scoreAll(
  seed: number,
  scales?: readonly number[],
  onChecker?: (name: string) => void,
): ScoredChecker[] {
  const trials = scoreTrials(seed, scales);
  return checkers.map(({ name, checker }) => {
    onChecker?.(name);
    return { name, scores: scoreChecker(checker, trials) };
  });
}

/** Rows of survivors by size of the weights, under a row that says how many mistakes show. */
export function scoreRows(scored: readonly ScoredChecker[]): string[][] {
  const [first] = scored;
  const scores = first?.scores ?? [];
  return [
    ["weights of about", ...scores.map(({ scale }) => scale.toExponential(0).replace("e+", "e"))],
    ["mistakes that show", ...scores.map(({ shows }) => String(shows))],
    ...scored.map(({ name, scores: own }) => [name, ...own.map(survivorsOf)]),
    ["below rounding", ...scores.map(({ belowRounding }) => String(belowRounding))],
    ["inert", ...scores.map(({ inert }) => String(inert))],
  ];
}

/** "12", or "12!" for a rule that refuses right gradients too. */
function survivorsOf({ survivors, falseAlarms }: Score): string {
  return `${survivors.length}${falseAlarms > 0 ? "!" : ""}`;
}

export const scoreLegend =
  "Survivors: mistakes that show and are taken for right, of every mistake of the catalogue on one problem each. " +
  "!: the rule refuses a right gradient too. Below rounding: the gradient differs by less than rounding may explain.";
