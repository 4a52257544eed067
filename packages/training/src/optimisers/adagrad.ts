import type { Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../optimiser.ts";
import { descendScaled } from "./scaled-step.ts";

/**
 * AdaGrad with a diagonal matrix (Duchi, Hazan and Singer 2011).
 *
 * (G6)  s ← s + g²
 * (G7)  w ← w − η g / (√s + ε)
 *
 * @param epsilon - ε, a scalar [].
 */
export function adagrad<S>(epsilon: Tensor<S>): Rule<S> {
  return {
    memory: ["squares"],
    powers: {},
    update(A, slot) {
      const { gradient: g, memory } = slot;
      const square = A.empty(g.shape);
      A.unary(op.square, square, g);
      A.binary(op.add, memory.squares, memory.squares, square); // (G6)
      descendScaled(A, slot, g, memory.squares, epsilon); // (G7)
    },
  };
}
