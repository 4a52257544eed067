import type { Loss, NumericArray } from "@gradproof/rnn";

/** What a training problem has besides its parameters and first state: B sequences of T steps. */
export type Batch = Exclude<Loss<NumericArray>, { readonly loss: "linear" }> & {
  /** x [T, B, I] */
  readonly x: NumericArray;
  /** Weight of each step of each sequence in the loss [T, B]; 1 where absent. */
  readonly mask?: NumericArray;
  /** Whether each sequence goes on where the one before it in the run stopped; false where absent: h_0 = 0. */
  readonly continues?: boolean;
};

/** One sequence of its own length: what goes in, what is wanted, and at which steps. */
export interface Sequence {
  /** x [T, I], row-major. */
  readonly x: Float64Array;
  /** Classes [T], or values [T, O], row-major. */
  readonly target: Int32Array | Float64Array;
  /** Weight of each step in the loss [T]; 1 where absent. */
  readonly weights?: Float64Array;
}

export interface SequenceShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly loss: "cross_entropy" | "mse";
}

/**
 * Sequences of any lengths as one batch, padded with zeros at their ends. The mask is each step's share of all weights, and
 * divided by the outputs for squared errors, so that the loss, a sum, is the mean over what counts, padding or not.
 *
 * @throws RangeError where there is no sequence, one has no whole number of steps, or no step counts.
 * @example
 * ```ts
 * const short = { x: Float64Array.of(1), target: Float64Array.of(1) };
 * const long = { x: Float64Array.of(1, 2), target: Float64Array.of(0, 3), weights: Float64Array.of(0, 1) };
 * const { x, mask } = collate([short, long], { inputs: 1, outputs: 1, loss: "mse" });
 * console.log(x.shape, x.data); // -> [ 2, 2, 1 ] Float64Array(4) [ 1, 1, 0, 2 ]
 * console.log(mask?.data); // -> Float64Array(4) [ 0.5, 0, 0, 0.5 ]
 * ```
 */
export function collate(sequences: readonly Sequence[], { inputs, outputs, loss }: SequenceShape): Batch {
  const B = sequences.length;
  if (B === 0) throw new RangeError("collate: no sequence; expected at least one");
  const lengths = sequences.map((sequence, b) => lengthOf(sequence, b, inputs, loss === "mse" ? outputs : 1));
  const T = Math.max(...lengths);
  const x = new Float64Array(T * B * inputs);
  const mask = new Float64Array(T * B);
  const width = loss === "mse" ? outputs : 1;
  const target = loss === "mse" ? new Float64Array(T * B * width) : new Int32Array(T * B);
  let total = 0;
  for (const [b, { x: from, target: wanted, weights }] of sequences.entries()) {
    for (let t = 0; t < lengths[b]; t++) {
      const row = t * B + b;
      x.set(from.subarray(t * inputs, (t + 1) * inputs), row * inputs);
      target.set(wanted.subarray(t * width, (t + 1) * width), row * width);
      mask[row] = weights?.[t] ?? 1;
      total += mask[row];
    }
  }
  if (!(total > 0)) throw new RangeError(`collate: the weights sum to ${total}; expected a step that counts`);
  for (let row = 0; row < mask.length; row++) mask[row] /= total * width;
  const common = {
    x: { shape: [T, B, inputs], data: x },
    mask: { shape: [T, B], data: mask },
    reduction: "sum",
  } as const;
  return target instanceof Int32Array
    ? { ...common, loss: "cross_entropy", target }
    : { ...common, loss: "mse", target: { shape: [T, B, outputs], data: target } };
}

function lengthOf({ x, target, weights }: Sequence, b: number, inputs: number, width: number): number {
  const T = x.length / inputs;
  const fits = Number.isInteger(T) && T >= 1 && target.length === T * width && (weights?.length ?? T) === T;
  if (fits) return T;
  const got = `${x.length} inputs, ${target.length} targets and ${weights?.length ?? "no"} weights`;
  throw new RangeError(`collate: sequence ${b} has ${got}; expected T·${inputs}, T·${width} and T of them, T >= 1`);
}
