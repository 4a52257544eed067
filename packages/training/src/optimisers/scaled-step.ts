import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Slot } from "../optimiser.ts";

/** w ← w − η direction / (√squares + ε) */
export function descendScaled<S>(
  A: Arithmetic<S>,
  { parameter: w, learningRate }: Slot<S>,
  direction: Tensor<S>,
  squares: Tensor<S>,
  epsilon: Tensor<S>,
): void {
  const [scale, step] = [A.empty(w.shape), A.empty(w.shape)];
  A.unary(op.sqrt, scale, squares);
  A.binary(op.add, scale, scale, epsilon);
  A.binary(op.multiply, step, direction, learningRate);
  A.binary(op.divide, step, step, scale);
  A.binary(op.subtract, w, w, step);
}

/** average ← decay average + (1 − decay) value */
export function average<S>(A: Arithmetic<S>, average: Tensor<S>, value: Tensor<S>, decay: Tensor<S>): void {
  const [rest, share] = [A.empty([]), A.empty(value.shape)];
  A.unary(op.oneMinus, rest, decay);
  A.binary(op.multiply, share, value, rest);
  A.binary(op.multiply, average, average, decay);
  A.binary(op.add, average, average, share);
}
