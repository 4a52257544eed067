import { compareInSigma, withinRounding } from "../judge-tensor.ts";

/**
 * Whether a given gradient is that of which candidate, to within the rule's limits. σ is that of the right gradient, at
 * least its root mean square over the tensor: a part or a rearrangement of it rounds like its neighbours.
 *
 * @param factor - how many times larger than the right gradient the candidates are.
 */
export function agreement(given: Float64Array, sigma: Float64Array, factor = 1): (candidate: Float64Array) => boolean {
  const meanSquare = sigma.reduce((sum, value) => sum + value * value, 0) / Math.max(1, sigma.length);
  const limits = sigma.map((value) => Math.max(1, factor) * Math.hypot(value, Math.sqrt(meanSquare)));
  return (candidate) =>
    withinRounding(
      compareInSigma(
        given.map((value, i) => value - candidate[i]),
        limits,
      ),
    );
}
