import type { Random } from "@gradproof/arithmetic";
import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";

const order = 10;
/** Steps before a sequence begins, which the system needs to forget that it started from 0. */
const settling = 50;
/** The system leaves every bound behind where it diverges, which is rare; where it does not, it stays below this. */
const divergent = 1;

/** Variance of y over six million settled steps: 0.01179. A test measures it again. */
export const narmaVariance = 0.0118;

/**
 * NARMA-10 (Atiya and Parlos 2000): inputs u_t from U[0, ½] drive
 * y_{t+1} = 0.3 y_t + 0.05 y_t Σ_{i=0..9} y_{t−i} + 1.5 u_{t−9} u_t + 0.1, and at each step t the next y_{t+1} is wanted, from
 * the tenth step on. Squared error; always saying the mean costs the variance of y. A sequence that diverges is drawn again.
 *
 * @param steps - T, at least 11.
 * @throws RangeError for another T.
 */
export function narma(steps: number): Task {
  requireNumber("narma", "steps", steps, { least: order + 1, integer: true });
  return sequenceTask({
    name: `narma ${steps}`,
    source: "Atiya and Parlos 2000",
    inputs: 1,
    outputs: 1,
    loss: "mse",
    baseline: narmaVariance,
    trivial: "always the mean",
    lag: order - 1,
    draw(source) {
      const { inputs, next } = settled(source, steps);
      return { x: inputs, target: next, weights: inputs.map((_, t) => (t >= order - 1 ? 1 : 0)) };
    },
  });
}

/** Inputs u_t and next outputs y_{t+1} of `steps` steps of a system that has settled. */
function settled(source: Random, steps: number): { inputs: Float64Array; next: Float64Array } {
  for (;;) {
    const total = settling + steps;
    const u = Float64Array.from({ length: total }, () => source.unit() / 2);
    const y = new Float64Array(total + 1);
    for (let t = 0; t < total; t++) {
      let sum = 0;
      for (let i = 0; i < order && i <= t; i++) sum += y[t - i];
      const delayed = t >= order - 1 ? u[t - order + 1] : 0;
      y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * sum + 1.5 * delayed * u[t] + 0.1;
    }
    if (y.every((value) => value < divergent)) return { inputs: u.slice(settling), next: y.slice(settling + 1) };
  }
}
