import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import {
  add,
  affine,
  multiply,
  reshape,
  softmaxCrossEntropy,
  square,
  stack,
  subtract,
  sum,
  tanh,
  transpose,
  unstack,
  type Variable,
  wrap,
} from "@gradproof/autodiff";
import type { RnnProblem } from "@gradproof/rnn";

/** The parameters, h0 and x as variables. */
export type Leaves<S> = Readonly<Record<string, Variable<S>>>;

/**
 * The mean loss of a program written as one writes for speed, with what needs no state taken out of the loop: the inputs of
 * all steps are projected at once, and all outputs read out at once, as the derivation by hand does. Of tanh, with a readout
 * and all biases, as the shapes have them.
 */
export function batchedLoss<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, own: Leaves<S>): Variable<S> {
  const [steps, batch, inputs] = own.x.shape;
  const [outputs, hidden] = own.Why.shape;
  const rows = steps * batch;
  const projected = add(affine(reshape(own.x, [rows, inputs]), transpose(own.Wxh), own.bxh), own.bhh);
  const Whh = transpose(own.Whh);
  let h = own.h0;
  const states = unstack(reshape(projected, [steps, batch, hidden])).map((u) => {
    h = tanh(affine(h, Whh, u));
    return h;
  });
  const predicted = affine(reshape(stack(states), [rows, hidden]), transpose(own.Why), own.by);
  if (problem.loss === "cross_entropy") {
    return multiply(sum(softmaxCrossEntropy(predicted, problem.target)), wrap(A, A.ratio(1, rows)));
  }
  if (problem.loss !== "mse") throw new TypeError(`batchedLoss: loss ${problem.loss}; expected cross_entropy or mse`);
  const target = reshape(wrap(A, problem.target), [rows, outputs]);
  return multiply(sum(square(subtract(predicted, target))), wrap(A, A.ratio(1, rows * outputs)));
}
