import type { Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../optimiser.ts";
import { accelerate } from "./momentum.ts";

/**
 * Nesterov's accelerated gradient as momentum that looks ahead (Sutskever et al. 2013, Eqs. 3 and 4):
 * v ← μ v − η ∇J(θ + μ v), θ ← θ + v. What is trained here is w = θ + μ v, where the gradient is taken (Bengio,
 * Boulanger-Lewandowski and Pascanu 2013):
 *
 * (G4)  v ← μ v − η g
 * (G5)  w ← w + μ v − η g
 *
 * @param momentum - μ, a scalar [].
 */
export function nesterov<S>(momentum: Tensor<S>): Rule<S> {
  return {
    memory: ["velocity"],
    powers: {},
    update(A, slot) {
      const { parameter: w, memory } = slot;
      const step = accelerate(A, slot, momentum); // (G4)
      const ahead = A.empty(w.shape);
      A.binary(op.multiply, ahead, memory.velocity, momentum);
      A.binary(op.subtract, ahead, ahead, step);
      A.binary(op.add, w, w, ahead); // (G5)
    },
  };
}
