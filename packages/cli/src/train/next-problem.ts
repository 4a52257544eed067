import type { Arithmetic } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { Task, Trainer, TrainingSettings } from "@gradproof/training";

/** The problem of the first batch of a run's next step, at the weights that the run stands on, in the run's precision. */
export function nextProblem<S>(
  A: Arithmetic<S>,
  training: Trainer<S>,
  task: Task,
  { seed, batch: B, hidden: H, accumulate = 1, nonlinearity = "tanh" }: TrainingSettings,
): RnnProblem<NumericArray> {
  const { step, parameters, state } = training.snapshot();
  const { continues, ...batch } = task.batch(seed, step * accumulate, B);
  const round = ({ data, shape }: NumericArray): NumericArray => {
    let rounded = data;
    A.scope(() => {
      rounded = A.lower(A.round(data, shape));
    });
    return { shape, data: rounded };
  };
  const common = {
    nonlinearity,
    parameters,
    x: round(batch.x),
    h0: continues ? state : { shape: [B, H], data: new Float64Array(B * H) },
    ...(batch.mask && { mask: round(batch.mask) }),
    reduction: batch.reduction,
  };
  return batch.loss === "cross_entropy"
    ? { ...common, loss: batch.loss, target: batch.target }
    : { ...common, loss: batch.loss, target: round(batch.target) };
}
