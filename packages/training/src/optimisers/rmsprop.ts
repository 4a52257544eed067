import type { Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../optimiser.ts";
import { average, descendScaled } from "./scaled-step.ts";

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6.5), with ε beside the root as PyTorch has it.
 *
 * (G8)  s ← ρ s + (1 − ρ) g²
 * (G9)  w ← w − η g / (√s + ε)
 *
 * @param decay - ρ, a scalar [].
 * @param epsilon - ε, a scalar [].
 */
export function rmsprop<S>(decay: Tensor<S>, epsilon: Tensor<S>): Rule<S> {
  return {
    memory: ["squares"],
    powers: {},
    update(A, slot) {
      const { gradient: g, memory } = slot;
      const square = A.empty(g.shape);
      A.unary(op.square, square, g);
      average(A, memory.squares, square, decay); // (G8)
      descendScaled(A, slot, g, memory.squares, epsilon); // (G9)
    },
  };
}
