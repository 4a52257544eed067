import {
  type Arithmetic,
  dense,
  doubleDouble,
  ensemble,
  float64,
  float64Field,
  type GemmMagnitudes,
  laneOf,
  type Rounding,
  roundingOf,
  stochasticKernels,
  type Tensor,
} from "@gradproof/arithmetic";

/** The dtypes of a gradient, as .safetensors files name them. */
export type FloatDtype = "F64" | "F32" | "F16" | "BF16";

/** How the rounding of a type is imitated. */
export interface Precision {
  readonly name: keyof typeof roundingOf;
  readonly rounding: Rounding;
  /** Whether the imitation runs in double-double; in float64 otherwise. */
  readonly wide: boolean;
}

export const precisionOf: Record<FloatDtype, Precision> = {
  F64: { name: "float64", rounding: roundingOf.float64, wide: true },
  F32: { name: "float32", rounding: roundingOf.float32, wide: false },
  F16: { name: "float16", rounding: roundingOf.float16, wide: false },
  BF16: { name: "bfloat16", rounding: roundingOf.bfloat16, wide: false },
};

/** Types that a computation may have used inside although its result says another, the finest first. */
export const coarserPrecisions: readonly Precision[] = [
  precisionOf.F32,
  { name: "tf32", rounding: roundingOf.tf32, wide: false },
  precisionOf.BF16,
];

/** Runs of one computation whose results err as a precision's do. */
export interface NoisyRuns {
  readonly arithmetic: Arithmetic<Float64Array>;
  readonly runs: number;
  /** A tensor as run number `run` has it, in double-double if the precision is wide, in float64 otherwise. */
  readonly run: (tensor: Tensor<Float64Array>, run: number) => Tensor<Float64Array>;
}

/** A run for each seed, with noise at every operation, `runsAtOnce` of them side by side, or at every kernel. */
export function* noisyRuns(
  { rounding, wide }: Precision,
  noise: "operations" | "kernels",
  seeds: readonly number[],
  runsAtOnce: number,
): Generator<NoisyRuns> {
  if (noise === "kernels") {
    const magnitudes: GemmMagnitudes[] = [];
    for (const seed of seeds) {
      const arithmetic = stochasticKernels(wide ? dense(doubleDouble) : float64, rounding, seed, magnitudes);
      yield { arithmetic, runs: 1, run: (tensor) => tensor };
    }
    return;
  }
  for (let start = 0; start < seeds.length; start += runsAtOnce) {
    const own = seeds.slice(start, start + runsAtOnce);
    const arithmetic = dense(ensemble(wide ? doubleDouble : float64Field, rounding, own));
    yield { arithmetic, runs: own.length, run: (tensor, run) => laneOf(tensor, run, own.length) };
  }
}
