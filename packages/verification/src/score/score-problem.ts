import { type Random, sizeOf } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";

/** The losses that checkers are scored on: between them every mistake of the catalogue shows but those of a linear loss and of fractional weights. */
export const scoredLosses = ["mse", "cross_entropy", "half_squared_error"] as const;

/**
 * A tanh problem of 6 steps, 2 sequences, 2 inputs, 6 units and 3 outputs: inputs and targets of about 1, weights, biases and
 * h_0 of about `scale`. `mse` is summed; `cross_entropy` is a mean with padding and a skipped step; `half_squared_error` is a
 * mean, and has as many inputs as units.
 */
export function scoreProblem(
  random: Random,
  scale: number,
  loss: (typeof scoredLosses)[number],
): RnnProblem<NumericArray> {
  const [T, B, H, O] = [6, 2, 6, 3];
  const I = loss === "half_squared_error" ? H : 2;
  const normal = (size: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => (size * Math.round(random.normal() * 4096)) / 4096),
  });
  // One step of a sequence is skipped, and the other sequence ends a step early.
  const mask = loss === "cross_entropy" && [1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0];
  const common = {
    nonlinearity: "tanh",
    parameters: {
      Wxh: normal(scale, H, I),
      Whh: normal(scale, H, H),
      Why: normal(scale, O, H),
      bxh: normal(scale, H),
      bhh: normal(scale, H),
      by: normal(scale, O),
    },
    x: normal(1, T, B, I),
    h0: normal(scale, B, H),
    ...(mask && { mask: { shape: [T, B], data: Float64Array.from(mask) } }),
  } as const;
  if (loss !== "cross_entropy") {
    return { ...common, loss, reduction: loss === "mse" ? "sum" : "mean", target: normal(1, T, B, O) };
  }
  const target = Int32Array.from({ length: T * B }, () => random.integer(0, O - 1));
  return { ...common, loss, reduction: "mean", target };
}
