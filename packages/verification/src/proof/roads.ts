import { type Arithmetic, sizeOf, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  adjointSolve,
  backward,
  checkpointedBackward,
  expandedSum,
  lagContributions,
  type RnnGradient,
  type RnnProblem,
  realTimeRecurrentLearning,
  type Trajectory,
  truncatedToChunks,
  truncatedToWindow,
} from "@gradproof/rnn";
import type { ProofShape } from "../proof-shape.ts";
import { autodiffOf } from "./autodiff-of.ts";
import type { PartialGradient, RnnDerivation } from "./derivation.ts";

/** One derivation of the RNN's whole gradient. */
export interface Road {
  readonly name: string;
  readonly source: string;
  /** Longest sequence that it is worth its cost for in a proof. */
  readonly longest: number;
  /** What it does not give. */
  readonly lacks?: readonly (keyof RnnGradient<unknown>)[];
  /** Whether W_hhᵀ for W_hh changes nothing; where H = 1 unless given. */
  readonly inert?: (shape: ProofShape) => boolean;
  readonly gradient: <S>(
    A: Arithmetic<S>,
    problem: RnnProblem<Tensor<S>>,
    trajectory: Trajectory<S>,
  ) => PartialGradient<S>;
}

/** Every derivation of the whole gradient that `rnn` has, each of which must give what autodiff gives. */
export const roads: readonly Road[] = [
  {
    name: "back-propagation through time",
    source: "Rumelhart, Hinton and Williams 1986; Werbos 1990",
    longest: 12,
    gradient: (A, problem, trajectory) => ({ ...backward(A, problem, trajectory) }),
  },
  {
    name: "expanded sum",
    source: "the notes' Eq. 16, corrected; Pascanu, Mikolov and Bengio 2013",
    longest: 8,
    gradient: (A, problem, trajectory) => ({ ...expandedSum(A, problem, trajectory) }),
  },
  {
    name: "real-time recurrent learning",
    source: "Williams and Zipser 1989",
    longest: 8,
    lacks: ["x"],
    gradient: (A, problem, trajectory) => ({ ...realTimeRecurrentLearning(A, problem, trajectory) }),
  },
  {
    name: "adjoint solve",
    source: "LeCun 1988",
    longest: 5,
    gradient: (A, problem, trajectory) => ({ ...adjointSolve(A, problem, trajectory) }),
  },
  {
    name: "window as long as the sequence",
    source: "Williams and Peng 1990",
    longest: 8,
    gradient: (A, problem, trajectory) => ({ ...truncatedToWindow(A, problem, trajectory, problem.x.shape[0]) }),
  },
  {
    name: "chunk as long as the sequence",
    source: "Williams and Peng 1990",
    longest: 12,
    gradient: (A, problem, trajectory) => ({ ...truncatedToChunks(A, problem, trajectory, problem.x.shape[0]) }),
  },
  {
    name: "checkpointed back-propagation",
    source: "Griewank and Walther 2000",
    longest: 12,
    gradient: (A, problem) => ({ ...checkpointedBackward(A, problem) }),
  },
];

/** What errors d steps later contribute to ∂J/∂W_hh, summed over all lags d. */
export const sumOfLags: Road = {
  name: "contributions by lag",
  source: "the notes' Eq. 16, corrected",
  longest: 8,
  lacks: ["Wxh", "Why", "bxh", "bhh", "by", "h0", "x"],
  inert: ({ T, H, zeroState }) => H === 1 || T === 1 || (T === 2 && zeroState),
  gradient(A, problem, trajectory) {
    const { Whh } = problem.parameters;
    const sum = A.lift(new Float64Array(sizeOf(Whh.shape)), Whh.shape);
    for (const contribution of lagContributions(A, problem, trajectory)) A.binary(op.add, sum, sum, contribution);
    return { Whh: sum };
  },
};

/** A road as a derivation to be proven. */
export function alongRoad({
  name,
  source,
  longest,
  lacks = [],
  inert = ({ H }) => H === 1,
  gradient,
}: Road): RnnDerivation {
  return {
    name,
    source,
    mistake: "W_hhᵀ for W_hh",
    fit: (drawn) => ({ ...drawn, T: 1 + ((drawn.T - 1) % longest) }),
    sides: ({ A, shape, problem, trajectory }) => ({
      given: gradient(A, problem, trajectory),
      expected: {
        ...autodiffOf(A, problem).gradient,
        ...Object.fromEntries(lacks.map((name) => [name, undefined])),
      },
      control: () => gradient(A, withTransposed(A, problem), trajectory),
      inert: inert(shape),
    }),
  };
}

/** The problem with W_hhᵀ for W_hh. */
export function withTransposed<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): RnnProblem<Tensor<S>> {
  const Whh = A.empty(problem.parameters.Whh.shape);
  A.copy(Whh, transpose(problem.parameters.Whh));
  return { ...problem, parameters: { ...problem.parameters, Whh } };
}
