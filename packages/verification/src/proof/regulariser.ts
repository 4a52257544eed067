import { type OmegaGradient, omegaGradient } from "@gradproof/rnn";
import type { PartialGradient, RnnDerivation } from "./derivation.ts";
import { omegaByAutodiff } from "./omega-graph.ts";
import { withTransposed } from "./roads.ts";

/** Pascanu's Ω, its gradient with states and errors held constant, and its whole gradient: second derivatives of J. */
export const regulariser: RnnDerivation = {
  name: "Ω and its gradients",
  source: "Pascanu, Mikolov and Bengio 2013",
  mistake: "W_hhᵀ for W_hh",
  fit: (drawn) => ({ ...drawn, T: 1 + ((drawn.T - 1) % 3), B: 1 + ((drawn.B - 1) % 2) }),
  sides({ A, shape, problem, trajectory }) {
    return {
      given: quantities(omegaGradient(A, problem, trajectory)),
      expected: quantities(omegaByAutodiff(A, problem)),
      control: () => quantities(omegaGradient(A, withTransposed(A, problem), trajectory)),
      inert: shape.H === 1,
    };
  },
};

function quantities<S>({ value, immediate, full }: Omit<OmegaGradient<S>, "ratios">): PartialGradient<S> {
  return { omega: value, immediate, ...full };
}
