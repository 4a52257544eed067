import type { Operations } from "@gradproof/arbitraries";
import * as graph from "@gradproof/autodiff";
import { pairsOf, parametersOf, placesOf } from "./parameters.ts";

/** Every operation that programs are drawn of, as nodes of the graph. */
export function graphOperations<S>(): Operations<graph.Variable<S>> {
  return { ...elementwise<S>(), ...layout<S>(), ...reductions<S>(), ...matrices<S>() };
}

function elementwise<S>(): Operations<graph.Variable<S>> {
  return {
    negate: ([a]) => graph.negate(a),
    shared: ([a]) => graph.shared(a),
    add: ([a, b]) => graph.add(a, b),
    subtract: ([a, b]) => graph.subtract(a, b),
    square: ([a]) => graph.square(a),
    multiply: ([a, b]) => graph.multiply(a, b),
    divide: ([a, b]) => graph.divide(a, b),
    pow: ([a, b], step) => graph.pow(a, b ?? parametersOf(step).exponent),
    tanh: ([a]) => graph.tanh(a),
    sigmoid: ([a]) => graph.sigmoid(a),
    sin: ([a]) => graph.sin(a),
    cos: ([a]) => graph.cos(a),
    softplus: ([a]) => graph.softplus(a),
    silu: ([a]) => graph.silu(a),
    exp: ([a]) => graph.exp(a),
    log: ([a]) => graph.log(a),
    log1p: ([a]) => graph.log1p(a),
    sqrt: ([a]) => graph.sqrt(a),
    relu: ([a]) => graph.relu(a),
    abs: ([a]) => graph.abs(a),
    sign: ([a]) => graph.sign(a),
    maximum: ([a, b]) => graph.maximum(a, b),
    minimum: ([a, b]) => graph.minimum(a, b),
    greater: ([a, b]) => graph.greater(a, b),
    where: ([condition, a, b]) => graph.where(condition, a, b),
  };
}

function layout<S>(): Operations<graph.Variable<S>> {
  return {
    transpose: ([a], step) => graph.transpose(a, parametersOf(step).axes),
    reshape: ([a], { shape }) => graph.reshape(a, shape),
    broadcastTo: ([a], { shape }) => graph.broadcastTo(a, shape),
    at: ([a], step) => graph.at(a, parametersOf(step).index, parametersOf(step).axis),
    slice([a], step) {
      const { start, end, axis } = parametersOf(step);
      return graph.slice(a, start, end, axis);
    },
    take: ([a], step) => graph.take(a, parametersOf(step).indices, parametersOf(step).axis),
    unstack([a], step) {
      const { axis, parts } = parametersOf(step);
      const elements = graph.unstack(a, axis);
      return graph.stack(parts.map((part) => elements[part]));
    },
    stack: (values, step) => graph.stack(values, parametersOf(step).axis),
    concat: (values, step) => graph.concat(values, parametersOf(step).axis),
    flip: ([a], step) => graph.flip(a, parametersOf(step).axes),
    pad: ([a], step) => graph.pad(a, parametersOf(step).widths, parametersOf(step)),
    gather: ([a], step) => graph.gather(a, placesOf(step), parametersOf(step).axis),
    scatterAdd([a], step) {
      const { indices, length, axis } = parametersOf(step);
      return graph.scatterAdd(a, indices, length, axis);
    },
    diagonal: ([a]) => graph.diagonal(a),
    oneHot: ([a], step) => graph.oneHot(a, parametersOf(step).classes, parametersOf(step).width),
  };
}

function reductions<S>(): Operations<graph.Variable<S>> {
  return {
    sum: ([a], step) => graph.sum(a, parametersOf(step).axes, parametersOf(step)),
    mean: ([a], step) => graph.mean(a, parametersOf(step).axes, parametersOf(step)),
    prod: ([a], step) => graph.prod(a, parametersOf(step).axes, parametersOf(step)),
    norm: ([a], step) => graph.norm(a, parametersOf(step).axes, parametersOf(step)),
    max: ([a], step) => graph.max(a, parametersOf(step).axes, parametersOf(step)),
    min: ([a], step) => graph.min(a, parametersOf(step).axes, parametersOf(step)),
    sumTo: ([a], { shape }) => graph.sumTo(a, shape),
    cumsum: ([a], step) => graph.cumsum(a, parametersOf(step).axis),
    cumprod: ([a], step) => graph.cumprod(a, parametersOf(step).axis),
    matmul: ([a, b]) => graph.matmul(a, b),
    affine: ([a, b, c]) => graph.affine(a, b, c),
    tensordot: ([a, b], step) => graph.tensordot(a, b, pairsOf(step)),
    einsum: (values, step) => graph.einsum(parametersOf(step).notation, ...values),
    softmax: ([a], step) => graph.softmax(a, parametersOf(step).axis),
    logSumExp: ([a], step) => graph.logSumExp(a, parametersOf(step).axis, parametersOf(step)),
    softmaxCrossEntropy: ([a], step) => graph.softmaxCrossEntropy(a, parametersOf(step).classes),
  };
}

function matrices<S>(): Operations<graph.Variable<S>> {
  return {
    determinant: ([a]) => graph.determinant(a),
    logDeterminant: ([a]) => graph.logDeterminant(turned(a)),
    inverse: ([a]) => graph.inverse(turned(a)),
    solve: ([a, b]) => graph.solve(turned(a), b),
    triangularSolve: ([a, b], step) => graph.triangularSolve(dominant(a), b, parametersOf(step)),
    cholesky: ([a]) => graph.cholesky(positiveDefinite(a)),
  };
}

/** tanh a + (N + 1) I of a [N, N]: the diagonal is larger than the rest of its row, so that nothing is near singular. */
function dominant<S>(a: graph.Variable<S>): graph.Variable<S> {
  const size = a.shape[0];
  return graph.add(graph.tanh(a), graph.diagonal(constant(a, new Array<number>(size).fill(size + 1))));
}

/** The same with its rows from the last to the first, so that elimination must exchange them. */
function turned<S>(a: graph.Variable<S>): graph.Variable<S> {
  return graph.flip(dominant(a));
}

/**
 * s sᵀ + a − aᵀ of a [N, N], with s the triangle below its diagonal and 1 + a² on it: positive definite but for the part
 * that a symmetric matrix has not, and its factor is s, so that the roots on its diagonal are known over a prime field too.
 */
function positiveDefinite<S>(a: graph.Variable<S>): graph.Variable<S> {
  const [size] = a.shape;
  const mask = Array.from({ length: size * size }, (_, i) => (i % size < Math.floor(i / size) ? 1 : 0));
  const below = graph.multiply(a, constant(a, mask, [size, size]));
  const pivots = graph.add(graph.square(graph.diagonal(a)), constant(a, [1], []));
  const factor = graph.add(below, graph.diagonal(pivots));
  return graph.add(graph.matmul(factor, graph.transpose(factor)), graph.subtract(a, graph.transpose(a)));
}

function constant<S>(
  { arithmetic }: graph.Variable<S>,
  numbers: readonly number[],
  shape?: readonly number[],
): graph.Variable<S> {
  return graph.variable(arithmetic, numbers, shape);
}
