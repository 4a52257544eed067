import { ArgumentError } from "../errors.ts";

export interface MeanFieldOptions {
  /** Standard deviation of the input's part of u, drawn anew at every step for every unit; 0 unless given. */
  readonly drive?: number | undefined;
}

/** What wide networks h_t = tanh(W h_{t−1} + input) with W_ij from N(0, g²/n) do, n → ∞. */
export interface MeanField {
  /** Δ = E u² where it no longer changes. */
  readonly variance: number;
  /** χ = g² E tanh′(u)²: the mean factor by which a step multiplies the square of a small perturbation's length. */
  readonly chi: number;
  /** λ₁ = ½ ln χ */
  readonly exponent: number;
  /** (1/n) Σ λ_i = ln g − ½ + E ln tanh′(u) */
  readonly meanExponent: number;
  /** ξ = −1 / ln χ steps, the time scale of squared lengths: half of −1 / λ₁. Infinite where χ ≥ 1. */
  readonly timescale: number;
  /** λ at a share i/n of the spectrum from the top, by the free product of W and the slopes (after Newman 1986; Kargin 2008). */
  exponentAt(share: number): number;
}

/**
 * Mean field of a Gaussian tanh network (Molgedey, Schuchhardt and Schuster 1992; Chen, Pennington and Schoenholz 2018): what
 * an initialisation's gain means before anything is trained. Without drive it is critical at g = 1; a drive moves that up.
 *
 * @param gain - g, above 0.
 * @throws ArgumentError for a gain that is not above 0, or a drive below 0.
 * @example
 * ```ts
 * console.log(meanField(2).exponent.toFixed(6), meanField(1.2, { drive: 1 }).exponent.toFixed(5)); // -> 0.154724 -0.30953
 * ```
 */
export function meanField(gain: number, { drive = 0 }: MeanFieldOptions = {}): MeanField {
  if (!(gain > 0 && Number.isFinite(gain))) {
    throw new ArgumentError("meanField", "gain", `is ${gain}; expected a finite number above 0`);
  }
  if (!(drive >= 0 && Number.isFinite(drive))) {
    throw new ArgumentError("meanField", "drive", `is ${drive}; expected a finite number of at least 0`);
  }
  const variance = stationaryVariance(gain, drive);
  const deviation = Math.sqrt(variance);
  const chi = gain ** 2 * gaussianMean(deviation, (u) => Math.cosh(u) ** -4);
  return {
    variance,
    chi,
    exponent: Math.log(chi) / 2,
    meanExponent: Math.log(gain) - 0.5 + gaussianMean(deviation, (u) => -2 * logCosh(u)),
    timescale: chi < 1 ? -1 / Math.log(chi) : Number.POSITIVE_INFINITY,
    exponentAt: (share) => exponentAt(share, gain, deviation),
  };
}

/** The root of g² E tanh²(√Δ z) + σ² = Δ: the largest one, 0 where there is no other. */
function stationaryVariance(gain: number, drive: number): number {
  if (drive === 0 && gain <= 1) return 0;
  const excess = (variance: number) =>
    gain ** 2 * gaussianMean(Math.sqrt(variance), (u) => Math.tanh(u) ** 2) + drive ** 2 - variance;
  // The left side is concave in Δ and above Δ between 0 and the root.
  let [low, high] = [0, gain ** 2 + drive ** 2];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** ⟨s d / (1 + s d)⟩ = i/n solved for s, d = tanh′(u)²; then λ = ½ ln(g² (i/n) / s). */
function exponentAt(share: number, gain: number, deviation: number): number {
  if (!(share > 0 && share < 1)) {
    throw new ArgumentError("exponentAt", "share", `is ${share}; expected a number between 0 and 1`);
  }
  const filled = (logS: number) =>
    gaussianMean(deviation, (u) => {
      const term = Math.exp(logS) * Math.cosh(u) ** -4;
      return Number.isFinite(term) ? term / (1 + term) : 1;
    });
  let [low, high] = [-40, 700];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (filled(middle) < share) low = middle;
    else high = middle;
  }
  return (Math.log(gain ** 2 * share) - (low + high) / 2) / 2;
}

/**
 * E f(√Δ z), z standard normal, by the trapezoidal rule on [−9, 9]. Its error is e^(−2πa/h) for a function with its nearest pole
 * a away from the axis, here π / (2 √Δ): below 10⁻²⁰ for h = 0.2 / √Δ. Gauss-Hermite rules of hundreds of nodes miss functions
 * as narrow as 1/cosh⁴ at large √Δ by a quarter.
 */
function gaussianMean(deviation: number, f: (u: number) => number): number {
  const steps = Math.ceil(9 / Math.min(0.1, 0.2 / Math.max(deviation, 1e-9)));
  const h = 9 / steps;
  let sum = 0;
  for (let i = -steps; i <= steps; i++) {
    const z = i * h;
    sum += Math.exp((-z * z) / 2) * f(deviation * z);
  }
  return (sum * h) / Math.sqrt(2 * Math.PI);
}

/** ln cosh u without overflow. */
function logCosh(u: number): number {
  const size = Math.abs(u);
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}
