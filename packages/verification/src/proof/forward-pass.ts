import { at, type Tensor } from "@gradproof/arithmetic";
import { forward, type Trajectory } from "@gradproof/rnn";
import { autodiffOf } from "./autodiff-of.ts";
import type { PartialGradient, RnnDerivation } from "./derivation.ts";
import { withTransposed } from "./roads.ts";

/** J and ŷ_t of every step: a gradient says nothing of a loss that is another one. */
export const forwardPass: RnnDerivation = {
  name: "forward pass",
  source: "Elman 1990",
  mistake: "W_hhᵀ for W_hh",
  fit: (drawn) => drawn,
  sides({ A, shape, problem, trajectory }) {
    const { loss, outputs } = autodiffOf(A, problem);
    return {
      given: quantities(trajectory),
      expected: named(loss, outputs),
      control: () => quantities(forward(A, withTransposed(A, problem))),
      inert: shape.H === 1 || (shape.T === 1 && shape.zeroState),
    };
  },
};

function quantities<S>({ loss, outputs }: Trajectory<S>): PartialGradient<S> {
  const steps = outputs?.shape[0] ?? 0;
  return named(
    loss,
    Array.from({ length: steps }, (_, t) => at(outputs as Tensor<S>, t)),
  );
}

function named<S>(loss: Tensor<S>, outputs: readonly Tensor<S>[]): PartialGradient<S> {
  return { loss, ...Object.fromEntries(outputs.map((output, t) => [`outputs[${t}]`, output])) };
}
