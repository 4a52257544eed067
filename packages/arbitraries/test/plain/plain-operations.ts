import type { Operations } from "../../src/graph/program.ts";
import { type NumericArray, type Shape, sizeOf } from "../../src/numeric-array.ts";
import { contractions } from "./contractions.ts";
import { type Index, indices, line, read, readBroadcast, tabulate } from "./indexed.ts";
import { matrices } from "./matrices.ts";
import { rearrangements } from "./rearrangements.ts";
import { alongAxis, common, elementwise, logSumExp, parametersOf, reduced, total } from "./ways-of-computing.ts";

/** Each operation index by index; it finds the shape of its result by itself unless the step must say it. */

/** Element by element of the argument, added up where each goes. */
function sumTo(a: NumericArray, shape: Shape): NumericArray {
  const lead = a.shape.length - shape.length;
  if (lead < 0) throw new RangeError("more axes");
  if (shape.some((length, axis) => length !== 1 && length !== a.shape[axis + lead]))
    throw new RangeError("lengths differ");
  const place = (index: Index) => index.slice(lead).map((i, axis) => (shape[axis] === 1 ? 0 : i));
  return tabulate(shape, (index) =>
    total(indices(a.shape).map((from) => (String(place(from)) === String(index) ? read(a, from) : 0))),
  );
}

export const plainOperations: Operations<NumericArray> = {
  negate: elementwise((a) => -a),
  shared: elementwise((a) => a),
  add: elementwise((a, b) => a + b),
  subtract: elementwise((a, b) => a - b),
  square: elementwise((a) => a * a),
  multiply: elementwise((a, b) => a * b),
  tanh: elementwise(Math.tanh),
  sigmoid: elementwise((a) => 1 / (1 + Math.exp(-a))),
  sin: elementwise(Math.sin),
  cos: elementwise(Math.cos),
  softplus: elementwise((a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))),
  silu: elementwise((a) => a / (1 + Math.exp(-a))),
  divide: elementwise((a, b) => a / b),
  exp: elementwise(Math.exp),
  log: elementwise(Math.log),
  log1p: elementwise(Math.log1p),
  sqrt: elementwise(Math.sqrt),
  pow: (values, step) =>
    values.length > 1
      ? elementwise((a, b) => a ** b)(values, step)
      : elementwise((a) => a ** parametersOf<{ exponent: number }>(step).exponent)(values, step),
  relu: elementwise((a) => Math.max(a, 0)),
  abs: elementwise(Math.abs),
  sign: elementwise(Math.sign),
  maximum: elementwise(Math.max),
  minimum: elementwise(Math.min),
  greater: elementwise((a, b) => (a > b ? 1 : 0)),
  where: elementwise((condition, a, b) => (condition > 0 ? a : b)),
  transpose([a], step) {
    const { axes } = parametersOf<{ axes: readonly number[] }>(step);
    return tabulate(
      axes.map((axis) => a.shape[axis]),
      (index) =>
        read(
          a,
          a.shape.map((_, axis) => index[axes.indexOf(axis)]),
        ),
    );
  },
  reshape([a], { shape }) {
    if (sizeOf(shape) !== a.data.length) throw new RangeError("sizes differ");
    return { shape, data: a.data };
  },
  broadcastTo: ([a], { shape }) => tabulate(shape, (index) => readBroadcast(a, index)),
  at([a], step) {
    const { index: at, axis } = parametersOf<{ index: number; axis: number }>(step);
    return tabulate(a.shape.toSpliced(axis, 1), (index) => read(a, index.toSpliced(axis, 0, at)));
  },
  slice([a], step) {
    const { start, end, axis } = parametersOf<{ start: number; end: number; axis: number }>(step);
    return tabulate(a.shape.with(axis, end - start), (index) => read(a, index.with(axis, index[axis] + start)));
  },
  take([a], step) {
    const { indices: from, axis } = parametersOf<{ indices: readonly number[]; axis: number }>(step);
    return tabulate(a.shape.with(axis, from.length), (index) => read(a, index.with(axis, from[index[axis]])));
  },
  stack([a, b], step) {
    const { axis } = parametersOf<{ axis: number }>(step);
    return tabulate(a.shape.toSpliced(axis, 0, 2), (index) => read([a, b][index[axis]], index.toSpliced(axis, 1)));
  },
  concat([a, b], step) {
    const { axis } = parametersOf<{ axis: number }>(step);
    const first = a.shape[axis];
    return tabulate(a.shape.with(axis, first + b.shape[axis]), (index) =>
      index[axis] < first ? read(a, index) : read(b, index.with(axis, index[axis] - first)),
    );
  },
  sum: reduced(total),
  mean: reduced((numbers) => total(numbers) / numbers.length),
  sumTo: ([a], { shape }) => sumTo(a, shape),
  matmul([a, b]) {
    const [M, K, N] = [a.shape.at(-2) as number, a.shape.at(-1) as number, b.shape.at(-1) as number];
    if (b.shape.at(-2) !== K) throw new RangeError("lengths differ");
    const shape = [...common([a.shape.slice(0, -2), b.shape.slice(0, -2)]), M, N];
    return tabulate(shape, (index) => {
      const [lead, row, column] = [index.slice(0, -2), index.at(-2) as number, index.at(-1) as number];
      const products = Array.from(
        { length: K },
        (_, k) => readMatrix(a, lead, row, k) * readMatrix(b, lead, k, column),
      );
      return total(products);
    });
  },
  softmax([a], step) {
    const { axis } = parametersOf<{ axis: number }>(step);
    return tabulate(a.shape, (index) => Math.exp(read(a, index) - logSumExp(line(a, index, axis))));
  },
  logSumExp([a], step) {
    const { axis, keepDimensions } = parametersOf<{ axis: number; keepDimensions: boolean }>(step);
    return alongAxis(a, axis, keepDimensions, logSumExp);
  },
  softmaxCrossEntropy([a], step) {
    const { classes } = parametersOf<{ classes: readonly number[] }>(step);
    return tabulate([a.shape[0]], ([row]) => logSumExp(line(a, [row, 0], 1)) - read(a, [row, classes[row]]));
  },
  ...contractions,
  ...matrices,
  ...rearrangements,
};

/** An element of the matrix that broadcasting puts at these leading indices. */
function readMatrix(a: NumericArray, lead: Index, row: number, column: number): number {
  const own = lead.slice(lead.length + 2 - a.shape.length);
  return read(a, [...own.map((i, axis) => (a.shape[axis] === 1 ? 0 : i)), row, column]);
}
