import { type Arithmetic, at, type Mode, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import { bptt, type Equations, type Segment } from "@gradproof/rnn";
import type { ProofShape } from "./proof-shape.ts";
import type { ProblemFacts } from "./uniform-problem.ts";

/** A wrong derivation of BPTT: the equations that it replaces, and when it cannot be told from the right one. */
export interface Mistake {
  readonly name: string;
  /** The formula as mistaken. */
  readonly mistaken: string;
  readonly right: string;
  /** Why the mistake changes nothing on a problem, if so. */
  readonly inert: (shape: ProofShape, facts: ProblemFacts) => boolean;
  readonly equations: <S>() => Partial<Equations<S>>;
}

const never = () => false;
const allUnitsOn = (shape: ProofShape, { deadUnits }: ProblemFacts) => shape.nonlinearity === "relu" && !deadUnits;
const noHiddenBias = (shape: ProofShape) => !shape.bxh && !shape.bhh;

/** Mistakes that people make in BPTT, each one or two equations replaced. */
export const mistakes: readonly Mistake[] = [
  {
    name: "recurrent-term-dropped",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t",
    right: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}",
    inert: ({ T }) => T === 1,
    equations: () => ({ stepBack: () => {} }),
  },
  {
    name: "recurrent-not-transposed",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t + W_hh δ_{t+1}",
    right: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}",
    inert: ({ H }) => H === 1,
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
    right: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}",
    inert: ({ T, nonlinearity }, { laterDeadUnits }) => T === 1 || (nonlinearity === "relu" && !laterDeadUnits),
    equations: () => ({
      stepBack(A, { problem, start, end, stateError, delta }, t) {
        const behind = t + 1 < end ? at(stateError, t + 1 - start) : at(delta, t + 1 - start);
        A.gemm(at(stateError, t - start), behind, problem.parameters.Whh, "accumulate");
      },
    }),
  },
  {
    name: "hidden-state-not-shifted",
    mistaken: "∂J/∂W_hh = Σ_t δ_t h_tᵀ",
    right: "∂J/∂W_hh = Σ_t δ_t h_{t−1}ᵀ",
    inert: never,
    equations: () => ({
      Whh(A, { trajectory, start, end, delta }, dWhh, mode) {
        outer(A, dWhh, slice(delta, 0, end - start), slice(trajectory.states, start + 1, end + 1), mode);
      },
    }),
  },
  {
    name: "weight-gradient-transposed",
    mistaken: "∂J/∂W_hh = Σ_t h_{t−1} δ_tᵀ",
    right: "∂J/∂W_hh = Σ_t δ_t h_{t−1}ᵀ",
    inert: ({ T, H, zeroState }) => H === 1 || (T === 1 && zeroState),
    equations: () => ({
      Whh(A, { trajectory, start, end, delta }, dWhh, mode) {
        outer(A, dWhh, slice(trajectory.states, start, end), slice(delta, 0, end - start), mode);
      },
    }),
  },
  {
    name: "first-step-skipped",
    mistaken: "∂J/∂W_hh = Σ_{t≥2} δ_t h_{t−1}ᵀ",
    right: "∂J/∂W_hh = Σ_{t≥1} δ_t h_{t−1}ᵀ",
    inert: ({ zeroState }) => zeroState,
    equations: () => ({
      Whh(A, { trajectory, start, end, delta }, dWhh, mode) {
        const from = start === 0 ? 1 : 0;
        outer(A, dWhh, slice(delta, from, end - start), slice(trajectory.states, start + from, end), mode);
      },
    }),
  },
  {
    name: "derivative-of-derivative",
    mistaken: "δ_t = (1 − f′(u_t)²) ⊙ ∂J/∂h_t",
    right: "δ_t = (1 − f(u_t)²) ⊙ ∂J/∂h_t",
    inert: never,
    equations: <S>() => ({
      throughActivation(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const delta = derivative(A, segment, t);
        A.unary("square", delta, delta);
        A.unary("oneMinus", delta, delta);
        A.binary("multiply", delta, delta, at(segment.stateError, t - segment.start));
      },
    }),
  },
  {
    name: "derivative-missing",
    mistaken: "δ_t = ∂J/∂h_t",
    right: "δ_t = f′(u_t) ⊙ ∂J/∂h_t",
    inert: allUnitsOn,
    equations: () => ({
      throughActivation(A, { start, stateError, delta }, t) {
        A.copy(at(delta, t - start), at(stateError, t - start));
      },
    }),
  },
  {
    name: "derivative-at-previous-state",
    mistaken: "δ_t = (1 − h_{t−1}²) ⊙ ∂J/∂h_t",
    right: "δ_t = (1 − h_t²) ⊙ ∂J/∂h_t",
    inert: ({ nonlinearity }) => nonlinearity === "relu",
    equations: <S>() => ({
      throughActivation(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const delta = at(segment.delta, t - segment.start);
        if (segment.problem.nonlinearity === "relu") return bptt<S>().throughActivation(A, segment, t);
        A.unary("square", delta, at(segment.trajectory.states, t));
        A.unary("oneMinus", delta, delta);
        A.binary("multiply", delta, delta, at(segment.stateError, t - segment.start));
      },
    }),
  },
  {
    name: "input-off-by-one",
    mistaken: "∂J/∂W_xh = Σ_t δ_t x_{t−1}ᵀ (x_1 for t = 1)",
    right: "∂J/∂W_xh = Σ_t δ_t x_tᵀ",
    inert: ({ T }) => T === 1,
    equations: () => ({
      Wxh(A, { problem, start, end, delta }, dWxh, mode) {
        const first = start === 0 ? 1 : 0;
        outer(A, dWxh, slice(delta, first, end - start), slice(problem.x, start + first - 1, end - 1), mode);
        if (first === 1) outer(A, dWxh, slice(delta, 0, 1), slice(problem.x, 0, 1), "accumulate");
      },
    }),
  },
  {
    name: "bias-from-state-error",
    mistaken: "∂J/∂b = Σ_t ∂J/∂h_t",
    right: "∂J/∂b = Σ_t δ_t",
    inert: (shape, facts) => noHiddenBias(shape) || allUnitsOn(shape, facts),
    equations: () => ({ bxh: sumOfStateErrors, bhh: sumOfStateErrors }),
  },
  {
    name: "first-sequence-only",
    mistaken: "∂J/∂W_xh = Σ_t δ_t x_tᵀ of the first sequence",
    right: "∂J/∂W_xh = Σ_t Σ_b δ_t x_tᵀ",
    inert: ({ B }) => B === 1,
    equations: () => ({
      Wxh(A, { problem, start, end, delta }, dWxh, mode) {
        for (let t = start; t < end; t++) {
          const [d, x] = [slice(at(delta, t - start), 0, 1), slice(at(problem.x, t), 0, 1)];
          A.gemm(dWxh, transpose(d), x, t === start ? mode : "accumulate");
        }
      },
    }),
  },
  {
    name: "last-step-loss-only",
    mistaken: "e_t = 0 for t < T",
    right: "e_t = ∂J/∂ŷ_t for every t",
    inert: (_shape, { earlyLoss }) => !earlyLoss,
    equations: <S>() => ({
      outputError(A: Arithmetic<S>, segment: Segment<S>) {
        bptt<S>().outputError(A, segment);
        const { outputError, start, end, problem } = segment;
        if (!outputError) return;
        const kept = end === problem.x.shape[0] ? end - start - 1 : end - start;
        A.copy(slice(outputError, 0, kept), A.ratio(0, 1));
      },
    }),
  },
  {
    name: "readout-uses-previous-state",
    mistaken: "∂J/∂W_hy = Σ_t e_t h_{t−1}ᵀ",
    right: "∂J/∂W_hy = Σ_t e_t h_tᵀ",
    inert: never,
    equations: () => ({
      Why(A, { trajectory, start, end, outputError }, dWhy, mode) {
        if (outputError) outer(A, dWhy, outputError, slice(trajectory.states, start, end), mode);
      },
    }),
  },
  {
    name: "mse-factor-2-missing",
    mistaken: "e_t = ŷ_t − y_t",
    right: "e_t = 2 (ŷ_t − y_t)",
    inert: ({ loss }) => loss !== "mse",
    equations: <S>() => ({
      outputError(A: Arithmetic<S>, segment: Segment<S>) {
        bptt<S>().outputError(A, segment);
        const { outputError, problem } = segment;
        if (outputError && problem.loss === "mse") A.binary("multiply", outputError, outputError, A.ratio(1, 2));
      },
    }),
  },
  {
    name: "initial-state-gradient-missing",
    mistaken: "∂J/∂h_0 = 0",
    right: "∂J/∂h_0 = W_hhᵀ δ_1",
    inert: never,
    equations: () => ({
      h0(A, _segment, dh0) {
        A.copy(dh0, A.ratio(0, 1));
      },
    }),
  },
];

/** out ← (out +) Σ over steps and sequences of a bᵀ, for a [L, B, M] and b [L, B, N]. */
function outer<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void {
  A.gemm(out, transpose(rows(a)), rows(b), mode);
}

function rows<S>(t: Tensor<S>): Tensor<S> {
  return reshape(t, [t.shape[0] * t.shape[1], t.shape[2]]);
}

/** δ_t ← f′(u_t), and returns it. */
function derivative<S>(A: Arithmetic<S>, { problem, trajectory, start, delta }: Segment<S>, t: number): Tensor<S> {
  const [out, h] = [at(delta, t - start), at(trajectory.states, t + 1)];
  if (problem.nonlinearity === "relu") {
    A.unary("step", out, h);
  } else {
    A.unary("square", out, h);
    A.unary("oneMinus", out, out);
  }
  return out;
}

function sumOfStateErrors<S>(A: Arithmetic<S>, { stateError }: Segment<S>, db: Tensor<S>, mode: Mode): void {
  A.reduce("sum", reshape(db, [1, db.shape[0]]), rows(stateError), mode);
}
