import {
  type Arithmetic,
  dense,
  doubleDouble,
  float64,
  float64Field,
  type Rounding,
  roundingOf,
  stochastic,
  stochasticKernels,
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

/** An arithmetic whose results err as that precision's do: noise at every operation, or at every kernel for large problems. */
export function noisyArithmetic(
  precision: Precision,
  noise: "operations" | "kernels",
  seed: number,
): Arithmetic<Float64Array> {
  const { rounding, wide } = precision;
  if (noise === "operations") return dense(stochastic(wide ? doubleDouble : float64Field, rounding, seed));
  return stochasticKernels(wide ? dense(doubleDouble) : float64, rounding, seed);
}
