import { random } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem, StateDict } from "@gradproof/interchange";

export interface GeneratedData {
  readonly seed: number;
  /** T */
  readonly steps: number;
  /** B */
  readonly sequences: number;
  readonly nonlinearity: "tanh" | "relu";
}

/**
 * A problem for weights that come without data: x from N(0, 1), and a loss that is a random linear function of every output
 * (of every state where there is no readout), so that each step has an error of the same size.
 */
export function generatedProblem(
  { parameters }: Pick<StateDict, "parameters">,
  { seed, steps: T, sequences: B, nonlinearity }: GeneratedData,
): RnnProblem<NumericArray> {
  const source = random(seed);
  const normal = (...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => source.normal()),
  });
  const [H = 0, I = 0] = parameters.Wxh.shape;
  const O = parameters.Why?.shape[0];
  const x = normal(T, B, I);
  const target = O === undefined ? { states: normal(T, B, H) } : { outputs: normal(T, B, O) };
  const h0 = { shape: [B, H], data: new Float64Array(B * H) };
  return { nonlinearity, parameters, x, h0, loss: "linear", reduction: "sum", target };
}
