import { type Arithmetic, at, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  type Activation,
  backward,
  bptt,
  dimensions,
  type Equations,
  forward,
  type RnnGradient,
  type RnnProblem,
  type Trajectory,
} from "@gradproof/rnn";

/** Which relu units are on: 1 or 0 for each step, sequence and unit [T, B, H], row-major. */
export type Branches = Uint8Array;

/** One evaluation of the derivation. */
export interface Evaluation<S> {
  readonly trajectory: Trajectory<S>;
  readonly gradient: RnnGradient<Tensor<S>>;
}

/** Runs forward and BPTT; under relu with the branch of every unit given, if it is, instead of read off its sign. */
export function evaluate<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  branches?: Branches,
  equations: Equations<S> = bptt<S>(),
): Evaluation<S> {
  if (!branches) {
    const trajectory = forward(A, problem);
    return { trajectory, gradient: backward(A, problem, trajectory, equations) };
  }
  const { T, B, H } = dimensions(problem);
  const on = A.lift(branches, [T, B, H]);
  const activate: Activation<S> = (_A, h, u, t) => A.binary(op.multiply, h, u, at(on, t));
  const trajectory = forward(A, problem, activate);
  const forced: Equations<S> = {
    ...equations,
    throughActivation(_A, { start, stateError, delta }, t) {
      A.binary(op.multiply, at(delta, t - start), at(stateError, t - start), at(on, t));
    },
  };
  return { trajectory, gradient: backward(A, problem, trajectory, forced) };
}

/** The branches that the signs of u_t [T, B, H] choose; relu'(0) = 0. */
export function branchesOf(preactivations: Float64Array): Branches {
  return Uint8Array.from(preactivations, (u) => (u > 0 ? 1 : 0));
}
