import type { Tensor } from "@gradproof/arithmetic";
import { autodiffGradient } from "./autodiff-gradient.ts";
import type { Bench } from "./bench.ts";
import { exactDifference, type GradientName, tensorOf } from "./spread.ts";

/** BPTT and autodiff may differ by this share of σ in double-double, 2^-49 of which is their own rounding. */
const allowance = 2 ** -10;

/** The two references differ: the verdict would be worth nothing. */
export class CrossCheckError extends Error {
  override readonly name = "CrossCheckError";
  readonly of: GradientName;
  constructor(of: GradientName, difference: number, sigma: number) {
    super(
      `judge: BPTT and autodiff differ by ${difference} in ${of} in double-double; expected at most ${allowance} of σ = ${sigma}`,
    );
    this.of = of;
  }
}

/** @throws CrossCheckError where BPTT and autodiff, both in double-double, do not agree far below σ. */
export function crossCheck({ reference, spread }: Bench): void {
  const D = reference.arithmetic;
  const { gradient } = autodiffGradient(D, reference.problem);
  for (const [name, sigma] of Object.entries(spread.gradient) as [GradientName, Float64Array][]) {
    const expected: Tensor<Float64Array> = tensorOf(reference.gradient, name);
    const differences = exactDifference(D, tensorOf(gradient, name), expected);
    const worst = differences.findIndex((difference, i) => Math.abs(difference) > allowance * sigma[i]);
    if (worst >= 0) throw new CrossCheckError(name, differences[worst], sigma[worst]);
  }
}
