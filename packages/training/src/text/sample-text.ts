import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { random, sizeOf } from "@gradproof/arithmetic";
import { forward, type RnnParameters } from "@gradproof/rnn";
import { lastStates, problemOf, zeros } from "../batch-gradient.ts";
import { requireNumber } from "../checks.ts";
import type { TrainingSettings } from "../training-settings.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface SampleOptions {
  readonly seed: number;
  /** Characters to write. */
  readonly length: number;
  /** What the outputs are divided by before the softmax; 0 takes the likeliest character. 1 where absent. */
  readonly temperature?: number;
  /** What the network reads first; the vocabulary's first character where absent. */
  readonly start?: string;
}

/**
 * Text that a network writes: each character drawn from its softmax, and read in turn.
 *
 * @throws RangeError for a temperature below 0, or a start that has a character which is not in the vocabulary, or none.
 */
export function sampleText<S>(
  A: Arithmetic<S>,
  vocabulary: Vocabulary,
  parameters: RnnParameters<Tensor<S>>,
  { seed, length, temperature = 1, start = vocabulary.characters[0] }: SampleOptions,
  settings: Pick<TrainingSettings, "nonlinearity"> = {},
): string {
  requireNumber("sampleText", "temperature", temperature, { least: 0 });
  requireNumber("sampleText", "length", length, { least: 0, integer: true });
  const read = vocabulary.classesOf(start);
  if (read.length === 0) throw new RangeError("sampleText: start is empty; expected a character to begin with");
  const source = random(seed);
  const written: number[] = [];
  A.scope(() => {
    const state = zeros(A, [1, parameters.Whh.shape[0]]);
    let scores = readAll(A, vocabulary, parameters, settings, state, read);
    while (written.length < length) {
      const label = draw(scores, temperature, source.unit());
      written.push(label);
      scores = readAll(A, vocabulary, parameters, settings, state, Int32Array.of(label));
    }
  });
  return vocabulary.textOf(written);
}

/** Outputs after the last of the characters read [V]; the state [1, H] goes along. */
function readAll<S>(
  A: Arithmetic<S>,
  { size }: Vocabulary,
  parameters: RnnParameters<Tensor<S>>,
  settings: Pick<TrainingSettings, "nonlinearity">,
  state: Tensor<S>,
  classes: Int32Array,
): Float64Array {
  const T = classes.length;
  const shape = [T, 1, size];
  const data = new Float64Array(sizeOf(shape));
  for (const [t, label] of classes.entries()) data[t * size + label] = 1;
  const batch = {
    x: { shape, data },
    loss: "cross_entropy",
    reduction: "mean",
    target: classes,
    continues: true,
  } as const;
  let scores = new Float64Array();
  A.scope(() => {
    const trajectory = forward(A, problemOf(A, batch, parameters, settings, state));
    A.copy(state, lastStates(trajectory));
    if (trajectory.outputs) scores = A.lower(trajectory.outputs).slice((T - 1) * size);
  });
  return scores;
}

/** The class at which the cumulated probabilities pass `unit`, a number of [0, 1). */
function draw(scores: Float64Array, temperature: number, unit: number): number {
  const best = scores.reduce((label, score, other) => (score > scores[label] ? other : label), 0);
  if (temperature === 0) return best;
  const weights = scores.map((score) => Math.exp((score - scores[best]) / temperature));
  let rest = unit * weights.reduce((sum, weight) => sum + weight, 0);
  const label = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return label < 0 ? best : label;
}
