import { type Arithmetic, at, reshape, slice, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type Segment } from "@gradproof/rnn";
import type { ProofShape } from "../proof-shape.ts";
import type { Mistake } from "./mistake.ts";
import { directErrors, join, rows, slope, stateErrorUpTo, zero } from "./segment-parts.ts";

const right = "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}";
const oneStep = ({ T }: ProofShape) => T === 1;
const oneStepOrUnit = ({ T, H }: ProofShape) => T === 1 || H === 1;
const reluOn = ({ nonlinearity }: ProofShape, dead: boolean) => nonlinearity === "relu" && !dead;

/** The step back in time, (B3): what of later steps reaches a state, and how. */
export const mistakesThroughTime: readonly Mistake[] = [
  {
    name: "recurrent-term-dropped",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t",
    right,
    inertWhen: "T = 1",
    inert: oneStep,
    seen: ["qixianbiao/RNN issue 2", "Eq. 15 of the lecture notes, read to the letter"],
    equations: () => ({ stepBack: () => {} }),
  },
  {
    name: "carry-never-assigned",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t, ∂J/∂h_0 = 0",
    right: `${right}, ∂J/∂h_0 = W_hhᵀ δ_1`,
    inertWhen: "never",
    inert: () => false,
    seen: ["CaptainE/RNN-LSTM-in-numpy issue 1"],
    equations: () => ({ stepBack: () => {}, h0: (A, _segment, dh0) => zero(A, dh0) }),
  },
  {
    name: "recurrent-not-transposed",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t + W_hh δ_{t+1}",
    right,
    inertWhen: "H = 1, or W_hh is symmetric",
    inert: ({ H }) => H === 1,
    seen: ["vzhou842/rnn-from-scratch rnn.py", "datascience.stackexchange.com question 10545"],
    equations: () => ({
      stepBack(A, { problem, start, stateError, delta }, t) {
        const transposed = transpose(problem.parameters.Whh);
        A.gemm(at(stateError, t - start), at(delta, t + 1 - start), transposed, "accumulate");
      },
      h0(A, { problem, start, delta }, dh0) {
        if (start === 0) A.gemm(dh0, at(delta, 0), transpose(problem.parameters.Whh), "write");
      },
    }),
  },
  {
    name: "recurrent-without-derivative",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ ∂J/∂h_{t+1}",
    right,
    inertWhen: "T = 1, or relu with every unit on behind the first step",
    inert: (shape, { laterDeadUnits }) => oneStep(shape) || reluOn(shape, laterDeadUnits),
    seen: ["the vignette of the R package rnn"],
    equations: () => ({
      stepBack(A, { problem, start, end, stateError, delta }, t) {
        const behind = t + 1 < end ? at(stateError, t + 1 - start) : at(delta, t + 1 - start);
        A.gemm(at(stateError, t - start), behind, problem.parameters.Whh, "accumulate");
      },
      sweep: carryingStateErrors(),
    }),
  },
  {
    name: "direct-term-dropped",
    mistaken: "∂J/∂h_t = W_hhᵀ δ_{t+1} for t < T",
    right,
    inertWhen: "only the last step counts in the loss",
    inert: (_shape, { earlyLoss }) => !earlyLoss,
    seen: ["Burton2000/CS231n-2017 issue 7", "deeplearning4j issue 8838"],
    equations: () => ({
      stepBack(A, { problem, start, stateError, delta }, t) {
        A.gemm(at(stateError, t - start), at(delta, t + 1 - start), problem.parameters.Whh, "write");
      },
    }),
  },
  {
    name: "recurrent-term-doubled",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t + 2 W_hhᵀ δ_{t+1}",
    right,
    inertWhen: "T = 1",
    inert: oneStep,
    seen: ["javaidnabi31/RNN-from-scratch issue 2"],
    equations: <S>() => ({
      stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        bptt<S>().stepBack(A, segment, t);
        bptt<S>().stepBack(A, segment, t);
      },
    }),
  },
  {
    name: "slope-on-the-wrong-side",
    mistaken: "∂h_t/∂h_{t−1} = W_hh diag(f′(u_t)), so ∂J/∂h_t = W_hyᵀ e_t + f′(u_{t+1}) ⊙ W_hhᵀ ∂J/∂h_{t+1}",
    right: `∂h_t/∂h_{t−1} = diag(f′(u_t)) W_hh, so ${right}`,
    inertWhen: "T = 1, H = 1, or relu with every unit on behind the first step",
    inert: (shape, { laterDeadUnits }) => oneStepOrUnit(shape) || reluOn(shape, laterDeadUnits),
    seen: ["Eq. 26 of the lecture notes, read for matrices"],
    equations: <S>() => ({
      stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const { problem, trajectory, start, end, stateError, delta } = segment;
        const behind = t + 1 < end ? at(stateError, t + 1 - start) : at(delta, t + 1 - start);
        const [carried, derivative] = [A.empty(behind.shape), A.empty(behind.shape)];
        A.gemm(carried, behind, problem.parameters.Whh, "write");
        slope(A, derivative, segment, at(trajectory.states, t + 2));
        A.binary(op.multiply, carried, carried, derivative);
        join(A, at(stateError, t - start), carried, "accumulate");
      },
      sweep: carryingStateErrors(),
    }),
  },
  {
    name: "slope-of-the-step-before",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ (f′(u_t) ⊙ ∂J/∂h_{t+1})",
    right: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ (f′(u_{t+1}) ⊙ ∂J/∂h_{t+1})",
    inertWhen: "T = 1, or relu with the same units on at every step",
    inert: (shape, { changingUnits }) => oneStep(shape) || reluOn(shape, changingUnits),
    seen: ["the Jacobian of Pascanu, Mikolov and Bengio 2013, whose state is taken before the activation"],
    equations: <S>() => ({
      stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const { problem, trajectory, start, end, stateError, delta } = segment;
        const behind = t + 1 < end ? at(stateError, t + 1 - start) : at(delta, t + 1 - start);
        const slopes = A.empty(behind.shape);
        slope(A, slopes, segment, at(trajectory.states, t + 1));
        A.binary(op.multiply, slopes, slopes, behind);
        A.gemm(at(stateError, t - start), slopes, problem.parameters.Whh, "accumulate");
      },
      sweep: carryingStateErrors(),
    }),
  },
  {
    name: "jacobians-in-reverse-order",
    mistaken: "dh_t/dh_k = A_{k+1} ⋯ A_{t−1} A_t",
    right: "dh_t/dh_k = A_t A_{t−1} ⋯ A_{k+1}, A_t = diag(f′(u_t)) W_hh",
    inertWhen: "T ≤ 2, H = 1, or relu with the same units on at every step behind the first",
    inert: (shape, { laterChangingUnits }) =>
      oneStepOrUnit(shape) || shape.T === 2 || reluOn(shape, laterChangingUnits),
    seen: ["Eqs. 18 to 20 of the lecture notes, taken in the order of the index"],
    cost: (T) => T / 2,
    equations: <S>() => ({
      stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const { problem, trajectory, start, stateError } = segment;
        const { T } = dimensions(problem);
        A.scope(() => {
          const { stateError: direct } = directErrors(A, segment, t + 1, T);
          // Entry i of `terms` belongs to the loss of step t + 1 + i, and takes the Jacobians in turn that it has.
          const [terms, products] = [direct, A.empty(direct.shape)];
          const factors = A.empty(direct.shape.slice(1));
          for (let k = t + 1; k < T; k++) {
            const [having, product] = [terms, products].map((all) => slice(all, k - t - 1, T - t - 1));
            slope(A, factors, segment, at(trajectory.states, k + 1));
            A.binary(op.multiply, product, having, factors);
            A.gemm(rows(having), rows(product), problem.parameters.Whh, "write");
          }
          A.sum(reshape(at(stateError, t - start), [1, ...factors.shape]), terms, "accumulate");
        });
      },
    }),
  },
  {
    name: "earlier-steps-counted-again",
    mistaken: "∂J/∂h_k = Σ_{t≥k} (t − k + 1) Φ(t, k)ᵀ W_hyᵀ e_t",
    right: "∂J/∂h_k = Σ_{t≥k} Φ(t, k)ᵀ W_hyᵀ e_t",
    inertWhen: "T = 1",
    inert: oneStep,
    seen: ["Eqs. 13 and 14 of the lecture notes, with total derivatives on both sides"],
    cost: (T) => T / 2,
    equations: <S>() => ({
      stepBack(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const { start, stateError } = segment;
        bptt<S>().stepBack(A, segment, t);
        // δ_{t+1} has the terms of the steps behind counted t − k times: once more of each.
        A.scope(() => {
          const once = stateErrorUpTo(A, segment, t + 1, dimensions(segment.problem).T);
          const carried = A.empty(once.shape);
          slope(A, carried, segment, at(segment.trajectory.states, t + 2));
          A.binary(op.multiply, carried, carried, once);
          A.gemm(at(stateError, t - start), carried, segment.problem.parameters.Whh, "accumulate");
        });
      },
    }),
  },
  {
    name: "first-step-not-visited",
    mistaken: "e_1 = 0, δ_1 = 0",
    right: "e_t and δ_t for t = T to 1",
    inertWhen: "never",
    inert: () => false,
    seen: ["MyGrad pull request 7"],
    equations: <S>() => ({
      throughActivation(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        bptt<S>().throughActivation(A, segment, t);
        if (t > 0) return;
        zero(A, at(segment.delta, 0));
        if (segment.outputError) zero(A, at(segment.outputError, 0));
      },
    }),
  },
  {
    name: "last-step-not-visited",
    mistaken: "e_T = 0, δ_T = 0",
    right: "e_t and δ_t for t = T to 1",
    inertWhen: "never",
    inert: () => false,
    seen: ["MyGrad pull request 7"],
    equations: <S>() => ({
      throughReadout(A: Arithmetic<S>, segment: Segment<S>) {
        bptt<S>().throughReadout(A, segment);
        const { problem, start, end, outputError, stateError } = segment;
        if (end < dimensions(problem).T) return;
        zero(A, at(stateError, end - 1 - start));
        if (outputError) zero(A, at(outputError, end - 1 - start));
      },
    }),
  },
];

/** The sweep of a derivation whose step back reads ∂J/∂h_{t+1} where δ_{t+1} belongs: across segments too. */
function carryingStateErrors<S>() {
  return {
    ...bptt<S>().sweep,
    carry(A: Arithmetic<S>, carried: Segment<S>["delta"], { stateError }: Segment<S>) {
      A.copy(carried, at(stateError, 0));
    },
  };
}
