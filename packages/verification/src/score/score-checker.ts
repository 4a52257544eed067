import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { GivenGradient } from "../judgement.ts";
import { type ScoreTrials, scoreTrials } from "./score-trials.ts";

/** A checker of gradients: prepared for a problem, it answers whether it takes a gradient of it for right. */
export type Checker = (problem: RnnProblem<NumericArray>) => (gradients: readonly GivenGradient[]) => boolean;

/** What a checker did with the catalogue at one size of the weights. */
export interface Score {
  readonly scale: number;
  /** Mistakes that show: their gradient differs by more than rounding may explain. */
  readonly shows: number;
  /** Of these, those that the checker took for right. */
  readonly survivors: readonly string[];
  /** Mistakes whose gradient differs by less than rounding may explain, and how many of them the checker took for right. */
  readonly belowRounding: number;
  readonly belowRoundingTaken: number;
  /** Mistakes that change nothing on these problems, whatever the numbers. */
  readonly inert: number;
  /** Right gradients that the checker took for wrong, of one per problem. */
  readonly falseAlarms: number;
}

/**
 * Scores a checker: the gradient of every mistake of the catalogue, and the right one, over sizes of the weights from 1e-4
 * to 10.
 *
 * @param trials - what it is scored on; the same trials serve any number of checkers.
 * @example
 * ```ts
 * // A checker that looks at the signs of one tensor alone.
 * const trials = scoreTrials(1, [0.1]);
 * const [score] = scoreChecker((problem) => {
 *   const right = lossAndGradient(float64, problem).gradient.Whh.data;
 *   return (gradients) =>
 *     gradients.every(({ of, data }) => of !== "Whh" || data.every((value, i) => Math.sign(value) === Math.sign(right[i])));
 * }, trials);
 * console.log(score.falseAlarms, score.survivors.includes("mse-factor-2"), score.survivors.includes("sign-flipped"));
 * // -> 0 true false
 * ```
 */
export function scoreChecker(checker: Checker, trials: readonly ScoreTrials[] = scoreTrials(1)): Score[] {
  return trials.map(({ scale, problems, inert }) => {
    const judged = problems.map(({ problem, right, wrong }) => {
      const accepts = checker(problem);
      const taken = wrong.map(({ gradients }) => accepts(gradients));
      return { alarm: !accepts(right), wrong: wrong.map((one, i) => ({ ...one, taken: taken[i] })) };
    });
    const all = judged.flatMap(({ wrong }) => wrong);
    const [showing, below] = [all.filter(({ shows }) => shows), all.filter(({ shows }) => !shows)];
    return {
      scale,
      shows: showing.length,
      survivors: showing.filter(({ taken }) => taken).map(({ name }) => name),
      belowRounding: below.length,
      belowRoundingTaken: below.filter(({ taken }) => taken).length,
      inert: inert.length,
      falseAlarms: judged.filter(({ alarm }) => alarm).length,
    };
  });
}
