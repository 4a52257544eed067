import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import {
  add,
  at,
  matmul,
  multiply,
  relu,
  reshape,
  shared,
  softmaxCrossEntropy,
  square,
  subtract,
  sum,
  sumTo,
  tanh,
  transpose,
  type Variable,
  wrap,
} from "@gradproof/autodiff";
import type { RnnParameters, RnnProblem } from "@gradproof/rnn";

/** What the loss is differentiated with respect to. */
export type LossInputs<S> = RnnParameters<Variable<S>> & { readonly h0: Variable<S>; readonly x: Variable<S> };

/**
 * The RNN's loss as a graph, step by step as the notes state it (Eqs. 5 to 7), its states h_0 to h_T [B, H] and its outputs
 * ŷ_t [B, O]; written without a look at `rnn`, whose gradient it judges.
 */
export function rnnLoss<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  inputs: LossInputs<S>,
): { readonly loss: Variable<S>; readonly states: readonly Variable<S>[]; readonly outputs: readonly Variable<S>[] } {
  const f = problem.nonlinearity === "tanh" ? tanh<S> : relu<S>;
  const [steps, batch] = inputs.x.shape;
  const everyStep = (a: Variable<S> | undefined) => a && shared(a);
  const [Wxh, Whh] = [shared(transpose(inputs.Wxh)), shared(transpose(inputs.Whh))];
  const Why = inputs.Why && shared(transpose(inputs.Why));
  const [bxh, bhh, by] = [inputs.bxh, inputs.bhh, inputs.by].map(everyStep);
  const outputs: Variable<S>[] = [];
  const states = [inputs.h0];
  let loss = wrap(A, A.ratio(0, 1));
  for (let t = 0; t < steps; t++) {
    let u = add(matmul(at(inputs.x, t), Wxh), matmul(states[t], Whh));
    if (bxh) u = add(u, bxh);
    if (bhh) u = add(u, bhh);
    const h = f(u);
    states.push(h);
    let output: Variable<S> | undefined;
    if (Why) {
      output = matmul(h, Why);
      if (by) output = add(output, by);
      outputs.push(output);
    }
    let terms = stepLoss(A, problem, t, h, output);
    if (problem.mask) terms = multiply(terms, at(wrap(A, problem.mask), t));
    loss = add(loss, sum(terms));
  }
  const weight = lossWeight(A, problem, steps * batch, outputs[0]?.shape[1] ?? 0);
  return { loss: multiply(loss, weight), states, outputs };
}

/** J_t of each sequence [B], before mask and reduction. */
export function stepLoss<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  t: number,
  h: Variable<S>,
  output: Variable<S> | undefined,
): Variable<S> {
  const batch = h.shape[0];
  const rowSums = (a: Variable<S>) => reshape(sumTo(a, [batch, 1]), [batch]);
  if (problem.loss === "linear") {
    const { outputs, states } = problem.target;
    let terms = wrap(A, A.lift(new Float64Array(batch), [batch]));
    if (outputs && output) terms = add(terms, rowSums(multiply(at(wrap(A, outputs), t), output)));
    if (states) terms = add(terms, rowSums(multiply(at(wrap(A, states), t), h)));
    return terms;
  }
  if (!output) throw new TypeError(`rnnLoss: ${problem.loss} without a readout; expected Why`);
  if (problem.loss === "cross_entropy") {
    return softmaxCrossEntropy(output, problem.target.subarray(t * batch, (t + 1) * batch));
  }
  return rowSums(square(subtract(output, at(wrap(A, problem.target), t))));
}

export function lossWeight<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  rows: number,
  width: number,
): Variable<S> {
  const terms = problem.loss === "cross_entropy" ? rows : rows * width;
  const halves = problem.loss === "half_squared_error" ? 2 : 1;
  return wrap(A, A.ratio(1, problem.reduction === "mean" ? halves * terms : halves));
}
