import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { forward, type RnnParameters } from "@gradproof/rnn";
import type { Batch } from "./batch.ts";
import { lastStates, problemOf, zeros } from "./batch-gradient.ts";
import type { TrainingSettings } from "./training-settings.ts";

/**
 * Mean loss of a network over batches in their order, nothing learnt; each batch counts by its steps, and may go on where
 * the one before it stopped if it has as many sequences.
 *
 * @returns NaN of no batch.
 */
export function evaluate<S>(
  A: Arithmetic<S>,
  batches: Iterable<Batch>,
  parameters: RnnParameters<Tensor<S>>,
  settings: Pick<TrainingSettings, "nonlinearity"> = {},
): number {
  const H = parameters.Whh.shape[0];
  let [sum, steps] = [0, 0];
  let state: Tensor<S> | undefined;
  A.scope(() => {
    for (const batch of batches) {
      const [T, B] = batch.x.shape;
      if (state?.shape[0] !== B) state = zeros(A, [B, H]);
      const from = state;
      A.scope(() => {
        const trajectory = forward(A, problemOf(A, batch, parameters, settings, from));
        sum += A.lower(trajectory.loss)[0] * T * B;
        A.copy(from, lastStates(trajectory));
      });
      steps += T * B;
    }
  });
  return sum / steps;
}
