import { type Shape, sizeOf } from "../../numeric-array.ts";
import { broadcastShape, type GraphOperation, type Way, waysTo } from "./operation.ts";

/** Sums of some kind: over axes, of products, of exponentials. */

/** All axes; then each of them, gone or kept with length 1. */
export function reductions(a: Shape): Way[] {
  if (a.length === 0) return [];
  const all = { shape: [], parameters: { axes: [...a.keys()], keepDimensions: false } };
  const single = a.flatMap((_, axis): Way[] => [
    ...(a.length > 1 ? [{ shape: a.toSpliced(axis, 1), parameters: { axes: [axis], keepDimensions: false } }] : []),
    { shape: a.with(axis, 1), parameters: { axes: [axis], keepDimensions: true } },
  ]);
  return [all, ...single];
}

/** Parameters: axes, keepDimensions. */
export const sum: GraphOperation = { name: "sum", arity: 1, ways: reductions };
export const mean: GraphOperation = {
  name: "mean",
  arity: 1,
  ways: (a) => (sizeOf(a) === 0 ? [] : reductions(a)),
};

/** To the shape of the step: axes kept with length 1, or leading ones gone. */
export const sumTo: GraphOperation = {
  name: "sumTo",
  arity: 1,
  ways: (a) =>
    a.length === 0
      ? []
      : waysTo(a, [a.map(() => 1), a.slice(1), ...a.map((_, axis) => a.with(axis, 1)), [1, ...a.slice(2)]]),
};

/** [..., M, K] by [..., K, N], leading axes broadcast. */
export const matmul: GraphOperation = {
  name: "matmul",
  arity: 2,
  ways(a, b) {
    const [left, right] = [a.slice(-2), b.slice(-2)];
    if (left.length < 2 || right.length < 2 || left[1] !== right[0]) return [];
    const leading = broadcastShape(a.slice(0, -2), b.slice(0, -2));
    return leading ? [{ shape: [...leading, left[0], right[1]] }] : [];
  },
  weight: 10,
};

/** Parameters: axis. Of one element alone it is 1, whatever that is. */
export const softmax: GraphOperation = {
  name: "softmax",
  arity: 1,
  ways: (a) => a.flatMap((length, axis): Way[] => (length < 2 ? [] : [{ shape: a, parameters: { axis } }])),
};

/** Parameters: axis, keepDimensions. */
export const logSumExp: GraphOperation = {
  name: "logSumExp",
  arity: 1,
  ways: (a) =>
    a.flatMap((length, axis): Way[] => {
      const gone = { shape: a.toSpliced(axis, 1), parameters: { axis, keepDimensions: false } };
      const kept = { shape: a.with(axis, 1), parameters: { axis, keepDimensions: true } };
      return length === 0 ? [] : [gone, kept];
    }),
};

/** Parameters: classes, one for each row of the logits [N, O]; the result is [N]. */
export const softmaxCrossEntropy: GraphOperation = {
  name: "softmaxCrossEntropy",
  arity: 1,
  ways(a) {
    const [rows, classes] = a;
    if (a.length !== 2 || classes < 2) return [];
    return [{ shape: [rows], parameters: { classes: Array.from({ length: rows }, (_, row) => row % classes) } }];
  },
  weight: 2,
};
