import { type Arithmetic, at, type Mode, reshape, reverse, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Trajectory } from "./forward.ts";
import { addStateCotangent, outputError } from "./loss.ts";
import { dimensions, type ParameterName, type RnnProblem } from "./problem.ts";
import { rows } from "./rows.ts";

/** What the equations read and write for the steps [start, end) of the sequence, L = end - start of them. */
export interface Segment<S> {
  readonly problem: RnnProblem<Tensor<S>>;
  readonly trajectory: Omit<Trajectory<S>, "loss">;
  readonly start: number;
  readonly end: number;
  /** e_t = ∂J/∂ŷ_t [L, B, O]; absent without a readout. */
  readonly outputError: Tensor<S> | undefined;
  /** ∂J/∂h_t [L, B, H] */
  readonly stateError: Tensor<S>;
  /** δ_t = ∂J/∂u_t [L + 1, B, H]; its last entry is δ of the step behind the segment. */
  readonly delta: Tensor<S>;
}

type SegmentEquation<S> = (A: Arithmetic<S>, segment: Segment<S>) => void;
type StepEquation<S> = (A: Arithmetic<S>, segment: Segment<S>, t: number) => void;
type GradientEquation<S> = (A: Arithmetic<S>, segment: Segment<S>, gradient: Tensor<S>, mode: Mode) => void;

/** How the equations are put together over the sequence. */
export interface Sweep<S> {
  /** The steps of [start, end) in the order in which (B3) and (B4) go through them. */
  readonly order: (start: number, end: number) => Iterable<number>;
  /** carried [B, H] ← what one segment hands to the one before it: δ of its first step. */
  readonly carry: (A: Arithmetic<S>, carried: Tensor<S>, segment: Segment<S>) => void;
  /** How a segment's part of a weight's gradient joins the parts before it. */
  readonly join: Mode;
}

/**
 * Back-propagation through time, equation by equation. A replacement of one or two of them is another derivation, right
 * or wrong: `{ ...bptt, stepBack }`.
 */
export interface Equations<S> extends Record<ParameterName | "h0" | "x", GradientEquation<S>> {
  readonly outputError: SegmentEquation<S>;
  readonly throughReadout: SegmentEquation<S>;
  readonly stepBack: StepEquation<S>;
  readonly throughActivation: StepEquation<S>;
  readonly sweep: Sweep<S>;
}

/**
 * The equations of BPTT (Rumelhart, Hinton and Williams 1986; Werbos 1990) for a batch whose rows are sequences, so that
 * a product W v reads v Wᵀ. Jacobians are laid out (∂a/∂b)_ij = ∂a_i/∂b_j.
 */
export function bptt<S>(): Equations<S> {
  return derivation as unknown as Equations<S>;
}

/** The same functions for every number system and at every call, so that a replacement of one shows. */
const derivation = equations<unknown>();

function equations<S>(): Equations<S> {
  return {
    // (B1)  e_t = ∂J/∂ŷ_t                                                         [L, B, O]
    outputError(A, { problem, trajectory, start, end, outputError: error }) {
      const { outputs, probabilities } = trajectory;
      if (error && outputs) outputError(A, error, problem, outputs, start, end, probabilities);
    },

    // (B2)  ∂J/∂h_t ← W_hyᵀ e_t        chain rule through the readout             [L, B, H]
    throughReadout(A, { problem, start, end, outputError: error, stateError }) {
      if (error && problem.parameters.Why) A.gemm(rows(stateError), rows(error), problem.parameters.Why, "write");
      else A.copy(stateError, A.ratio(0, 1));
      addStateCotangent(A, stateError, problem, start, end);
    },

    // (B3)  ∂J/∂h_t ← ∂J/∂h_t + W_hhᵀ δ_{t+1}        the step back in time        [B, H]
    stepBack(A, { problem, start, stateError, delta }, t) {
      A.gemm(at(stateError, t - start), at(delta, t + 1 - start), problem.parameters.Whh, "accumulate");
    },

    // (B4)  δ_t = f′(u_t) ⊙ ∂J/∂h_t        tanh′ = 1 − tanh², relu′ = [h > 0]     [B, H]
    throughActivation(A, { problem, trajectory, start, stateError, delta }, t) {
      const [h, deltaT] = [at(trajectory.states, t + 1), at(delta, t - start)];
      const dh = at(stateError, t - start);
      if (problem.nonlinearity === "tanh" && A.timesOneMinusSquare) {
        A.timesOneMinusSquare(deltaT, h, dh);
        return;
      }
      if (problem.nonlinearity === "tanh") {
        A.unary(op.square, deltaT, h);
        A.unary(op.oneMinus, deltaT, deltaT);
      } else {
        A.unary(op.step, deltaT, h);
      }
      A.binary(op.multiply, deltaT, deltaT, dh);
    },

    // (B5)  ∂J/∂W_hy = Σ_t e_t h_tᵀ                                               [O, H]
    Why(A, { trajectory, start, end, outputError: error }, dWhy, mode) {
      if (error) A.gemm(dWhy, transpose(rows(error)), rows(trajectory.states, start + 1, end + 1), mode);
    },

    // (B6)  ∂J/∂b_y = Σ_t e_t                                                     [O]
    by(A, { outputError: error }, dby, mode) {
      if (error) A.sum(reshape(dby, [1, dby.shape[0]]), rows(error), mode);
    },

    // (B7)  ∂J/∂W_hh = Σ_t δ_t h_{t−1}ᵀ                                           [H, H]
    Whh(A, { trajectory, start, end, delta }, dWhh, mode) {
      A.gemm(dWhh, transpose(rows(delta, 0, end - start)), rows(trajectory.states, start, end), mode);
    },

    // (B8)  ∂J/∂W_xh = Σ_t δ_t x_tᵀ                                               [H, I]
    Wxh(A, { problem, start, end, delta }, dWxh, mode) {
      A.gemm(dWxh, transpose(rows(delta, 0, end - start)), rows(problem.x, start, end), mode);
    },

    // (B9)  ∂J/∂b_xh = Σ_t δ_t                                                    [H]
    bxh: sumOfDeltas,

    // (B10) ∂J/∂b_hh = Σ_t δ_t                                                    [H]
    bhh: sumOfDeltas,

    // (B11) ∂J/∂x_t = W_xhᵀ δ_t                                                   [T, B, I]
    x(A, { problem, start, end, delta }, dx) {
      A.gemm(rows(dx, start, end), rows(delta, 0, end - start), problem.parameters.Wxh, "write");
    },

    // (B12) ∂J/∂h_0 = W_hhᵀ δ_1                                                   [B, H]
    h0(A, { problem, start, delta }, dh0) {
      if (start === 0) A.gemm(dh0, at(delta, 0), problem.parameters.Whh, "write");
    },

    // The latest step first; δ_t is carried back; a weight's gradient is the sum over all segments.
    sweep: {
      *order(start, end) {
        for (let t = end - 1; t >= start; t--) yield t;
      },
      carry(A, carried, { delta }) {
        A.copy(carried, at(delta, 0));
      },
      join: "accumulate",
    },
  };
}

/**
 * (B3) and (B4) of all steps of a segment in one call, for an arithmetic that has it; in its order of time, which is from
 * the end, the states are δ and the sums ∂J/∂h. At the last step of the sequence there is nothing to step back from.
 */
export function stepsBack<S>(A: Arithmetic<S>, segment: Segment<S>, T: number): void {
  const { problem, trajectory, start, end, stateError, delta } = segment;
  const isLast = end === T;
  if (isLast) derivation.throughActivation(A as Arithmetic<unknown>, segment as Segment<unknown>, end - 1);
  const last = isLast ? end - 1 : end;
  const slope = problem.nonlinearity === "tanh" ? "timesOneMinusSquare" : "timesStep";
  const steps = last - start;
  A.recurrence?.(
    slope,
    reverse(slice(delta, 0, steps + 1)),
    reverse(slice(stateError, 0, steps)),
    problem.parameters.Whh,
    reverse(slice(trajectory.states, start + 1, last + 1)),
  );
}

/** Whether (B3), (B4) and the order in which they go through the steps are those of {@link bptt}. */
export function hasStepsOfBptt<S>({ stepBack, throughActivation, sweep }: Equations<S>): boolean {
  const own = bptt<S>();
  return stepBack === own.stepBack && throughActivation === own.throughActivation && sweep.order === own.sweep.order;
}

function sumOfDeltas<S>(A: Arithmetic<S>, { start, end, delta }: Segment<S>, db: Tensor<S>, mode: Mode): void {
  A.sum(reshape(db, [1, db.shape[0]]), rows(delta, 0, end - start), mode);
}

/** Steps in a segment: enough for the products over a segment to be large, of order √T for the longest sequences. */
export function segmentLength(T: number): number {
  return Math.max(64, Math.ceil(Math.sqrt(T)));
}

/** The segments [start, end) of a sequence of T steps, the last first: the canonical order of every sum over time. */
export function segments(T: number): { readonly start: number; readonly end: number }[] {
  const length = segmentLength(T);
  const parts: { start: number; end: number }[] = [];
  for (let start = length * (Math.ceil(T / length) - 1); start >= 0; start -= length) {
    parts.push({ start, end: Math.min(start + length, T) });
  }
  return parts;
}

/** Dimensions of the problem that a segment's tensors have. */
export function segmentTensors<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, length: number) {
  const { B, H, O } = dimensions(problem);
  return {
    outputError: problem.parameters.Why && A.empty([length, B, O]),
    stateError: A.empty([length, B, H]),
    delta: A.empty([length + 1, B, H]),
  };
}
