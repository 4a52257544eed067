import type { Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../optimiser.ts";
import { type AdamCoefficients, adam } from "./adam.ts";

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, Algorithm 2), the decay scaled by η as PyTorch has it.
 *
 * (G13) w ← w − η λ w, and then Adam's (G10) to (G12)
 *
 * @param weightDecay - λ, a scalar [].
 */
export function adamw<S>(coefficients: AdamCoefficients<S>, weightDecay: Tensor<S>): Rule<S> {
  const rule = adam(coefficients);
  return {
    ...rule,
    update(A, slot) {
      const { parameter: w, learningRate } = slot;
      const [rate, decay] = [A.empty([]), A.empty(w.shape)];
      A.binary(op.multiply, rate, learningRate, weightDecay);
      A.binary(op.multiply, decay, w, rate);
      A.binary(op.subtract, w, w, decay); // (G13)
      rule.update(A, slot);
    },
  };
}
