import { random } from "@gradproof/arithmetic";
import type { Checker } from "@gradproof/verification";
import { given } from "./given.ts";
import { inner, moved, numericLoss } from "./numeric-loss.ts";

/** A rule that looks along one random direction of all inputs at once. */
interface DirectionalRule {
  /** The loss is evaluated at ± half the width. */
  readonly width: number;
  readonly isClose: (analytic: number, numeric: number) => boolean;
}

/** jax.test_util.check_grads, order 1, reverse mode, with the tolerances for float64. */
export const jax = directional({
  width: 2e-4,
  // numpy.testing.assert_allclose; both tolerances times the size, which is 1.
  isClose: (analytic, numeric) => Math.abs(analytic - numeric) <= 1e-5 + 1e-5 * Math.abs(numeric),
});

/** autograd.test_util.check_grads, order 1, reverse mode. */
export const hipsAutograd = directional({
  width: 1e-6,
  isClose: (analytic, numeric) => {
    const difference = Math.abs(analytic - numeric);
    return difference < 1e-6 || difference / Math.abs(analytic + numeric) < 1e-6;
  },
});

function directional({ width, isClose }: DirectionalRule): Checker {
  return (problem) => {
    const loss = numericLoss(problem);
    const source = random(0);
    const direction = new Map([...loss.inputs].map(([name, values]) => [name, values.map(() => source.normal())]));
    const cotangent = source.normal();
    const [up, down] = [width / 2, -width / 2].map((step) => loss.at(moved(loss.inputs, direction, step)));
    const numeric = (cotangent * ((up as number) - (down as number))) / width;
    return (gradients) => isClose(cotangent * inner(direction, given(gradients)), numeric);
  };
}
