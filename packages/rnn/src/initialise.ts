import { type Random, random } from "@gradproof/arithmetic";
import type { NumericArray, RnnParameters } from "./problem.ts";

/**
 * - `uniform`: every weight and bias from U(-1/√H, 1/√H), what torch.nn.RNN with an nn.Linear of its states starts from.
 * - `normal`: weights from N(0, 1/fan-in) (LeCun et al. 1998), so that W_hh has spectral radius close to `gain`.
 * - `orthogonal`: W_hh a random orthogonal matrix, uniform over all of them (Saxe, McClelland and Ganguli 2013; Mezzadri
 *   2007), so that W_hhᵀ keeps the length of every vector; the other weights as in `normal`.
 * - `identity`: W_hh the identity, meant for relu (Le, Jaitly and Hinton 2015); the other weights as in `normal`.
 */
export type Initialisation = "uniform" | "normal" | "orthogonal" | "identity";

export interface InitialiseOptions {
  /** Any safe integer; the same seed gives the same weights, with or without biases. */
  readonly seed: number;
  /** inputs */
  readonly I: number;
  /** hidden units */
  readonly H: number;
  /** outputs; without it there is no readout. */
  readonly O?: number | undefined;
  /** "uniform" where absent. */
  readonly kind?: Initialisation | undefined;
  /** What W_hh is multiplied by, the recurrent gain: 1 where absent. */
  readonly gain?: number | undefined;
  /** Whether there are biases: true where absent. They start at 0 but for `uniform`. */
  readonly biases?: boolean | undefined;
}

const kinds: readonly Initialisation[] = ["uniform", "normal", "orthogonal", "identity"];

/**
 * Parameters of an RNN from a seed, as plain numbers: Wxh [H, I], Whh [H, H], Why [O, H], bxh and bhh [H], by [O].
 *
 * @throws RangeError for a dimension that is not an integer of at least 1, an unknown kind, a gain below 0 or not finite,
 * or a seed that is not a safe integer.
 * @example
 * ```ts
 * const { Whh } = initialise({ seed: 1, I: 2, H: 3, O: 1, kind: "orthogonal", gain: 1.2 });
 * Whh.data; // Float64Array, [3, 3] row-major
 * ```
 */
export function initialise(options: InitialiseOptions): RnnParameters<NumericArray> {
  checkOptions(options);
  const { seed, I, H, O, kind = "uniform", gain = 1, biases = true } = options;
  const source = random(seed);
  const uniform = () => (2 * source.unit() - 1) / Math.sqrt(H);
  const weights = (rows: number, fanIn: number) =>
    draw([rows, fanIn], kind === "uniform" ? uniform : () => source.normal() / Math.sqrt(fanIn));
  const bias = (length: number) => draw([length], kind === "uniform" ? uniform : () => 0);

  const Wxh = weights(H, I);
  const Whh = recurrent(H, kind, source, weights);
  for (let i = 0; i < Whh.data.length; i++) Whh.data[i] *= gain;
  return {
    Wxh,
    Whh,
    ...(O !== undefined && { Why: weights(O, H) }),
    ...(biases && { bxh: bias(H), bhh: bias(H) }),
    ...(biases && O !== undefined && { by: bias(O) }),
  };
}

function recurrent(
  H: number,
  kind: Initialisation,
  source: Random,
  weights: (rows: number, fanIn: number) => NumericArray,
): NumericArray {
  switch (kind) {
    case "orthogonal":
      return orthogonal(H, source);
    case "identity": {
      const identity = draw([H, H], () => 0);
      for (let i = 0; i < H; i++) identity.data[i * H + i] = 1;
      return identity;
    }
    default:
      return weights(H, H);
  }
}

function draw(shape: readonly number[], next: () => number): NumericArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Float64Array.from({ length: size }, next) };
}

/**
 * Rows of normal deviates made orthonormal one after the other by modified Gram-Schmidt. Each row goes through it twice,
 * which leaves it orthogonal to working precision ("twice is enough": Giraud, Langou and Rozložník 2005).
 */
function orthogonal(H: number, source: Random): NumericArray {
  const matrix = draw([H, H], () => source.normal());
  const row = (i: number) => matrix.data.subarray(i * H, (i + 1) * H);
  for (let i = 0; i < H; i++) {
    const current = row(i);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtractProjection(current, row(j));
    }
    const length = Math.hypot(...current);
    for (let k = 0; k < H; k++) current[k] /= length;
  }
  return matrix;
}

/** a ← a - ⟨a, unit⟩ unit */
function subtractProjection(a: Float64Array, unit: Float64Array): void {
  let inner = 0;
  for (let k = 0; k < a.length; k++) inner += a[k] * unit[k];
  for (let k = 0; k < a.length; k++) a[k] -= inner * unit[k];
}

function checkOptions({ seed, I, H, O, kind, gain }: InitialiseOptions): void {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`initialise: seed is ${seed}; expected a safe integer`);
  for (const [name, length] of Object.entries({ I, H, ...(O !== undefined && { O }) })) {
    if (!(Number.isSafeInteger(length) && length >= 1)) {
      throw new RangeError(`initialise: ${name} is ${length}; expected an integer of at least 1`);
    }
  }
  if (kind !== undefined && !kinds.includes(kind)) {
    throw new RangeError(`initialise: kind is "${kind}"; expected ${kinds.join(", ")}`);
  }
  if (gain !== undefined && !(Number.isFinite(gain) && gain >= 0)) {
    throw new RangeError(`initialise: gain is ${gain}; expected a finite number of at least 0`);
  }
}
