import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
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
  A.unary("sqrt", scale, squares);
  A.binary("add", scale, scale, epsilon);
  A.binary("multiply", step, direction, learningRate);
  A.binary("divide", step, step, scale);
  A.binary("subtract", w, w, step);
}

/** average ← decay average + (1 − decay) value */
export function average<S>(A: Arithmetic<S>, average: Tensor<S>, value: Tensor<S>, decay: Tensor<S>): void {
  const [rest, share] = [A.empty([]), A.empty(value.shape)];
  A.unary("oneMinus", rest, decay);
  A.binary("multiply", share, value, rest);
  A.binary("multiply", average, average, decay);
  A.binary("add", average, average, share);
}
