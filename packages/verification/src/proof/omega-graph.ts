import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import {
  add,
  at,
  divide,
  grad,
  matmul,
  multiply,
  relu,
  reshape,
  sqrt,
  square,
  stopGradient,
  subtract,
  sum,
  sumTo,
  tanh,
  transpose,
  type Variable,
  wrap,
} from "@gradproof/autodiff";
import { mapParameters, type RnnGradient, type RnnProblem } from "@gradproof/rnn";
import { type LossInputs, lossWeight, stepLoss } from "../rnn-loss.ts";

type Leaves<S> = Readonly<Record<string, Variable<S>>>;

/** Ω and its derivatives by a gradient of a gradient; nothing of `rnn` but the types. */
export function omegaByAutodiff<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>) {
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const leaves: Leaves<S> = {
    ...mapParameters(problem.parameters, leaf),
    h0: leaf(problem.h0),
    x: leaf(problem.x),
  } as unknown as Leaves<S>;
  const full = grad<S, Leaves<S>, []>((inputs) => omegaOf(A, problem, inputs, inputs.Whh, false))(leaves);
  const immediate = grad<S, Variable<S>, []>((Whh) => omegaOf(A, problem, leaves, Whh, true))(leaves.Whh);
  const values = Object.fromEntries(Object.entries(full).map(([name, { value }]) => [name, value]));
  return {
    value: omegaOf(A, problem, leaves, leaves.Whh, false).value,
    full: values as unknown as RnnGradient<Tensor<S>>,
    immediate: immediate.value,
  };
}

/**
 * Ω with W_hh of the step back given apart. The errors are derivatives with respect to zeros that are added where they are
 * wanted: z_t to the state h_t, so that ∂J/∂z_t = ∂J/∂h_t, and y_t to h_{t−1} where u_t reads it, so that ∂J/∂y_t is what
 * h_t passes back. With `frozen`, errors are constants and the step back is taken by hand.
 */
function omegaOf<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  inputs: Leaves<S>,
  Whh: Variable<S>,
  frozen: boolean,
): Variable<S> {
  const [T] = problem.x.shape;
  const [batch, width] = problem.h0.shape;
  const zero = () => wrap(A, A.lift(new Float64Array(batch * width), [batch, width]));
  const names = Array.from({ length: T }, (_, t) => [`z${t}`, `y${t}`, `v${t}`]).flat();
  const zeros = Object.fromEntries(names.map((name) => [name, zero()]));
  const errors = grad<S, Leaves<S>, []>((added) =>
    disturbedLoss(A, problem, inputs as unknown as LossInputs<S>, added),
  )(zeros);
  const length = (a: Variable<S>) => sqrt(sumTo(square(a), [batch, 1]));
  let total = wrap(A, A.ratio(0, 1));
  for (let t = 0; t < T; t++) {
    const [error, passed] = frozen
      ? [stopGradient(errors[`z${t}`]), matmul(stopGradient(errors[`v${t}`]), Whh)]
      : [errors[`z${t}`], errors[`y${t}`]];
    const excess = subtract(divide(length(passed), length(error)), wrap(A, A.ratio(1, 1)));
    total = add(total, sum(square(excess)));
  }
  return total;
}

/** J with z_t added to h_t, y_t to h_{t−1} as u_t reads it, and v_t to u_t. */
function disturbedLoss<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  inputs: LossInputs<S>,
  added: Leaves<S>,
): Variable<S> {
  const f = problem.nonlinearity === "tanh" ? tanh<S> : relu<S>;
  const [T] = inputs.x.shape;
  const [batch] = inputs.h0.shape;
  let h = inputs.h0;
  let loss = wrap(A, A.ratio(0, 1));
  for (let t = 0; t < T; t++) {
    let u = add(matmul(at(inputs.x, t), transpose(inputs.Wxh)), matmul(add(h, added[`y${t}`]), transpose(inputs.Whh)));
    for (const bias of [inputs.bxh, inputs.bhh, added[`v${t}`]]) if (bias) u = add(u, bias);
    h = add(f(u), added[`z${t}`]);
    let output = inputs.Why && matmul(h, transpose(inputs.Why));
    if (output && inputs.by) output = add(output, inputs.by);
    let terms = stepLoss(A, problem, t, h, output);
    if (problem.mask) terms = multiply(terms, at(wrap(A, problem.mask), t));
    loss = add(loss, sum(reshape(terms, [batch])));
  }
  return multiply(loss, lossWeight(A, problem, T * batch, problem.parameters.Why?.shape[0] ?? 0));
}
