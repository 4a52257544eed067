import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";

export interface EchoOptions {
  /** Steps of a sequence, T; 4 (delay + 1) where absent. */
  readonly steps?: number;
}

/**
 * The short-term memory task of Jaeger (2001): inputs u_t from U[−½, ½], and wanted is u_{t−d}, from the first step on where
 * it exists. Squared error; always saying 0 costs the input's variance, 1 / 12.
 *
 * @param delay - d, at least 1.
 * @throws RangeError for another d, or where no step has an answer.
 */
export function echo(delay: number, { steps = 4 * (delay + 1) }: EchoOptions = {}): Task {
  requireNumber("echo", "delay", delay, { least: 1, integer: true });
  requireNumber("echo", "steps", steps, { least: delay + 1, integer: true });
  return sequenceTask({
    name: `echo ${delay}`,
    source: "Jaeger 2001",
    inputs: 1,
    outputs: 1,
    loss: "mse",
    baseline: 1 / 12,
    trivial: "always 0",
    lag: delay,
    draw(source) {
      const x = Float64Array.from({ length: steps }, () => source.unit() - 0.5);
      return {
        x,
        target: x.map((_, t) => (t >= delay ? x[t - delay] : 0)),
        weights: x.map((_, t) => (t >= delay ? 1 : 0)),
      };
    },
  });
}
