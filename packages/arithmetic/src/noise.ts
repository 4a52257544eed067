import { random } from "./random.ts";

/** The floating-point type whose rounding is imitated. */
export interface Rounding {
  /** Largest relative error of one operation: 2^-53 for float64, 2^-24 for float32. */
  readonly unitRoundoff: number;
  /** Smallest normal number, the absolute error of an operation that underflows; 0 for none. */
  readonly smallestNormal: number;
}

/** Rounding of the floating-point types in use: IEEE 754's, bfloat16, and NVIDIA's TF32, float32 with 10 fraction bits. */
export const roundingOf = {
  float64: { unitRoundoff: 2 ** -53, smallestNormal: 2 ** -1022 },
  float32: { unitRoundoff: 2 ** -24, smallestNormal: 2 ** -126 },
  float16: { unitRoundoff: 2 ** -11, smallestNormal: 2 ** -14 },
  bfloat16: { unitRoundoff: 2 ** -8, smallestNormal: 2 ** -126 },
  tf32: { unitRoundoff: 2 ** -11, smallestNormal: 2 ** -126 },
} as const satisfies Record<string, Rounding>;

/** The number of a kernel for outputs with that last axis: the same wherever and whenever it runs. */
export function siteNumber(kernel: string, columns: number): number {
  let hash = columns;
  for (let i = 0; i < kernel.length; i++) hash = Math.imul(hash ^ kernel.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * Random relative errors in [-u √2, u √2], half of the variance fresh for every operation and half shared by all that are
 * done at one site: nearly equal operands, as of a constant input or a fixed point, err alike, and errors that are all
 * independent would cancel where real ones add up.
 */
export class Noise {
  readonly #halfRoundoff: number;
  #state: number;
  readonly #seed: number;
  #shared = 0;

  constructor(unitRoundoff: number, seed: number) {
    const source = random(seed);
    this.#halfRoundoff = unitRoundoff * Math.SQRT1_2;
    this.#state = source.uint32() | 1;
    this.#seed = source.uint32();
  }

  /** The site of the errors that follow: which kernel, and the index along its output's last axis. */
  site(kernel: number, index: number): void {
    this.#shared = this.sharedAt(kernel, index);
  }

  /** The shared part of a site, uniform in [-1, 1]. */
  sharedAt(kernel: number, index: number): number {
    return sharedPart(this.#seed, kernel, index);
  }

  /** A fresh part, uniform in [-1, 1]. */
  fresh(): number {
    this.#state = nextState(this.#state);
    return this.#state / 2147483648;
  }

  /** A relative error at the present site. */
  relative(): number {
    return this.#halfRoundoff * (this.fresh() + this.#shared);
  }

  /** What the fresh and the shared part are multiplied by: u / √2. */
  get scale(): number {
    return this.#halfRoundoff;
  }
}

/**
 * The noise of several runs side by side: lane l draws what a {@link Noise} of seeds[l] does, number by number. Loops over
 * lanes that count every nanosecond do so themselves, from the states on.
 */
export class LaneNoise {
  readonly lanes: number;
  /** What the fresh and the shared part are multiplied by: u / √2. */
  readonly scale: number;
  /** Results of at least this size err by a share of it alone; smaller ones may underflow. */
  readonly underflowing: number;
  /** Of the fresh parts; {@link nextState} of it, over 2^31, is the next one. */
  readonly states: Int32Array;
  /** The shared part of each lane at the present site. */
  readonly shared: Float64Array;
  readonly #smallestNormal: number;
  readonly #seeds: Int32Array;

  constructor({ unitRoundoff, smallestNormal }: Rounding, seeds: readonly number[]) {
    const sources = seeds.map((seed) => random(seed));
    this.lanes = seeds.length;
    this.scale = unitRoundoff * Math.SQRT1_2;
    this.underflowing = smallestNormal / unitRoundoff;
    this.states = Int32Array.from(sources, (source) => source.uint32() | 1);
    this.shared = new Float64Array(seeds.length);
    this.#smallestNormal = smallestNormal;
    this.#seeds = Int32Array.from(sources, (source) => source.uint32());
  }

  /** The site of the errors that follow, as {@link Noise.site}. */
  site(kernel: number, index: number): void {
    for (let lane = 0; lane < this.lanes; lane++) this.shared[lane] = sharedPart(this.#seeds[lane], kernel, index);
  }

  /** A relative error at the present site. */
  relative(lane: number): number {
    return this.scale * (this.#fresh(lane) + this.shared[lane]);
  }

  /** The absolute error of a result that may underflow. */
  absolute(lane: number): number {
    return this.#smallestNormal * this.#fresh(lane);
  }

  #fresh(lane: number): number {
    this.states[lane] = nextState(this.states[lane]);
    return this.states[lane] / 2147483648;
  }
}

/** Marsaglia's xorshift of 32 bits. */
export function nextState(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x;
}

function sharedPart(seed: number, kernel: number, index: number): number {
  let hash = Math.imul(kernel ^ seed, 0x85ebca6b) ^ Math.imul(index + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) / 2147483648;
}
