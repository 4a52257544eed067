import { at, float64, type Tensor } from "@gradproof/arithmetic";
import { type LagProfile, lagProfile } from "@gradproof/diagnostics";
import { dimensions, errorShares, type RnnProblem, type Trajectory } from "@gradproof/rnn";

/** How much the loss of step t contributes to the gradient by way of step k. */
export interface ContributionMap {
  /** The steps t of the rows, ascending: all that have a loss, or as many of them, evenly spaced, as are looked at. */
  readonly steps: readonly number[];
  /** The oldest lag t − k that is looked at, T − 1 unless that would cost too much. */
  readonly oldestLag: number;
  /**
   * Size of δ^(t)_k [h_{k−1}; x_k]ᵀ, the root of the sum of squares over the sequences: row i is t = steps[i], column k − 1;
   * 0 where k > t.
   */
  readonly sizes: Float64Array;
  /** T */
  readonly columns: number;
  /** Contributions that are not finite; they count as the largest number. */
  readonly overflows: number;
  /** Of the sums over t of each lag's sizes. */
  readonly profile: LagProfile;
}

export interface ContributionOptions {
  /** Rows at most. */
  readonly rows: number;
  /** Multiply-adds at most. */
  readonly budget: number;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** A larger sum of sizes would overflow. */
const largest = 1e300;

/**
 * The contributions (t, k) of Eq. 16 as numbers. What a norm of the whole gradient hides is in here: which lags it is made of.
 */
export function contributionMap(
  problem: RnnProblem<Tensor<Float64Array>>,
  trajectory: Trajectory<Float64Array>,
  hasLoss: (t: number) => boolean,
  { rows, budget, onProgress }: ContributionOptions,
): ContributionMap {
  const { T, B, H } = dimensions(problem);
  const steps = spread(Array.from({ length: T }, (_, i) => i + 1).filter(hasLoss), rows);
  const oldestLag = Math.min(T - 1, Math.max(1, Math.floor(budget / Math.max(1, steps.length * B * H * H))));
  const inputs = inputSizes(problem, trajectory);
  const sizes = new Float64Array(steps.length * T);
  const byLag = new Float64Array(oldestLag + 1);
  let overflows = 0;
  for (const [row, t] of steps.entries()) {
    for (const { k, share } of errorShares(float64, problem, trajectory, t)) {
      if (t - k > oldestLag) break;
      const size = sizeThrough(share, inputs, (k - 1) * B);
      const overflown = !(size < largest);
      if (overflown) overflows++;
      const finite = overflown ? largest : size;
      sizes[row * T + k - 1] = finite;
      byLag[t - k] += finite / steps.length;
      if (size === 0) break;
    }
    onProgress?.(row + 1);
  }
  const profile = lagProfile(byLag.length > 0 ? byLag : [0]);
  return { steps, oldestLag, sizes, columns: T, overflows, profile };
}

/** Some of the values, evenly spaced, the last among them. */
function spread<V>(values: readonly V[], most: number): V[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round(((i + 1) * values.length) / most) - 1]);
}

/** ‖[h_{k−1}; x_k]‖² of each step and sequence [T·B]: what δ_k is multiplied by in the gradient. */
function inputSizes(problem: RnnProblem<Tensor<Float64Array>>, { states }: Trajectory<Float64Array>): Float64Array {
  const { T, B } = dimensions(problem);
  const squares = new Float64Array(T * B);
  for (let t = 0; t < T; t++) {
    for (const rows of [at(states, t), at(problem.x, t)]) {
      const values = float64.lower(rows);
      const width = rows.shape[1];
      for (let i = 0; i < values.length; i++) squares[t * B + Math.floor(i / width)] += values[i] ** 2;
    }
  }
  return squares;
}

/** √ Σ_b ‖δ_b‖² ‖z_b‖² */
function sizeThrough(share: Tensor<Float64Array>, inputs: Float64Array, from: number): number {
  const [B, H] = share.shape;
  let sum = 0;
  for (let b = 0; b < B; b++) {
    let square = 0;
    const start = share.offset + b * share.strides[0];
    for (let i = start; i < start + H; i++) square += share.store[i] ** 2;
    sum += square * inputs[from + b];
  }
  return Math.sqrt(sum);
}
