import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../optimiser.ts";

/**
 * Gradient descent (Robbins and Monro 1951).
 *
 * (G1)  w ← w − η g
 */
export function sgd<S>(): Rule<S> {
  return {
    memory: [],
    powers: {},
    update(A, { parameter: w, gradient: g, learningRate }) {
      const step = A.empty(w.shape);
      A.binary(op.multiply, step, g, learningRate);
      A.binary(op.subtract, w, w, step); // (G1)
    },
  };
}
