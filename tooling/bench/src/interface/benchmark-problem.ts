import { random, sizeOf } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";

/** A tanh RNN with squared error and no biases, numbers from a fixed seed. */
export function benchmarkProblem(T: number, B: number, I: number, H: number, O: number): RnnProblem<NumericArray> {
  const source = random(1);
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => scale * source.normal()),
  });
  return {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "sum",
    parameters: {
      Wxh: normal(1 / Math.sqrt(I), H, I),
      Whh: normal(1 / Math.sqrt(H), H, H),
      Why: normal(1 / Math.sqrt(H), O, H),
    },
    x: normal(1, T, B, I),
    h0: normal(1, B, H),
    target: normal(1, T, B, O),
  };
}
