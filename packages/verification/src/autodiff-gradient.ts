import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { type Variable, valueAndGrad, wrap } from "@gradproof/autodiff";
import { mapParameters, type RnnGradient, type RnnProblem } from "@gradproof/rnn";
import { type LossInputs, rnnLoss } from "./rnn-loss.ts";

/** Loss, outputs ŷ_t [B, O] of each step, and gradient of a problem by the graph. */
export interface AutodiffGradient<S> {
  readonly loss: Tensor<S>;
  readonly outputs: readonly Tensor<S>[];
  readonly gradient: RnnGradient<Tensor<S>>;
}

/** The gradient of the RNN's loss by autodiff, for comparison with the one derived by hand. */
export function autodiffGradient<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): AutodiffGradient<S> {
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const inputs: LossInputs<S> = {
    ...mapParameters(problem.parameters, leaf),
    h0: leaf(problem.h0),
    x: leaf(problem.x),
  };
  let outputs: readonly Variable<S>[] = [];
  const loss = (leaves: Record<string, Variable<S>>) => {
    const result = rnnLoss(A, problem, leaves as unknown as LossInputs<S>);
    outputs = result.outputs;
    return result.loss;
  };
  const { value, gradient } = valueAndGrad(loss)(inputs as unknown as Record<string, Variable<S>>);
  const tensors = Object.fromEntries(Object.entries(gradient).map(([name, variable]) => [name, variable.value]));
  return {
    loss: value.value,
    outputs: outputs.map((output) => output.value),
    gradient: tensors as unknown as RnnGradient<Tensor<S>>,
  };
}
