import { random } from "@gradproof/arithmetic";
import type { Checker } from "@gradproof/verification";
import { given } from "./given.ts";
import { elementwise, numericLoss } from "./numeric-loss.ts";

const eps = 1e-7;
const tolerance = 1e-4;

/**
 * pytensor.gradient.verify_grad in float64: every element of the gradient of the output times a number of [0.5, 1.5) against
 * a one-sided difference; wrong where the absolute and the relative error are both beyond the tolerance.
 */
export const pytensor: Checker = (problem) => {
  const projection = random(0).unit() + 0.5;
  const numeric = elementwise(numericLoss(problem), (loss) => (projection * (loss(eps) - loss(0))) / eps);
  return (gradients) =>
    [...given(gradients)].every(([name, values]) => {
      const expected = numeric.get(name) as Float64Array;
      return values.every((value, i) => {
        const [a, b] = [projection * value, expected[i] as number];
        const absolute = Math.abs(a - b);
        const relative = absolute / Math.max(Math.abs(a) + Math.abs(b), 1e-8);
        return absolute <= tolerance || relative <= tolerance;
      });
    });
};
