import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import {
  adjointSolve,
  backward,
  checkpointedBackward,
  expandedSum,
  type RnnGradient,
  type RnnProblem,
  realTimeRecurrentLearning,
  type Trajectory,
  truncatedToChunks,
  truncatedToWindow,
} from "@gradproof/rnn";

/** A gradient, or the part of it that a derivation gives. */
export type PartialGradient<S> = { readonly [name in keyof RnnGradient<unknown>]?: Tensor<S> | undefined };

/** One derivation of the RNN's gradient. */
export interface Road {
  readonly name: string;
  readonly source: string;
  /** Longest sequence that it is worth its cost for in a proof. */
  readonly longest: number;
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
    gradient: (A, problem, trajectory) => backward(A, problem, trajectory),
  },
  {
    name: "expanded sum",
    source: "the notes' Eq. 16, corrected; Pascanu, Mikolov and Bengio 2013",
    longest: 8,
    gradient: expandedSum,
  },
  {
    name: "real-time recurrent learning",
    source: "Williams and Zipser 1989",
    longest: 8,
    gradient: realTimeRecurrentLearning,
  },
  {
    name: "adjoint solve",
    source: "LeCun 1988",
    longest: 5,
    gradient: adjointSolve,
  },
  {
    name: "window as long as the sequence",
    source: "Williams and Peng 1990",
    longest: 8,
    gradient: (A, problem, trajectory) => truncatedToWindow(A, problem, trajectory, problem.x.shape[0]),
  },
  {
    name: "chunk as long as the sequence",
    source: "Williams and Peng 1990",
    longest: 12,
    gradient: (A, problem, trajectory) => truncatedToChunks(A, problem, trajectory, problem.x.shape[0]),
  },
  {
    name: "checkpointed back-propagation",
    source: "Griewank and Walther 2000",
    longest: 12,
    gradient: (A, problem) => checkpointedBackward(A, problem),
  },
];
