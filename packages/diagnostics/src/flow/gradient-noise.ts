import { ArgumentError } from "../errors.ts";

/** The squared length of the gradient of one batch. */
export interface BatchNorm {
  /** Examples in the batch. */
  readonly batch: number;
  /** ‖gradient of the batch's mean loss‖², averaged over batches where there are several. */
  readonly squaredNorm: number;
}

export interface GradientNoise {
  /** ‖G‖² of the gradient over all examples; an unbiased estimate, which can be negative. */
  readonly squaredNorm: number;
  /** tr Σ, the variance of one example's gradient, summed over its elements. */
  readonly variance: number;
  /** tr Σ / ‖G‖²: the batch size at which noise and gradient are of one size; undefined where ‖G‖² is not above 0. */
  readonly scale: number | undefined;
}

/**
 * The gradient noise scale from batches of two sizes (McCandlish et al. 2018): with E ‖G_B‖² = ‖G‖² + tr Σ / B,
 *
 * ‖G‖² = (B₂ ‖G₂‖² − B₁ ‖G₁‖²) / (B₂ − B₁),   tr Σ = (‖G₁‖² − ‖G₂‖²) / (1/B₁ − 1/B₂).
 *
 * @throws ArgumentError unless the second batch is larger than the first, and both squared norms are finite.
 * @example
 * ```ts
 * const { scale } = gradientNoise({ batch: 1, squaredNorm: 5 }, { batch: 4, squaredNorm: 2 });
 * console.log(scale); // -> 4
 * ```
 */
export function gradientNoise(small: BatchNorm, large: BatchNorm): GradientNoise {
  if (!(small.batch >= 1 && large.batch > small.batch && Number.isFinite(large.batch))) {
    const sizes = `are ${small.batch} and ${large.batch}`;
    throw new ArgumentError("gradientNoise", "batches", `${sizes}; expected a smaller of at least 1 and a larger`);
  }
  if (!(Number.isFinite(small.squaredNorm) && Number.isFinite(large.squaredNorm))) {
    const norms = `are ${small.squaredNorm} and ${large.squaredNorm}`;
    throw new ArgumentError("gradientNoise", "squared norms", `${norms}; expected finite numbers`);
  }
  const squaredNorm = (large.batch * large.squaredNorm - small.batch * small.squaredNorm) / (large.batch - small.batch);
  const variance = (small.squaredNorm - large.squaredNorm) / (1 / small.batch - 1 / large.batch);
  return { squaredNorm, variance, scale: squaredNorm > 0 ? variance / squaredNorm : undefined };
}
