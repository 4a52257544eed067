import type { GivenGradient } from "@gradproof/verification";
import type { Inputs } from "./numeric-loss.ts";

/** Gradients by what they are the gradient of. */
export function given(gradients: readonly GivenGradient[]): Inputs {
  return new Map(gradients.map(({ of, data }) => [of, data]));
}
