import { type Arithmetic, at, type Mode, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type Equations, type ParameterName, parameterNames, type Segment } from "@gradproof/rnn";
import type { ProblemFacts } from "../problem-facts.ts";
import type { ProofShape } from "../proof-shape.ts";
import type { Mistake } from "./mistake.ts";
import {
  deltasOf,
  directErrors,
  inputsOf,
  join,
  outer,
  previousStatesOf,
  scale,
  slope,
  statesOf,
  zero,
} from "./segment-parts.ts";

const rightWhh = "∂J/∂W_hh = Σ_t δ_t h_{t−1}ᵀ";
const rightWxh = "∂J/∂W_xh = Σ_t δ_t x_tᵀ";
const rightWhy = "∂J/∂W_hy = Σ_t e_t h_tᵀ";
const never = () => false;
const oneStep = ({ T }: ProofShape) => T === 1;
const oneSequence = ({ B }: ProofShape) => B === 1;
/** ∂J/∂W_hh is 0: one step from a zero state. */
const noRecurrence = ({ T, zeroState }: ProofShape) => T === 1 && zeroState;
/** What an earlier step adds to ∂J/∂W_hh is 0. */
const onlyLastLag = ({ T, zeroState }: ProofShape) => T === 1 || (T === 2 && zeroState);
const reluOn = ({ nonlinearity }: ProofShape, dead: boolean) => nonlinearity === "relu" && !dead;
const allUnitsOn = (shape: ProofShape, { deadUnits }: ProblemFacts) => reluOn(shape, deadUnits);

/** The gradients of the weights, (B5), (B7) and (B8): which errors meet which states, and how they are added up. */
export const weightMistakes: readonly Mistake[] = [
  {
    name: "hidden-state-not-shifted",
    mistaken: "∂J/∂W_hh = Σ_t δ_t h_tᵀ",
    right: rightWhh,
    inertWhen: "never",
    inert: never,
    equations: () => ({
      Whh: (A, segment, dWhh, mode) => outer(A, dWhh, deltasOf(segment), statesOf(segment), mode),
    }),
  },
  {
    name: "weight-gradient-transposed",
    mistaken: "∂J/∂W_hh = Σ_t h_{t−1} δ_tᵀ",
    right: rightWhh,
    inertWhen: "H = 1, or T = 1 and h_0 = 0",
    inert: (shape) => shape.H === 1 || noRecurrence(shape),
    equations: () => ({
      Whh: (A, segment, dWhh, mode) => outer(A, dWhh, previousStatesOf(segment), deltasOf(segment), mode),
    }),
  },
  {
    name: "first-step-skipped",
    mistaken: "∂J/∂W_hh = Σ_{t≥2} δ_t h_{t−1}ᵀ",
    right: rightWhh,
    inertWhen: "h_0 = 0",
    inert: ({ zeroState }) => zeroState,
    equations: () => ({
      Whh(A, segment, dWhh, mode) {
        const from = segment.start === 0 ? 1 : 0;
        outer(A, dWhh, later(deltasOf(segment), from), later(previousStatesOf(segment), from), mode);
      },
    }),
  },
  {
    name: "initial-state-wraps-around",
    mistaken: "∂J/∂W_hh = Σ_t δ_t h_{t−1}ᵀ with h_T for h_0",
    right: rightWhh,
    inertWhen: "never",
    inert: never,
    equations: () => ({
      Whh(A, segment, dWhh, mode) {
        if (segment.start > 0) return outer(A, dWhh, deltasOf(segment), previousStatesOf(segment), mode);
        outer(A, dWhh, later(deltasOf(segment), 1), later(previousStatesOf(segment), 1), mode);
        const last = at(segment.trajectory.states, dimensions(segment.problem).T);
        A.gemm(dWhh, transpose(at(segment.delta, 0)), last, "accumulate");
      },
    }),
  },
  {
    name: "immediate-partial-only",
    mistaken: "∂J/∂W_hh = Σ_t (f′(u_t) ⊙ W_hyᵀ e_t) h_{t−1}ᵀ",
    right: rightWhh,
    inertWhen: "T = 1, or T = 2 and h_0 = 0",
    inert: onlyLastLag,
    seen: ["d2l-en issue 2616", "Eqs. 15 and 16 of the lecture notes"],
    equations: () => ({
      Whh(A, segment, dWhh, mode) {
        const own = directErrors(A, segment, segment.start, segment.end);
        slope(A, deltasOf(own), segment, statesOf(segment));
        A.binary(op.multiply, deltasOf(own), deltasOf(own), own.stateError);
        outer(A, dWhh, deltasOf(own), previousStatesOf(segment), mode);
      },
    }),
  },
  {
    name: "delta-off-by-one",
    mistaken: "∂J/∂W_hh = Σ_t δ_{t+1} h_{t−1}ᵀ",
    right: rightWhh,
    inertWhen: "T = 1 and h_0 = 0",
    inert: noRecurrence,
    equations: () => ({
      Whh(A, segment, dWhh, mode) {
        const { problem, start, end, delta } = segment;
        // Behind the last step there is no δ.
        const steps = end === dimensions(problem).T ? end - start - 1 : end - start;
        outer(A, dWhh, slice(delta, 1, 1 + steps), slice(previousStatesOf(segment), 0, steps), mode);
      },
    }),
  },
  {
    name: "recurrent-weights-from-state-error",
    mistaken: "∂J/∂W_hh = Σ_t ∂J/∂h_t h_{t−1}ᵀ",
    right: rightWhh,
    inertWhen: "relu with every unit on (at the first step any, if h_0 = 0), or T = 1 and h_0 = 0",
    inert: (shape, { deadUnits, laterDeadUnits }) =>
      noRecurrence(shape) || reluOn(shape, shape.zeroState ? laterDeadUnits : deadUnits),
    equations: () => ({
      Whh: (A, segment, dWhh, mode) => outer(A, dWhh, segment.stateError, previousStatesOf(segment), mode),
    }),
  },
  {
    name: "recurrent-weights-from-preactivation",
    mistaken: "∂J/∂W_hh = Σ_t δ_t u_{t−1}ᵀ with h_0 for u_0",
    right: rightWhh,
    inertWhen: "T = 1, or relu with every unit on before the last step",
    inert: (shape, { earlierDeadUnits }) => oneStep(shape) || reluOn(shape, earlierDeadUnits),
    equations: () => ({
      Whh(A, segment, dWhh, mode) {
        const { trajectory, start, end, delta } = segment;
        const from = start === 0 ? 1 : 0;
        const before = slice(trajectory.preactivations, start + from - 1, end - 1);
        outer(A, dWhh, later(deltasOf(segment), from), before, mode);
        if (from === 1) A.gemm(dWhh, transpose(at(delta, 0)), at(trajectory.states, 0), "accumulate");
      },
    }),
  },
  {
    name: "recurrent-weights-counted-twice",
    mistaken: "∂J/∂W_hh = 2 Σ_t δ_t h_{t−1}ᵀ",
    right: rightWhh,
    inertWhen: "T = 1 and h_0 = 0",
    inert: noRecurrence,
    equations: () => scaled(["Whh"], () => [2, 1]),
  },
  {
    name: "recurrent-weights-overwritten",
    mistaken: "∂J/∂W_hh = δ_1 h_0ᵀ",
    right: rightWhh,
    inertWhen: "T = 1",
    inert: oneStep,
    seen: ["mlpack pull request 1742"],
    equations: () => ({
      Whh: (A, { trajectory, start, delta }, dWhh) => {
        if (start === 0) A.gemm(dWhh, transpose(at(delta, 0)), at(trajectory.states, 0), "write");
      },
    }),
  },
  {
    name: "recurrent-weights-of-last-step",
    mistaken: "∂J/∂W_hh = δ_T h_{T−1}ᵀ",
    right: rightWhh,
    inertWhen: "T = 1, or T = 2 and h_0 = 0",
    inert: onlyLastLag,
    seen: ["mxnet issue 4057"],
    equations: () => ({
      Whh(A, { problem, trajectory, start, end, delta }, dWhh) {
        const { T } = dimensions(problem);
        if (end === T) A.gemm(dWhh, transpose(at(delta, T - 1 - start)), at(trajectory.states, T - 1), "write");
      },
    }),
  },
  {
    name: "input-off-by-one",
    mistaken: "∂J/∂W_xh = Σ_t δ_t x_{t−1}ᵀ with x_1 for x_0",
    right: rightWxh,
    inertWhen: "T = 1, or the input is constant",
    inert: oneStep,
    equations: () => ({
      Wxh(A, segment, dWxh, mode) {
        const { problem, start, end, delta } = segment;
        const first = start === 0 ? 1 : 0;
        outer(A, dWxh, later(deltasOf(segment), first), slice(problem.x, start + first - 1, end - 1), mode);
        if (first === 1) A.gemm(dWxh, transpose(at(delta, 0)), at(problem.x, 0), "accumulate");
      },
    }),
  },
  {
    name: "input-weights-from-state-error",
    mistaken: "∂J/∂W_xh = Σ_t ∂J/∂h_t x_tᵀ",
    right: rightWxh,
    inertWhen: "relu with every unit on",
    inert: allUnitsOn,
    equations: () => ({
      Wxh: (A, segment, dWxh, mode) => outer(A, dWxh, segment.stateError, inputsOf(segment), mode),
    }),
  },
  {
    name: "input-weights-overwritten",
    mistaken: "∂J/∂W_xh = δ_1 x_1ᵀ",
    right: rightWxh,
    inertWhen: "T = 1",
    inert: oneStep,
    seen: ["mlpack pull request 1742"],
    equations: () => ({
      Wxh(A, { problem, start, delta }, dWxh) {
        if (start === 0) A.gemm(dWxh, transpose(at(delta, 0)), at(problem.x, 0), "write");
      },
    }),
  },
  {
    name: "first-sequence-only",
    mistaken: "∂J/∂W_xh = Σ_t δ_t x_tᵀ of the first sequence",
    right: "∂J/∂W_xh = Σ_t Σ_b δ_t x_tᵀ",
    inertWhen: "B = 1",
    inert: oneSequence,
    equations: () => ({
      Wxh: (A, segment, dWxh, mode) => outerOfFirst(A, dWxh, deltasOf(segment), inputsOf(segment), mode),
    }),
  },
  {
    name: "batch-not-summed",
    mistaken: "∂J/∂θ of the first sequence for every weight and bias",
    right: "∂J/∂θ = Σ_b of all sequences",
    inertWhen: "B = 1",
    inert: oneSequence,
    equations: () => ({
      Wxh: (A, segment, out, mode) => outerOfFirst(A, out, deltasOf(segment), inputsOf(segment), mode),
      Whh: (A, segment, out, mode) => outerOfFirst(A, out, deltasOf(segment), previousStatesOf(segment), mode),
      Why(A, segment, out, mode) {
        if (segment.outputError) outerOfFirst(A, out, segment.outputError, statesOf(segment), mode);
      },
      bxh: (A, segment, out, mode) => sumOfFirst(A, out, deltasOf(segment), mode),
      bhh: (A, segment, out, mode) => sumOfFirst(A, out, deltasOf(segment), mode),
      by(A, { outputError }, out, mode) {
        if (outputError) sumOfFirst(A, out, outputError, mode);
      },
    }),
  },
  {
    name: "batch-summed-before-product",
    mistaken: "∂J/∂W_xh = Σ_t (Σ_b δ_t) (Σ_b x_t)ᵀ",
    right: "∂J/∂W_xh = Σ_t Σ_b δ_t x_tᵀ",
    inertWhen: "B = 1",
    inert: oneSequence,
    equations: () => ({
      Wxh: (A, segment, dWxh, mode) =>
        outer(A, dWxh, summedOverBatch(A, deltasOf(segment)), summedOverBatch(A, inputsOf(segment)), mode),
    }),
  },
  {
    name: "averaged-over-batch",
    mistaken: "∂J/∂θ = 1/B Σ_b for every weight and bias",
    right: "∂J/∂θ = Σ_b",
    inertWhen: "B = 1",
    inert: oneSequence,
    seen: ["swift-apis pull request 42"],
    equations: () => scaled(parameterNames, ({ B }) => [1, B]),
  },
  {
    name: "averaged-over-time",
    mistaken: "∂J/∂W = 1/T Σ_t for every weight, ∂J/∂x_t = 1/T W_xhᵀ δ_t",
    right: "∂J/∂W = Σ_t for every weight, ∂J/∂x_t = W_xhᵀ δ_t",
    inertWhen: "T = 1",
    inert: oneStep,
    equations: <S>() => ({
      ...scaled<S>(["Wxh", "Whh", "Why"], ({ T }) => [1, T]),
      x(A: Arithmetic<S>, segment: Segment<S>, dx: Tensor<S>, mode: Mode) {
        bptt<S>().x(A, segment, dx, mode);
        scale(A, slice(dx, segment.start, segment.end), 1, dimensions(segment.problem).T);
      },
    }),
  },
  {
    name: "readout-uses-previous-state",
    mistaken: "∂J/∂W_hy = Σ_t e_t h_{t−1}ᵀ",
    right: rightWhy,
    inertWhen: "never",
    inert: never,
    equations: () => ({
      Why(A, segment, dWhy, mode) {
        if (segment.outputError) outer(A, dWhy, segment.outputError, previousStatesOf(segment), mode);
      },
    }),
  },
  {
    name: "readout-uses-preactivation",
    mistaken: "∂J/∂W_hy = Σ_t e_t u_tᵀ",
    right: rightWhy,
    inertWhen: "relu with every unit on where the loss counts",
    inert: (shape, { countedDeadUnits }) => reluOn(shape, countedDeadUnits),
    equations: () => ({
      Why(A, { trajectory, start, end, outputError }, dWhy, mode) {
        if (outputError) outer(A, dWhy, outputError, slice(trajectory.preactivations, start, end), mode);
      },
    }),
  },
  {
    name: "readout-weights-overwritten",
    mistaken: "∂J/∂W_hy = e_1 h_1ᵀ",
    right: rightWhy,
    inertWhen: "T = 1",
    inert: oneStep,
    equations: () => ({
      Why(A, { trajectory, start, outputError }, dWhy) {
        if (start === 0 && outputError) {
          A.gemm(dWhy, transpose(at(outputError, 0)), at(trajectory.states, 1), "write");
        }
      },
    }),
  },
  {
    name: "readout-weights-of-last-step",
    mistaken: "∂J/∂W_hy = e_T h_Tᵀ",
    right: rightWhy,
    inertWhen: "only the last step counts in the loss",
    inert: (_shape, { earlyLoss }) => !earlyLoss,
    equations: () => ({
      Why(A, { problem, trajectory, start, end, outputError }, dWhy) {
        const { T } = dimensions(problem);
        if (end < T || !outputError) return;
        A.gemm(dWhy, transpose(at(outputError, T - 1 - start)), at(trajectory.states, T), "write");
      },
    }),
  },
];

/** The entries [from, L) of [L, ...]; none may be left. */
function later<S>(t: Tensor<S>, from: number): Tensor<S> {
  return slice(t, from, t.shape[0]);
}

/** Σ_t a bᵀ of the first sequence alone. */
function outerOfFirst<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void {
  A.gemm(out, transpose(at(a, 0, 1)), at(b, 0, 1), mode);
}

function sumOfFirst<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, mode: Mode): void {
  A.sum(reshape(out, [1, out.shape[0]]), at(a, 0, 1), mode);
}

function summedOverBatch<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  const sums = A.empty([t.shape[0], 1, t.shape[2]]);
  A.sum(sums, t, "write");
  return sums;
}

/** The gradients of those parameters times a ratio. */
function scaled<S>(
  names: readonly ParameterName[],
  ratio: (sizes: { readonly T: number; readonly B: number }) => readonly [numerator: number, denominator: number],
): Partial<Equations<S>> {
  const right = bptt<S>();
  return Object.fromEntries(
    names.map((name) => [
      name,
      (A: Arithmetic<S>, segment: Segment<S>, out: Tensor<S>, mode: Mode) => {
        const part = A.empty(out.shape);
        zero(A, part);
        right[name](A, segment, part, "write");
        scale(A, part, ...ratio(dimensions(segment.problem)));
        join(A, out, part, mode);
      },
    ]),
  );
}
