import type { NumericArray, RnnProblem } from "@gradproof/rnn";

/** Gradients of the parameters by their names, row-major. */
export type Gradients = Readonly<Record<string, ArrayLike<number>>>;

/** A problem made ready in somebody's library. */
export interface Prepared {
  /** One training step, forward and backward. A number that it answers is its milliseconds by the contender's own clock. */
  step(): unknown;
  /** The gradient of the mean loss that a step computes. */
  gradient(): Promise<Gradients> | Gradients;
  close?(): void;
}

/** Somebody's way to compute a training step of the vanilla RNN. */
export interface Contender {
  readonly name: string;
  /** What a quick look leaves out. */
  readonly slow?: boolean;
  /** Shapes, by name, on which it is not timed: it has no way to compute them, or is known to be far too slow. */
  readonly leavesOut?: readonly string[];
  prepare(problem: RnnProblem<NumericArray>): Promise<Prepared> | Prepared;
}
