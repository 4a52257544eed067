import { float64 } from "@gradproof/arithmetic";
import { scalarNeuron } from "@gradproof/rnn";

export interface NeuronSettings {
  readonly w: number;
  /** The same at every step. */
  readonly x: number;
  readonly h0: number;
  readonly T: number;
}

export interface NeuronRun {
  /** h_0 to h_T */
  readonly states: readonly number[];
  /** |dh_t/dh_0| for t = 0 … T */
  readonly products: readonly number[];
  /** |w|^t */
  readonly bounds: readonly number[];
}

/** The single neuron h_t = tanh(w h_{t−1} + x): its orbit, and how much of h_0 is left in h_t. */
export function neuron({ w, x, h0, T }: NeuronSettings): NeuronRun {
  const { states, products } = scalarNeuron(float64, {
    inputWeights: float64.lift([1], [1]),
    recurrentWeight: float64.lift([w], []),
    readoutWeight: float64.lift([1], []),
    initialState: float64.lift([h0], []),
    inputs: float64.lift(new Float64Array(T).fill(x), [T, 1]),
  });
  const rows = float64.lower(products);
  const steps = Array.from({ length: T + 1 }, (_, t) => t);
  return {
    states: [...float64.lower(states)],
    products: steps.map((t) => Math.abs(rows[t * (T + 1)])),
    bounds: steps.map((t) => Math.abs(w) ** t),
  };
}
