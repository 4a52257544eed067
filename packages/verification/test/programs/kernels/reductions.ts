import type { Operations } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  at as atView,
  broadcastTo as broadcastView,
  logSumExp as logSumExpRows,
  reshape as reshapeView,
  softmax,
  type Tensor,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { parametersOf } from "../parameters.ts";
import { made } from "./tabulated.ts";

/** Sums of some kind: over axes, of products, of exponentials. */
export function reductions<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
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
