import { at, type PrimeField, primeField, random, reshape, sizeOf, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { add, grad, matmul, multiply, sum, tanh, type Variable, wrap } from "@gradproof/autodiff";
import {
  backward,
  forward,
  type RnnProblem,
  type ScalarNeuron,
  scalarNeuron,
  scalarNeuronGradient,
} from "@gradproof/rnn";
import { expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { printRow, problems, seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;

function drawNeuron(F: PrimeField, T: number, I: number): ScalarNeuron<Residues> {
  return {
    inputWeights: F.uniform([I]),
    recurrentWeight: F.uniform([]),
    readoutWeight: F.uniform([]),
    initialState: F.uniform([]),
    inputs: F.uniform([T, I]),
  };
}

/** The same network as a general problem with H = 1, and a loss whose gradient with respect to y_t is e_t. */
function generalProblem(neuron: ScalarNeuron<Residues>, errors: Residues): RnnProblem<Residues> {
  const [T, I] = neuron.inputs.shape;
  return {
    nonlinearity: "tanh",
    loss: "linear",
    reduction: "sum",
    parameters: {
      Wxh: reshape(neuron.inputWeights, [1, I]),
      Whh: reshape(neuron.recurrentWeight, [1, 1]),
      Why: reshape(neuron.readoutWeight, [1, 1]),
    },
    x: reshape(neuron.inputs, [T, 1, I]),
    h0: reshape(neuron.initialState, [1, 1]),
    target: { outputs: reshape(errors, [T, 1, 1]) },
  };
}

test("a single neuron is the general network with H = 1: states, outputs and every gradient", () => {
  const source = random(seed);
  let [elements, refused] = [0, 0];
  for (let i = 0; i < problems; i++) {
    const F = primeField(source.uint32());
    const neuron = drawNeuron(F, source.integer(1, 10), source.integer(1, 4));
    const errors = F.uniform([neuron.inputs.shape[0]]);
    const own = scalarNeuron(F, neuron);
    const problem = generalProblem(neuron, errors);
    const trajectory = forward(F, problem);
    const same = (a: Residues, b: Residues | undefined) => {
      elements += sizeOf(a.shape);
      return b !== undefined && F.same(reshape(a, [sizeOf(a.shape)]), reshape(b, [sizeOf(b.shape)]));
    };
    expect(same(own.states, trajectory.states)).toBe(true);
    expect(same(own.outputs, trajectory.outputs)).toBe(true);
    const given = scalarNeuronGradient(F, neuron, own, errors);
    for (const expected of [backward(F, problem, trajectory), autodiffGradient(F, problem).gradient]) {
      expect(same(given.inputWeights, expected.Wxh)).toBe(true);
      expect(same(given.recurrentWeight, expected.Whh)).toBe(true);
      expect(same(given.readoutWeight, expected.Why)).toBe(true);
      expect(same(given.inputs, expected.x)).toBe(true);
      expect(same(given.initialState, expected.h0)).toBe(true);
    }
    // The control: the slopes of Eq. 27 as it is written, 1 − f′(u)² for f′(u).
    const slopes = F.empty(own.slopes.shape);
    F.unary(op.square, slopes, own.slopes);
    F.unary(op.oneMinus, slopes, slopes);
    const wrong = scalarNeuronGradient(F, neuron, { ...own, slopes }, errors);
    if (!F.same(wrong.recurrentWeight, given.recurrentWeight)) refused++;
  }
  printRow("single neuron", problems, elements, refused, 0);
  expect(refused).toBe(problems);
});

test("∂h_t/∂h_{t-1} is [1 - f(u)²] w, which autodiff says too, and not [1 - f′(u)²] w as Eq. 27 is written", () => {
  const source = random(seed);
  let refused = 0;
  for (let i = 0; i < problems; i++) {
    const F = primeField(source.uint32());
    const neuron = drawNeuron(F, 1, source.integer(1, 4));
    const { derivatives, slopes, products } = scalarNeuron(F, neuron);
    const [weights, input] = [neuron.inputWeights, at(neuron.inputs, 0)].map((t) => reshape(t, [1, sizeOf(t.shape)]));
    const state = (h: Variable<Float64Array>) => {
      const driven = matmul(wrap(F, input), wrap(F, reshape(weights, [sizeOf(weights.shape), 1])));
      return sum(tanh(add(driven, multiply(wrap(F, neuron.recurrentWeight), h))));
    };
    const expected = grad(state)(wrap(F, neuron.initialState)).value;
    expect(F.same(at(derivatives, 0), expected)).toBe(true);
    expect(F.same(at(at(products, 1), 0), expected)).toBe(true);
    const asWritten = F.empty([]);
    F.unary(op.square, asWritten, at(slopes, 0));
    F.unary(op.oneMinus, asWritten, asWritten);
    F.binary(op.multiply, asWritten, asWritten, neuron.recurrentWeight);
    if (!F.same(asWritten, expected)) refused++;
  }
  printRow("∂h_t/∂h_{t-1} of a single neuron, Eq. 27", problems, 2 * problems, refused, 0);
  expect(refused).toBe(problems);
});
