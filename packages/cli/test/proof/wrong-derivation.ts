import * as op from "@gradproof/arithmetic/operations";
import { derivations, type RnnDerivation } from "@gradproof/verification";

const [, bptt] = derivations;
if (bptt === undefined) throw new Error("there are no derivations");

/** BPTT with the sign of ∂J/∂W_hy flipped. */
export const wrongDerivation: RnnDerivation = {
  ...bptt,
  sides(setting) {
    const sides = bptt.sides(setting);
    if (sides.given.Why) setting.A.unary(op.negate, sides.given.Why, sides.given.Why);
    return sides;
  },
};
