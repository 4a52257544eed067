import { float64, type Tensor } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { forward } from "../src/forward.ts";
import { liftProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";
import { uoro } from "../src/uoro.ts";
import { array } from "./arrays.ts";

const epsilon = 1e-7;
const [wx, wh] = [0.75, -1.25];
const x = [1, -0.5, 0.75, 0.25];
const h0 = 0.5;
/** ∂⁺J/∂h_t */
const errors = [0.5, 1, -0.25, 1.5];
const T = x.length;

/** (U1) to (U4) of one neuron in plain numbers: the estimates of ∂J/∂w_xh and ∂J/∂w_hh. */
function plainEstimate(signs: readonly number[]): readonly [number, number] {
  let [h, s, thetaX, thetaH, dwx, dwh] = [h0, 0, 0, 0, 0, 0];
  for (let t = 0; t < T; t++) {
    const before = h;
    h = Math.tanh(wx * x[t] + wh * before);
    const slope = 1 - h * h;
    const carried = slope * wh * s;
    const [freshX, freshH] = [signs[t] * slope * x[t], signs[t] * slope * before];
    const rho0 = Math.sqrt(Math.hypot(thetaX, thetaH) / (Math.abs(carried) + epsilon)) + epsilon;
    const rho1 = Math.sqrt(Math.hypot(freshX, freshH) / (1 + epsilon)) + epsilon;
    s = rho0 * carried + rho1 * signs[t];
    thetaX = thetaX / rho0 + freshX / rho1;
    thetaH = thetaH / rho0 + freshH / rho1;
    dwx += errors[t] * s * thetaX;
    dwh += errors[t] * s * thetaH;
  }
  return [dwx, dwh];
}

test("UORO of one neuron, with the scales of its paper, is the same in plain numbers, for every pattern of signs", () => {
  const problem: RnnProblem<NumericArray> = {
    nonlinearity: "tanh",
    loss: "linear",
    reduction: "sum",
    parameters: { Wxh: array([1, 1], [wx]), Whh: array([1, 1], [wh]) },
    x: array([T, 1, 1], x),
    h0: array([1, 1], [h0]),
    target: { states: array([T, 1, 1], errors) },
  };
  const lifted = liftProblem(float64, problem);
  const trajectory = forward(float64, lifted);
  for (let code = 0; code < 2 ** T; code++) {
    const signs = x.map((_, t) => ((code >> t) & 1 ? 1 : -1));
    const { Wxh, Whh } = uoro(float64, lifted, trajectory, { signs: float64.lift(signs, [T, 1, 1]) });
    const expected = plainEstimate(signs);
    // A few dozen operations on numbers of order 1, each off by 2^-53 of itself.
    [Wxh, Whh].forEach((estimate: Tensor<Float64Array>, i) => {
      expect(Math.abs(float64.lower(estimate)[0] - expected[i])).toBeLessThan(2 ** -44);
    });
  }
});
