import { type Arithmetic, random, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  type RnnGradient,
  type RnnProblem,
  type Trajectory,
  truncatedToChunks,
  truncatedToWindow,
} from "@gradproof/rnn";
import type { RnnDerivation } from "./derivation.ts";
import { chunks, type Piece, stoppedGradient, windows } from "./stopped-gradient.ts";

type Truncated = <S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  h: number,
) => RnnGradient<Tensor<S>>;

/** Truncation to h steps, 1 <= h <= T + 1, is the gradient of the loss whose history is stopped there; not the whole one. */
function truncated(name: string, gradient: Truncated, cut: (T: number, h: number) => Piece[]): RnnDerivation {
  return {
    name,
    source: "Williams and Peng 1990",
    mistake: "nothing is cut off",
    fit: (drawn) => ({ ...drawn, T: 1 + ((drawn.T - 1) % 6) }),
    sides({ A, shape, problem, trajectory, seed }) {
      const h = random(seed).integer(1, shape.T + 1);
      return {
        given: { ...gradient(A, problem, trajectory, h) },
        expected: { ...stoppedGradient(A, problem, cut(shape.T, h)) },
        control: () => ({ ...backward(A, problem, trajectory) }),
        inert: h >= shape.T,
      };
    },
  };
}

export const truncations: readonly RnnDerivation[] = [
  truncated("window of h steps", truncatedToWindow, windows),
  truncated("chunks of h steps", truncatedToChunks, chunks),
];
