import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";

export interface DelayedXorOptions {
  /** Steps of a sequence, T; 4 (delay + 1) where absent. */
  readonly steps?: number;
}

/**
 * Exclusive or of two bits that lie back in time, one of the tasks that Engelken (2023) trains on: at each step a bit b_t, and
 * wanted is y_t = b_{t−d} ⊕ b_{t−d−1}, from the first step on where both exist. Cross entropy of two classes; ln 2 without
 * memory.
 *
 * @param delay - d, at least 0.
 * @throws RangeError for another d, or where no step has an answer.
 */
export function delayedXor(delay: number, { steps = 4 * (delay + 1) }: DelayedXorOptions = {}): Task {
  requireNumber("delayedXor", "delay", delay, { least: 0, integer: true });
  requireNumber("delayedXor", "steps", steps, { least: delay + 2, integer: true });
  return sequenceTask({
    name: `delayed-xor ${delay}`,
    source: "Engelken 2023",
    inputs: 1,
    outputs: 2,
    loss: "cross_entropy",
    baseline: Math.log(2),
    trivial: "either",
    lag: delay + 1,
    draw(source) {
      const bits = Array.from({ length: steps }, () => source.integer(0, 1));
      const answered = (t: number) => t > delay;
      return {
        x: Float64Array.from(bits),
        target: Int32Array.from(bits, (_, t) => (answered(t) ? bits[t - delay] ^ bits[t - delay - 1] : 0)),
        weights: Float64Array.from(bits, (_, t) => (answered(t) ? 1 : 0)),
      };
    },
  });
}
