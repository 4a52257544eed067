import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../optimiser.ts";
import { average, descendScaled } from "./scaled-step.ts";

/** β₁, β₂ and ε, scalars []. */
export interface AdamCoefficients<S> {
  readonly beta1: Tensor<S>;
  readonly beta2: Tensor<S>;
  readonly epsilon: Tensor<S>;
}

/**
 * Adam (Kingma and Ba 2015, Algorithm 1).
 *
 * (G10) m ← β₁ m + (1 − β₁) g
 * (G11) s ← β₂ s + (1 − β₂) g²
 * (G12) w ← w − η m̂ / (√ŝ + ε)        m̂ = m / (1 − β₁ᵗ),  ŝ = s / (1 − β₂ᵗ)
 */
export function adam<S>({ beta1, beta2, epsilon }: AdamCoefficients<S>): Rule<S> {
  return {
    memory: ["mean", "squares"],
    powers: { beta1, beta2 },
    update(A, slot) {
      const { gradient: g, memory, powers } = slot;
      const square = A.empty(g.shape);
      A.unary(op.square, square, g);
      average(A, memory.mean, g, beta1); // (G10)
      average(A, memory.squares, square, beta2); // (G11)
      const mean = unbiased(A, memory.mean, powers.beta1);
      const squares = unbiased(A, memory.squares, powers.beta2);
      descendScaled(A, slot, mean, squares, epsilon); // (G12)
    },
  };
}

/** average / (1 − βᵗ): what an average that began at 0 would be without its beginning. */
function unbiased<S>(A: Arithmetic<S>, average: Tensor<S>, power: Tensor<S>): Tensor<S> {
  const [weight, corrected] = [A.empty([]), A.empty(average.shape)];
  A.unary(op.oneMinus, weight, power);
  A.binary(op.divide, corrected, average, weight);
  return corrected;
}
