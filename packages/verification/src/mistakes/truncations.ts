import { type Arithmetic, at } from "@gradproof/arithmetic";
import { bptt, dimensions, type Segment } from "@gradproof/rnn";
import type { Mistake } from "./mistake.ts";
import { stateErrorUpTo } from "./segment-parts.ts";

/** A number of steps back, and the truncation of that length. */
export type Truncation = (steps: number) => Mistake;

/** BPTT(h) of Williams and Peng 1990: every loss reaches h steps back, its own step among them. */
export function window(h: number): Mistake {
  return {
    name: `window-${h}`,
    mistaken: `∂J/∂h_k = Σ_{k≤t<k+${h}} Φ(t, k)ᵀ W_hyᵀ e_t`,
    right: "∂J/∂h_k = Σ_{t≥k} Φ(t, k)ᵀ W_hyᵀ e_t",
    inertWhen: `T ≤ ${h}`,
    inert: ({ T }) => T <= h,
    ...(h === 2 && { seen: ["Eq. 13 of the lecture notes, with immediate derivatives on both sides"] }),
    cost: (T) => Math.min(h, T),
    equations: () => upTo((t) => t + h),
  };
}

/** The state passed from chunk to chunk of h steps, and the gradient not. */
export function truncated(h: number): Mistake {
  return {
    name: `truncated-${h}`,
    mistaken: `∂J/∂h_t = W_hyᵀ e_t where t is a multiple of ${h}`,
    right: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}",
    inertWhen: `T ≤ ${h}`,
    inert: ({ T }) => T <= h,
    ...(h === 3 && { seen: ["OpenNMT-py issue 891", "deeplearning4j pull request 671"] }),
    equations: () => cutting((t) => (t + 1) % h === 0),
  };
}

/** The same with the chunks counted from the last step back, so that the first is the short one. */
export function truncatedFromTheEnd(h: number): Mistake {
  return {
    name: `truncated-${h}-from-the-end`,
    mistaken: `∂J/∂h_t = W_hyᵀ e_t where T − t is a multiple of ${h}`,
    right: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}",
    inertWhen: `T ≤ ${h}`,
    inert: ({ T }) => T <= h,
    ...(h === 3 && { seen: ["Theano pull request 166"] }),
    equations: () => cutting((t, T) => (T - 1 - t) % h === 0),
  };
}

/** The oldest step is not reached from the newest: a bound of the loop that is one too high. */
const oneStepShort: Mistake = {
  name: "one-step-short",
  mistaken: "∂J/∂h_k = Σ_{k≤t<k+T−1} Φ(t, k)ᵀ W_hyᵀ e_t",
  right: "∂J/∂h_k = Σ_{k≤t≤T} Φ(t, k)ᵀ W_hyᵀ e_t",
  inertWhen: "T = 1",
  inert: ({ T }) => T === 1,
  seen: ["MyGrad pull request 7"],
  equations: () => upTo((t, T) => Math.max(t + 1, t + T - 1)),
};

/** Dependence on the past that is cut: of the families, those of a few steps. */
export const truncations: readonly Mistake[] = [
  window(2),
  window(3),
  truncated(2),
  truncated(3),
  truncatedFromTheEnd(3),
  oneStepShort,
];

/** ∂J/∂h_t from the losses before the step that `endOf` gives, where that is before T. */
function upTo<S>(endOf: (t: number, T: number) => number) {
  const { stepBack } = bptt<S>();
  return {
    stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
      const { T } = dimensions(segment.problem);
      const end = endOf(t, T);
      if (end >= T) return stepBack(A, segment, t);
      A.scope(() => A.copy(at(segment.stateError, t - segment.start), stateErrorUpTo(A, segment, t, end)));
    },
  };
}

/** The step back left out where `isCut` says so, t counted from 0. */
function cutting<S>(isCut: (t: number, T: number) => boolean) {
  const { stepBack } = bptt<S>();
  return {
    stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
      if (!isCut(t, dimensions(segment.problem).T)) stepBack(A, segment, t);
    },
  };
}
