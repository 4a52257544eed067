import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule, Slot } from "../optimiser.ts";

/**
 * Momentum, the heavy ball of Polyak (1964), in the form of Sutskever et al. (2013, Eqs. 1 and 2): the velocity holds steps,
 * so that a change of η acts on new gradients alone.
 *
 * (G2)  v ← μ v − η g
 * (G3)  w ← w + v
 *
 * @param momentum - μ, a scalar [].
 */
export function momentum<S>(momentum: Tensor<S>): Rule<S> {
  return {
    memory: ["velocity"],
    powers: {},
    update(A, slot) {
      accelerate(A, slot, momentum); // (G2)
      A.binary(op.add, slot.parameter, slot.parameter, slot.memory.velocity); // (G3)
    },
  };
}

/** v ← μ v − η g; answers η g. */
export function accelerate<S>(A: Arithmetic<S>, slot: Slot<S>, momentum: Tensor<S>): Tensor<S> {
  const { gradient: g, learningRate, memory } = slot;
  const step = A.empty(g.shape);
  A.binary(op.multiply, step, g, learningRate);
  A.binary(op.multiply, memory.velocity, memory.velocity, momentum);
  A.binary(op.subtract, memory.velocity, memory.velocity, step);
  return step;
}
