import type { Random } from "@gradproof/arithmetic";
import { type Batch, collate, type Sequence, type SequenceShape } from "./batch.ts";
import { randomStream } from "./random-stream.ts";

/** Something to learn: where batches come from, and what the loss is worth. */
export interface Task extends SequenceShape {
  readonly name: string;
  /** What it was published as. */
  readonly source: string;
  /** The loss of the best prediction that remembers nothing. */
  readonly baseline: number;
  /** What that prediction is, in a few words. */
  readonly trivial: string;
  /** The loss of the best prediction there is; 0 where absent. */
  readonly floor?: number;
  /** How many steps back the input lies that a prediction needs, at most. */
  readonly lag: number;
  /** The batch of one draw of a run, counted from 0: a function of seed, draw and size alone. */
  batch(seed: number, draw: number, size: number): Batch;
  /** Batches that no run is trained on, in order; each may go on where the one before it stopped. */
  heldOut(size: number): Iterable<Batch>;
}

/** How far a loss is above the best there is, the trivial prediction's being 1: a task counts as solved below 0.1. */
export function shareOfBaseline({ baseline, floor = 0 }: Pick<Task, "baseline" | "floor">, loss: number): number {
  return (loss - floor) / (baseline - floor);
}

export type SequenceTaskDefinition = Omit<Task, "batch" | "heldOut"> & {
  /** One sequence; the same random numbers give the same one. */
  readonly draw: (source: Random) => Sequence;
};

/** What held-out sequences are drawn from, so that they are the same for every run. */
const heldOutSeed = 0;

/**
 * A task whose sequences are drawn afresh, one independent of the other: none is seen twice.
 *
 * @example
 * ```ts
 * const parity = sequenceTask({
 *   name: "parity",
 *   source: "an example",
 *   inputs: 1,
 *   outputs: 2,
 *   loss: "cross_entropy",
 *   baseline: Math.log(2),
 *   trivial: "either",
 *   lag: 3,
 *   draw(source) {
 *     const bits = Float64Array.from({ length: 4 }, () => source.integer(0, 1));
 *     const sum = bits.reduce((total, bit) => total + bit, 0);
 *     return { x: bits, target: Int32Array.of(0, 0, 0, sum % 2), weights: Float64Array.of(0, 0, 0, 1) };
 *   },
 * });
 * console.log(parity.batch(1, 0, 16).x.shape); // -> [ 4, 16, 1 ]
 * ```
 */
export function sequenceTask({ draw, ...definition }: SequenceTaskDefinition): Task {
  const drawn = (source: Random, size: number) =>
    collate(
      Array.from({ length: size }, () => draw(source)),
      definition,
    );
  return {
    ...definition,
    batch: (seed, index, size) => drawn(randomStream(seed, index), size),
    heldOut: (size) => [drawn(randomStream(heldOutSeed, -1), size)],
  };
}
