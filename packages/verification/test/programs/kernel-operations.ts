import type { Operations } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  at as atView,
  type BinaryOperation,
  broadcastTo as broadcastView,
  logSumExp as logSumExpRows,
  reshape as reshapeView,
  slice as sliceView,
  softmax,
  type Tensor,
  transpose as transposeView,
  type UnaryOperation,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { parametersOf } from "./graph-operations.ts";

/** The operations of graphProgram as kernels of an arithmetic, with nothing of the graph's: over dual numbers, forward mode. */
export function kernelOperations<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  return { ...elementwise(A), ...layout(A), ...reductions(A) };
}

/** A tensor of that shape, filled. */
function made<S>(A: Arithmetic<S>, shape: readonly number[], fill: (out: Tensor<S>) => void): Tensor<S> {
  const out = A.empty(shape);
  fill(out);
  return out;
}

function elementwise<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const unary = (operation: UnaryOperation): Operations<Tensor<S>>[string] => {
    return ([a], { shape }) => made(A, shape, (out) => A.unary(op[operation], out, a));
  };
  const binary = (operation: BinaryOperation): Operations<Tensor<S>>[string] => {
    return ([a, b], { shape }) => made(A, shape, (out) => A.binary(op[operation], out, a, b));
  };
  return {
    negate: unary("negate"),
    add: binary("add"),
    subtract: binary("subtract"),
    square: unary("square"),
    multiply: binary("multiply"),
    divide: binary("divide"),
    tanh: unary("tanh"),
    sigmoid: unary("sigmoid"),
    exp: unary("exp"),
    log: unary("log"),
    sqrt: unary("sqrt"),
    relu: unary("relu"),
    greater: ([a, b], { shape }) =>
      made(A, shape, (out) => {
        A.binary(op.subtract, out, a, b);
        A.unary(op.step, out, out);
      }),
    /** step(c) a + (1 − step(c)) b */
    where: ([condition, a, b], { shape }) =>
      made(A, shape, (out) => {
        const [chosen, other] = [A.empty(shape), A.empty(shape)];
        A.unary(op.step, chosen, condition);
        A.unary(op.oneMinus, other, chosen);
        A.binary(op.multiply, out, chosen, a);
        A.binary(op.multiply, other, other, b);
        A.binary(op.add, out, out, other);
      }),
  };
}

function layout<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  return {
    transpose: ([a], step) => transposeView(a, [...parametersOf(step).axes]),
    reshape: ([a], { shape }) => reshapeView(owned(A, a), shape),
    broadcastTo: ([a], { shape }) => broadcastView(a, shape),
    at: ([a], step) => atView(a, parametersOf(step).index, parametersOf(step).axis),
    slice([a], step) {
      const { start, end, axis } = parametersOf(step);
      return sliceView(a, start, end, axis);
    },
    take([a], step) {
      const { indices, axis } = parametersOf(step);
      return made(A, step.shape, (out) => {
        indices.forEach((index, i) => {
          A.copy(atView(out, i, axis), atView(a, index, axis));
        });
      });
    },
    stack: (values, step) =>
      made(A, step.shape, (out) => {
        values.forEach((value, i) => {
          A.copy(atView(out, i, parametersOf(step).axis), value);
        });
      }),
    concat: (values, step) =>
      made(A, step.shape, (out) => {
        const { axis } = parametersOf(step);
        let start = 0;
        for (const value of values) {
          A.copy(sliceView(out, start, start + value.shape[axis], axis), value);
          start += value.shape[axis];
        }
      }),
  };
}

function reductions<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const reduced = (a: Tensor<S>, shape: readonly number[], axes: readonly number[]) =>
    made(A, shape, (out) => {
      const kept = a.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
      A.sum(reshapeView(out, kept), a, "write");
    });
  const axisLast = (t: Tensor<S>, axis: number) => transposeView(t, [...[...t.shape.keys()].toSpliced(axis, 1), axis]);
  const logSumExp = (a: Tensor<S>, axis: number, shape: readonly number[]) =>
    made(A, shape, (out) =>
      logSumExpRows(A, axisLast(reshapeView(out, a.shape.with(axis, 1)), axis), axisLast(a, axis)),
    );
  return {
    sum: ([a], step) => reduced(a, step.shape, parametersOf(step).axes),
    mean([a], step) {
      const { axes } = parametersOf(step);
      const out = reduced(a, step.shape, axes);
      const count = axes.reduce((product, axis) => product * a.shape[axis], 1);
      A.binary(op.divide, out, out, A.ratio(count, 1));
      return out;
    },
    sumTo: ([a], { shape }) =>
      made(A, shape, (out) => {
        const lead = new Array<number>(a.shape.length - shape.length).fill(1);
        A.sum(reshapeView(out, [...lead, ...shape]), a, "write");
      }),
    matmul: ([a, b], { shape }) =>
      made(A, shape, (out) => {
        const leading = shape.slice(0, -2);
        gemms(
          A,
          out,
          broadcastView(a, [...leading, ...a.shape.slice(-2)]),
          broadcastView(b, [...leading, ...b.shape.slice(-2)]),
        );
      }),
    softmax: ([a], step) =>
      made(A, step.shape, (out) =>
        softmax(A, axisLast(out, parametersOf(step).axis), axisLast(a, parametersOf(step).axis)),
      ),
    logSumExp: ([a], step) => logSumExp(a, parametersOf(step).axis, step.shape),
    softmaxCrossEntropy([a], step) {
      const out = logSumExp(a, 1, step.shape);
      parametersOf(step).classes.forEach((label, row) => {
        const loss = atView(out, row);
        A.binary(op.subtract, loss, loss, atView(atView(a, row), label));
      });
      return out;
    },
  };
}

/** Matrix by matrix along the leading axes. */
function gemms<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
  if (out.shape.length === 2) A.gemm(out, a, b, "write");
  else for (let i = 0; i < out.shape[0]; i++) gemms(A, atView(out, i), atView(a, i), atView(b, i));
}

/** The same in memory of its own, row-major. */
export function owned<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  return made(A, t.shape, (out) => A.copy(out, t));
}
