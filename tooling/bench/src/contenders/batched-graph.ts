import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import {
  add,
  affine,
  grad,
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
import { mapParameters, type RnnProblem } from "@gradproof/rnn";

type Leaves<S> = Readonly<Record<string, Variable<S>>>;

/**
 * The gradient of the mean loss by autodiff, of a program written as one writes for speed, with what needs no state taken
 * out of the loop: the inputs of all steps are projected at once, and all outputs read out at once, as the derivation by
 * hand does. Of tanh, with a readout and all biases, as the shapes have them.
 */
export function batchedGradient<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
): Readonly<Record<string, Tensor<S>>> {
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const leaves = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
  const gradient = grad((own: Leaves<S>) => meanLoss(A, problem, own))(leaves as unknown as Leaves<S>);
  return Object.fromEntries(Object.entries(gradient).map(([name, { value }]) => [name, value]));
}

function meanLoss<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, own: Leaves<S>): Variable<S> {
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
  if (problem.loss !== "mse") throw new TypeError(`meanLoss: loss ${problem.loss}; expected cross_entropy or mse`);
  const target = reshape(wrap(A, problem.target), [rows, outputs]);
  return multiply(sum(square(subtract(predicted, target))), wrap(A, A.ratio(1, rows * outputs)));
}
