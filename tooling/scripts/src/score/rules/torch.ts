import { random } from "@gradproof/arithmetic";
import type { Checker } from "@gradproof/verification";
import { given } from "./given.ts";
import { elementwise, type Inputs, inner, moved, numericLoss } from "./numeric-loss.ts";

// torch.autograd.gradcheck's defaults; what it calls close is |a - n| <= atol + rtol |n|.
const [eps, atol, rtol] = [1e-6, 1e-5, 1e-3];

/** torch.autograd.gradcheck: every element against a central difference. */
export const torchSlow: Checker = (problem) => {
  const numeric = elementwise(numericLoss(problem), (loss) => (loss(eps) - loss(-eps)) / (2 * eps));
  return (gradients) =>
    [...given(gradients)].every(([name, values]) => {
      const expected = numeric.get(name) as Float64Array;
      return values.every((value, i) => isClose(value, expected[i] as number, atol));
    });
};

/**
 * torch.autograd.gradcheck with fast_mode: each input along one direction u of the unit sphere that no element of is negative,
 * with the absolute tolerance times the sum of u.
 */
export const torchFast: Checker = (problem) => {
  const loss = numericLoss(problem);
  const source = random(0);
  const directions = new Map(
    [...loss.inputs].map(([name, values]) => {
      const drawn = values.map(() => source.unit());
      const norm = Math.hypot(...drawn);
      return [name, drawn.map((value) => value / norm)];
    }),
  );
  const numeric = new Map(
    [...directions].map(([name, u]) => {
      const along = new Map([[name, u]]);
      const [up, down] = [eps, -eps].map((step) => loss.at(moved(loss.inputs, along, step)));
      return [name, ((up as number) - (down as number)) / (2 * eps)];
    }),
  );
  return (gradients) =>
    [...given(gradients)].every(([name, values]) => {
      const u: Inputs = new Map([[name, directions.get(name) as Float64Array]]);
      const sum = (directions.get(name) as Float64Array).reduce((total, value) => total + value, 0);
      return isClose(inner(u, new Map([[name, values]])), numeric.get(name) as number, atol * sum);
    });
};

function isClose(analytic: number, numeric: number, absolute: number): boolean {
  return Math.abs(analytic - numeric) <= absolute + rtol * Math.abs(numeric);
}
