import { reshape, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { type RnnProblem, type ScalarNeuron, scalarNeuron, scalarNeuronGradient } from "@gradproof/rnn";
import { autodiffGradient } from "../autodiff-gradient.ts";
import type { PartialGradient, RnnDerivation } from "./derivation.ts";

/** The notes' single neuron is the network with H = 1, one sequence and no biases, whatever the error of its outputs. */
export const singleNeuron: RnnDerivation = {
  name: "single neuron",
  source: "the notes' Eqs. 22 to 27, (27) corrected",
  mistake: "1 − f′(u)² for f′(u), as Eq. 27 is written",
  fit: (drawn) => ({
    ...drawn,
    B: 1,
    H: 1,
    O: 1,
    nonlinearity: "tanh",
    loss: "linear",
    reduction: "sum",
    bxh: false,
    bhh: false,
    by: false,
    mask: false,
  }),
  sides({ A, problem }) {
    const { neuron, errors, general } = asNeuron(problem);
    const trajectory = scalarNeuron(A, neuron);
    const slopes = A.empty(trajectory.slopes.shape);
    A.unary(op.square, slopes, trajectory.slopes);
    A.unary(op.oneMinus, slopes, slopes);
    const gradient = (of: typeof trajectory) => shaped(scalarNeuronGradient(A, neuron, of, errors), general);
    return {
      given: gradient(trajectory),
      expected: { ...autodiffGradient(A, general).gradient },
      control: () => gradient({ ...trajectory, slopes }),
      inert: false,
    };
  },
};

/** The problem with the loss ⟨e, y⟩, whose gradient with respect to y_t is e_t, both as the notes and as `rnn` have it. */
function asNeuron<S>(problem: RnnProblem<Tensor<S>>) {
  const { parameters, x, h0, target } = problem;
  const { Wxh, Whh, Why } = parameters;
  if (problem.loss !== "linear" || !Why || !(target as { outputs?: Tensor<S> }).outputs) {
    throw new TypeError("single neuron: expected a readout and a linear loss of the outputs");
  }
  const { outputs } = target as { outputs: Tensor<S> };
  const [T, , I] = x.shape;
  const neuron: ScalarNeuron<Tensor<S>> = {
    inputWeights: reshape(Wxh, [I]),
    recurrentWeight: reshape(Whh, []),
    readoutWeight: reshape(Why, []),
    initialState: reshape(h0, []),
    inputs: reshape(x, [T, I]),
  };
  const general: RnnProblem<Tensor<S>> = { ...problem, target: { outputs } };
  return { neuron, errors: reshape(outputs, [T]), general };
}

/** The neuron's gradient under the names and shapes of the network's. */
function shaped<S>(
  gradient: ScalarNeuron<Tensor<S>>,
  { parameters, x, h0 }: RnnProblem<Tensor<S>>,
): PartialGradient<S> {
  return {
    Wxh: reshape(gradient.inputWeights, parameters.Wxh.shape),
    Whh: reshape(gradient.recurrentWeight, parameters.Whh.shape),
    Why: reshape(gradient.readoutWeight, [1, 1]),
    h0: reshape(gradient.initialState, h0.shape),
    x: reshape(gradient.inputs, x.shape),
  };
}
