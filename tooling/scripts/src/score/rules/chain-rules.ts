import type { Checker } from "@gradproof/verification";
import { given } from "./given.ts";
import { elementwise, numericLoss } from "./numeric-loss.ts";

const tolerance = 1e-9;
const steps = Array.from({ length: 12 }, (_, i) => 0.1 * 2 ** -i);

/**
 * ChainRulesTestUtils.test_rrule: each input's gradient against central_fdm(5, 1) of FiniteDifferences, by the norm of the
 * difference. FiniteDifferences chooses its step by an estimate of the fifth derivative and of the rounding; here it is the
 * step whose half agrees with it best.
 */
export const chainRules: Checker = (problem) => {
  const numeric = elementwise(numericLoss(problem), (loss, value) => {
    const derivatives = steps.map((step) => fivePoints(loss, step * Math.max(1, Math.abs(value))));
    let [best, least] = [derivatives[0] as number, Number.POSITIVE_INFINITY];
    derivatives.slice(1).forEach((derivative, i) => {
      const change = Math.abs(derivative - (derivatives[i] as number));
      if (change < least) [best, least] = [derivative, change];
    });
    return best;
  });
  return (gradients) =>
    [...given(gradients)].every(([name, values]) => {
      const expected = numeric.get(name) as Float64Array;
      const difference = Math.hypot(...values.map((value, i) => value - (expected[i] as number)));
      return difference <= Math.max(tolerance, tolerance * Math.max(Math.hypot(...values), Math.hypot(...expected)));
    });
};

/** f′(0) to the fourth order of the step. */
function fivePoints(f: (step: number) => number, h: number): number {
  return (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h);
}
