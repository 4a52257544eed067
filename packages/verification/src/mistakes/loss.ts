import { type Arithmetic, reshape, slice, softmax, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type Equations, type RnnProblem, type Segment } from "@gradproof/rnn";
import type { ProofShape } from "../proof-shape.ts";
import type { Mistake } from "./mistake.ts";
import { divisorOf, scale, zero } from "./segment-parts.ts";

const rightEntropy = "e_t = softmax(ŷ_t) − onehot(y_t)";
const notEntropy = ({ loss }: ProofShape) => loss !== "cross_entropy";
const isSquared = ({ loss }: ProofShape) => loss === "mse" || loss === "half_squared_error";
const lengthsAveraged = ({ T, B, O, loss }: ProofShape) => T * B * (isSquared({ loss } as ProofShape) ? O : 1);

/** From the loss to the output, (B1): its derivative, its factor, the steps that it has. */
export const lossMistakes: readonly Mistake[] = [
  {
    name: "sign-flipped",
    mistaken: "e_t = −∂J/∂ŷ_t",
    right: "e_t = ∂J/∂ŷ_t",
    inertWhen: "never",
    inert: () => false,
    equations: <S>() => ({
      ...outputError<S>((A, error) => scale(A, error, -1, 1)),
      throughReadout(A: Arithmetic<S>, segment: Segment<S>) {
        bptt<S>().throughReadout(A, segment);
        flipStateCotangents(A, segment);
      },
    }),
  },
  {
    name: "last-step-loss-only",
    mistaken: "e_t = 0 for t < T",
    right: "e_t = ∂J/∂ŷ_t for every t",
    inertWhen: "only the last step counts in the loss",
    inert: (_shape, { earlyLoss }) => !earlyLoss,
    equations: () =>
      outputError((A, error, { problem, start, end }) => {
        zero(A, slice(error, 0, Math.min(end, dimensions(problem).T - 1) - start));
      }),
  },
  {
    name: "target-off-by-one",
    mistaken: "e_t = ∂J/∂ŷ_t with the target y_{t−1}, y_1 for y_0",
    right: "e_t = ∂J/∂ŷ_t with the target y_t",
    inertWhen: "T = 1, the loss is linear, or every class is that of the step before",
    inert: (shape, { changingClasses }) =>
      shape.T === 1 || shape.loss === "linear" || (shape.loss === "cross_entropy" && !changingClasses),
    equations: <S>() => ({
      outputError(A: Arithmetic<S>, segment: Segment<S>) {
        bptt<S>().outputError(A, { ...segment, problem: withEarlierTargets(A, segment.problem) });
      },
    }),
  },
  {
    name: "mse-factor-2",
    mistaken: "e_t = ŷ_t − y_t",
    right: "e_t = 2 (ŷ_t − y_t)",
    inertWhen: "the loss is not mse",
    inert: ({ loss }) => loss !== "mse",
    seen: ["markroxor/fromscratchtoml issue 65, of softmax"],
    equations: () =>
      outputError((A, error, { problem }) => {
        if (problem.loss === "mse") scale(A, error, 1, 2);
      }),
  },
  {
    name: "half-squared-error-factor-2",
    mistaken: "e_t = 2 (ŷ_t − y_t)",
    right: "e_t = ŷ_t − y_t",
    inertWhen: "the loss is not half the squared error",
    inert: ({ loss }) => loss !== "half_squared_error",
    equations: () =>
      outputError((A, error, { problem }) => {
        if (problem.loss === "half_squared_error") scale(A, error, 2, 1);
      }),
  },
  {
    name: "mean-as-sum",
    mistaken: "e_t = ∂(Σ_t J_t)/∂ŷ_t where J is the mean",
    right: "e_t = ∂J/∂ŷ_t, divided by T·B, for squared errors by T·B·O",
    inertWhen: "the reduction is sum, or there is one term",
    inert: (shape) => shape.reduction === "sum" || lengthsAveraged(shape) === 1,
    equations: () => outputError((A, error, segment) => scale(A, error, divisorOf(segment), 1)),
  },
  {
    name: "mean-divided-twice",
    mistaken: "e_t = ∂J/∂ŷ_t, divided by T·B once more (squared errors: T·B·O)",
    right: "e_t = ∂J/∂ŷ_t",
    inertWhen: "the reduction is sum, or there is one term",
    inert: (shape) => shape.reduction === "sum" || lengthsAveraged(shape) === 1,
    seen: ["d2l-en pull request 1000"],
    equations: () => outputError((A, error, segment) => scale(A, error, 1, divisorOf(segment))),
  },
  {
    name: "steps-not-averaged",
    mistaken: "e_t = T ∂J/∂ŷ_t where J is the mean",
    right: "e_t = ∂J/∂ŷ_t",
    inertWhen: "the reduction is sum, or T = 1",
    inert: ({ reduction, T }) => reduction === "sum" || T === 1,
    equations: () => ofMean(({ T }) => [T, 1]),
  },
  {
    name: "sequences-not-averaged",
    mistaken: "e_t = B ∂J/∂ŷ_t where J is the mean",
    right: "e_t = ∂J/∂ŷ_t",
    inertWhen: "the reduction is sum, or B = 1",
    inert: ({ reduction, B }) => reduction === "sum" || B === 1,
    seen: ["mistnet issue 33"],
    equations: () => ofMean(({ B }) => [B, 1]),
  },
  {
    name: "outputs-not-averaged",
    mistaken: "e_t = O ∂J/∂ŷ_t where J is the mean of squared errors",
    right: "e_t = ∂J/∂ŷ_t, divided by T·B·O",
    inertWhen: "the reduction is sum, the loss is no squared error, or O = 1",
    inert: (shape) => shape.reduction === "sum" || !isSquared(shape) || shape.O === 1,
    seen: ["victorlempitsky/Mate issue 2"],
    equations: () => ofMean(({ O, squared }) => [squared ? O : 1, 1]),
  },
  {
    name: "classes-averaged",
    mistaken: "e_t = ∂J/∂ŷ_t / O where J is the mean cross entropy",
    right: "e_t = ∂J/∂ŷ_t, divided by T·B",
    inertWhen: "the reduction is sum, or the loss is not cross entropy",
    inert: (shape) => shape.reduction === "sum" || notEntropy(shape),
    seen: ["victorlempitsky/Mate issue 2"],
    equations: () => ofMean(({ O, squared }) => [1, squared ? 1 : O]),
  },
  {
    name: "sum-as-mean",
    mistaken: "e_t = ∂J/∂ŷ_t / (T·B) where J is the sum",
    right: "e_t = ∂J/∂ŷ_t",
    inertWhen: "the reduction is mean, or T·B = 1",
    inert: ({ reduction, T, B }) => reduction === "mean" || T * B === 1,
    seen: ["paiml/aprender pull request 2182"],
    equations: () =>
      outputError((A, error, { problem }) => {
        const { T, B } = dimensions(problem);
        if (problem.reduction === "sum") scale(A, error, 1, T * B);
      }),
  },
  {
    name: "ce-target-not-subtracted",
    mistaken: "e_t = softmax(ŷ_t)",
    right: rightEntropy,
    inertWhen: "the loss is not cross entropy",
    inert: notEntropy,
    equations: () => ofProbabilities((A, error, probabilities) => A.copy(error, probabilities)),
  },
  {
    name: "ce-of-logits",
    mistaken: "e_t = ŷ_t − onehot(y_t)",
    right: rightEntropy,
    inertWhen: "the loss is not cross entropy",
    inert: notEntropy,
    equations: () =>
      ofProbabilities((A, error, probabilities, outputs) => {
        A.binary(op.subtract, error, error, probabilities);
        A.binary(op.add, error, error, outputs);
      }),
  },
  {
    name: "softmax-applied-twice",
    mistaken: "e_t = softmax(softmax(ŷ_t)) − onehot(y_t)",
    right: rightEntropy,
    inertWhen: "the loss is not cross entropy",
    inert: notEntropy,
    seen: ["arthurdouillard/deepcourse pull request 9"],
    equations: () =>
      ofProbabilities((A, error, probabilities) => {
        A.binary(op.subtract, error, error, probabilities);
        softmax(A, probabilities, probabilities);
        A.binary(op.add, error, error, probabilities);
      }),
  },
  {
    name: "softmax-slope-of-sigmoid",
    mistaken: "e_t = p_t ⊙ (1 − p_t) ⊙ (p_t − onehot(y_t)), p_t = softmax(ŷ_t)",
    right: rightEntropy,
    inertWhen: "the loss is not cross entropy",
    inert: notEntropy,
    equations: () =>
      ofProbabilities((A, error, probabilities) => {
        A.binary(op.multiply, error, error, probabilities);
        A.unary(op.oneMinus, probabilities, probabilities);
        A.binary(op.multiply, error, error, probabilities);
      }),
  },
  {
    name: "readout-taken-for-tanh",
    mistaken: "e_t = (1 − ŷ_t²) ⊙ ∂J/∂ŷ_t",
    right: "e_t = ∂J/∂ŷ_t",
    inertWhen: "never",
    inert: () => false,
    equations: () =>
      outputError((A, error, { trajectory, start, end }) => {
        if (!trajectory.outputs) return;
        const slopes = A.empty(error.shape);
        A.unary(op.square, slopes, slice(trajectory.outputs, start, end));
        A.unary(op.oneMinus, slopes, slopes);
        A.binary(op.multiply, error, error, slopes);
      }),
  },
  {
    name: "state-cotangents-ignored",
    mistaken: "∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1} where J depends on h_t itself",
    right: "∂J/∂h_t = ∂⁺J/∂h_t + W_hyᵀ e_t + W_hhᵀ δ_{t+1}",
    inertWhen: "the loss is a function of the outputs",
    inert: ({ loss }) => loss !== "linear",
    seen: ["deeplearning4j issue 8838", "chainer pull request 8037"],
    equations: <S>() => ({
      throughReadout(A: Arithmetic<S>, segment: Segment<S>) {
        const { problem } = segment;
        if (problem.loss !== "linear") return bptt<S>().throughReadout(A, segment);
        const target = { outputs: problem.target.outputs };
        bptt<S>().throughReadout(A, { ...segment, problem: { ...problem, target } });
      },
    }),
  },
  {
    name: "final-state-cotangent-ignored",
    mistaken: "∂J/∂h_T = W_hyᵀ e_T where J depends on h_T itself",
    right: "∂J/∂h_T = ∂⁺J/∂h_T + W_hyᵀ e_T",
    inertWhen: "the loss is a function of the outputs",
    inert: ({ loss }) => loss !== "linear",
    seen: ["deeplearning4j issue 8838", "chainer pull request 8037"],
    equations: <S>() => ({
      throughReadout(A: Arithmetic<S>, segment: Segment<S>) {
        bptt<S>().throughReadout(A, segment);
        const { problem, start, end, outputError: error, stateError } = segment;
        const last = end - 1 - start;
        if (end < dimensions(problem).T || problem.loss !== "linear" || !problem.target.states) return;
        const state = reshape(slice(stateError, last, last + 1), stateError.shape.slice(1));
        if (!error || !problem.parameters.Why) return zero(A, state);
        A.gemm(state, reshape(slice(error, last, last + 1), error.shape.slice(1)), problem.parameters.Why, "write");
      },
    }),
  },
];

type ErrorChange<S> = (A: Arithmetic<S>, error: Tensor<S>, segment: Segment<S>) => void;

/** e_t [L, B, O] as it should be, then changed. */
export function outputError<S>(change: ErrorChange<S>): Pick<Equations<S>, "outputError"> {
  return {
    outputError(A, segment) {
      bptt<S>().outputError(A, segment);
      if (segment.outputError) change(A, segment.outputError, segment);
    },
  };
}

interface MeanSizes {
  readonly T: number;
  readonly B: number;
  readonly O: number;
  readonly squared: boolean;
}

/** e_t times a ratio where J is a mean. */
function ofMean<S>(ratio: (sizes: MeanSizes) => readonly [numerator: number, denominator: number]) {
  return outputError<S>((A, error, { problem }) => {
    if (problem.reduction === "sum") return;
    const squared = problem.loss !== "cross_entropy";
    scale(A, error, ...ratio({ ...dimensions(problem), squared }));
  });
}

type EntropyChange<S> = (A: Arithmetic<S>, error: Tensor<S>, probabilities: Tensor<S>, outputs: Tensor<S>) => void;

/** e_t of cross entropy changed, before the mask and the mean: error is softmax(ŷ_t) − onehot(y_t). */
function ofProbabilities<S>(change: EntropyChange<S>): Pick<Equations<S>, "outputError"> {
  return {
    outputError(A, segment) {
      const { problem, trajectory, start, end, outputError: error } = segment;
      if (problem.loss !== "cross_entropy" || !error || !trajectory.outputs) return bptt<S>().outputError(A, segment);
      bptt<S>().outputError(A, { ...segment, problem: { ...problem, reduction: "sum", mask: undefined } });
      const outputs = slice(trajectory.outputs, start, end);
      const probabilities = A.empty(error.shape);
      softmax(A, probabilities, outputs);
      change(A, error, probabilities, outputs);
      scale(A, error, 1, divisorOf(segment));
      if (!problem.mask) return;
      const weights = reshape(slice(problem.mask, start, end), [...error.shape.slice(0, 2), 1]);
      A.binary(op.multiply, error, error, weights);
    },
  };
}

/** The problem with every target that of the step before, the first its own. */
function withEarlierTargets<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): RnnProblem<Tensor<S>> {
  const { T, B } = dimensions(problem);
  if (problem.loss === "linear") return problem;
  if (problem.loss === "cross_entropy") {
    const target = problem.target.map((label, row) => (row < B ? label : problem.target[row - B]));
    return { ...problem, target };
  }
  const target = A.empty(problem.target.shape);
  A.copy(slice(target, 0, 1), slice(problem.target, 0, 1));
  if (T > 1) A.copy(slice(target, 1, T), slice(problem.target, 0, T - 1));
  return { ...problem, target };
}

/** ∂J/∂h_t of a loss that depends on the states has the other sign there too. */
function flipStateCotangents<S>(A: Arithmetic<S>, { problem, start, end, stateError }: Segment<S>): void {
  if (problem.loss !== "linear" || !problem.target.states) return;
  const cotangent = A.empty(stateError.shape);
  A.copy(cotangent, slice(problem.target.states, start, end));
  scale(A, cotangent, -2, 1);
  if (problem.mask) {
    const weights = reshape(slice(problem.mask, start, end), [...stateError.shape.slice(0, 2), 1]);
    A.binary(op.multiply, cotangent, cotangent, weights);
  }
  A.binary(op.add, stateError, stateError, cotangent);
}
