import type { Batch } from "../batch.ts";
import { requireNumber } from "../checks.ts";
import type { Task } from "../task.ts";
import { Vocabulary } from "./vocabulary.ts";

export interface TextTaskOptions {
  /** Characters of a batch's sequence, T; 25 where absent, as in min-char-rnn. */
  readonly steps?: number;
  /** Share of the text, at its end, that no run is trained on; 0.1 where absent. */
  readonly heldOut?: number;
  /** "text" where absent. */
  readonly name?: string;
}

/** A text to learn, and how its characters are numbered. */
export interface TextTask extends Task {
  readonly vocabulary: Vocabulary;
  /** Classes of the characters that a run is trained on, in their order. */
  readonly training: Int32Array;
  /** Classes of those that it is not. */
  readonly rest: Int32Array;
}

/**
 * A text, character by character, in the way of min-char-rnn (Karpathy 2015): at each step a character, one-hot, and wanted is
 * the next. Of a batch's B sequences each reads a part of its own, from one end to the other in pieces of T characters, the
 * state passed on, and then again from its start with a state of 0. Cross entropy, in nats per character; the baseline is the
 * entropy of a character alone.
 *
 * @throws RangeError for a text of less than two different characters, or too short for its steps.
 * @example
 * ```ts
 * const task = textTask("abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc", { steps: 4 });
 * console.log(task.inputs, task.batch(1, 0, 2).x.shape); // -> 3 [ 4, 2, 3 ]
 * ```
 */
export function textTask(text: string, { steps = 25, heldOut = 0.1, name = "text" }: TextTaskOptions = {}): TextTask {
  requireNumber("textTask", "steps", steps, { least: 1, integer: true });
  requireNumber("textTask", "heldOut", heldOut, { least: 0, below: 1 });
  const vocabulary = new Vocabulary(text);
  const classes = vocabulary.classesOf(text);
  const V = vocabulary.size;
  if (V < 2) throw new RangeError(`textTask: the text has ${V} different characters; expected at least 2`);
  const cut = Math.floor(classes.length * (1 - heldOut));
  const [training, rest] = [classes.subarray(0, cut), classes.subarray(cut)];
  return {
    name,
    source: "Karpathy 2015, min-char-rnn",
    inputs: V,
    outputs: V,
    loss: "cross_entropy",
    baseline: entropyOf(training, V),
    trivial: "each character by its frequency",
    lag: steps - 1,
    vocabulary,
    training,
    rest,
    batch(_seed, draw, size) {
      const length = Math.floor(training.length / size);
      const pieces = Math.floor((length - 1) / steps);
      if (pieces < 1) {
        const needed = (steps + 1) * size;
        throw new RangeError(`textTask: ${training.length} characters; expected ${needed} for ${size} sequences`);
      }
      const piece = draw % pieces;
      const starts = Array.from({ length: size }, (_, b) => b * length + piece * steps);
      return { ...pieceOf(training, starts, steps, V), continues: piece > 0 };
    },
    *heldOut() {
      for (let start = 0; start + steps < rest.length; start += steps) {
        yield { ...pieceOf(rest, [start], steps, V), continues: start > 0 };
      }
    },
  };
}

/** T characters from each of the starts, one-hot, and the characters that follow them. */
function pieceOf(classes: Int32Array, starts: readonly number[], T: number, V: number): Batch {
  const B = starts.length;
  const x = new Float64Array(T * B * V);
  const target = new Int32Array(T * B);
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      const row = t * B + b;
      x[row * V + classes[starts[b] + t]] = 1;
      target[row] = classes[starts[b] + t + 1];
    }
  }
  return { x: { shape: [T, B, V], data: x }, loss: "cross_entropy", reduction: "mean", target };
}

/** −Σ p ln p of the classes' frequencies. */
function entropyOf(classes: Int32Array, V: number): number {
  const counts = new Float64Array(V);
  for (const label of classes) counts[label]++;
  return counts.reduce(
    (sum, count) => (count > 0 ? sum - (count / classes.length) * Math.log(count / classes.length) : sum),
    0,
  );
}
