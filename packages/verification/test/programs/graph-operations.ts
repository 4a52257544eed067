import type { Operations, Step } from "@gradproof/arbitraries";
import * as graph from "@gradproof/autodiff";

/** The operations of graphProgram as nodes of the graph. */
export function graphOperations<S>(): Operations<graph.Variable<S>> {
  return {
    negate: ([a]) => graph.negate(a),
    add: ([a, b]) => graph.add(a, b),
    subtract: ([a, b]) => graph.subtract(a, b),
    square: ([a]) => graph.square(a),
    multiply: ([a, b]) => graph.multiply(a, b),
    divide: ([a, b]) => graph.divide(a, b),
    tanh: ([a]) => graph.tanh(a),
    sigmoid: ([a]) => graph.sigmoid(a),
    exp: ([a]) => graph.exp(a),
    log: ([a]) => graph.log(a),
    sqrt: ([a]) => graph.sqrt(a),
    relu: ([a]) => graph.relu(a),
    greater: ([a, b]) => graph.greater(a, b),
    where: ([condition, a, b]) => graph.where(condition, a, b),
    transpose: ([a], step) => graph.transpose(a, parametersOf(step).axes),
    reshape: ([a], { shape }) => graph.reshape(a, shape),
    broadcastTo: ([a], { shape }) => graph.broadcastTo(a, shape),
    at: ([a], step) => graph.at(a, parametersOf(step).index, parametersOf(step).axis),
    slice([a], step) {
      const { start, end, axis } = parametersOf(step);
      return graph.slice(a, start, end, axis);
    },
    take: ([a], step) => graph.take(a, parametersOf(step).indices, parametersOf(step).axis),
    stack: ([a, b], step) => graph.stack([a, b], parametersOf(step).axis),
    concat: ([a, b], step) => graph.concat([a, b], parametersOf(step).axis),
    sum: ([a], step) => graph.sum(a, parametersOf(step).axes, parametersOf(step)),
    mean: ([a], step) => graph.mean(a, parametersOf(step).axes, parametersOf(step)),
    sumTo: ([a], { shape }) => graph.sumTo(a, shape),
    matmul: ([a, b]) => graph.matmul(a, b),
    softmax: ([a], step) => graph.softmax(a, parametersOf(step).axis),
    logSumExp: ([a], step) => graph.logSumExp(a, parametersOf(step).axis, parametersOf(step)),
    softmaxCrossEntropy: ([a], step) => graph.softmaxCrossEntropy(a, parametersOf(step).classes),
  };
}

/** What steps carry along; each operation has some of it. */
export interface StepParameters {
  readonly axis: number;
  readonly axes: readonly number[];
  readonly keepDimensions: boolean;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly indices: readonly number[];
  readonly classes: readonly number[];
}

export function parametersOf({ parameters }: Step): StepParameters {
  return parameters as StepParameters;
}
