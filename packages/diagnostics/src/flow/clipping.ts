import { ArgumentError } from "../errors.ts";
import { norm } from "./orthonormalise.ts";

/** `norm`: g ← g min(1, limit / ‖g‖) (Pascanu et al. 2013). `value`: each element to [−limit, limit], which turns the gradient. */
export interface Clip {
  readonly by: "norm" | "value";
  readonly limit: number;
}

/** What clipping does to one gradient. */
export interface ClipEffect {
  /** Whether anything is changed. */
  readonly clipped: boolean;
  /** ‖g‖ before */
  readonly norm: number;
  /** ‖clipped g‖ / ‖g‖; 1 where the gradient is 0 */
  readonly factor: number;
  /** Cosine between the gradient before and after; 1 where the gradient is 0. */
  readonly cosine: number;
  /** Share of the elements that are changed. */
  readonly share: number;
  /** Elements that are not finite; with one, the others are NaN. */
  readonly nonFinite: number;
}

/**
 * @param gradient - all parameters' elements, one behind the other.
 * @throws ArgumentError for a limit that is not above 0.
 * @example
 * ```ts
 * const gradient = Float64Array.of(3, 4);
 * console.log(clipEffect(gradient, { by: "norm", limit: 1 }).factor); // -> 0.2
 * console.log(clipEffect(gradient, { by: "value", limit: 1 }).cosine.toFixed(4)); // -> 0.9899
 * ```
 */
export function clipEffect(gradient: Float64Array, { by, limit }: Clip): ClipEffect {
  if (!(limit > 0)) throw new ArgumentError("clipEffect", "limit", `is ${limit}; expected a number above 0`);
  const nonFinite = gradient.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  const size = norm(gradient, 0, gradient.length);
  if (nonFinite > 0) {
    const unknown = Number.NaN;
    return { clipped: true, norm: size, factor: unknown, cosine: unknown, share: unknown, nonFinite };
  }
  if (size === 0) return { clipped: false, norm: 0, factor: 1, cosine: 1, share: 0, nonFinite };
  if (by === "norm") {
    const clipped = size > limit;
    return { clipped, norm: size, factor: clipped ? limit / size : 1, cosine: 1, share: clipped ? 1 : 0, nonFinite };
  }
  const after = gradient.map((value) => Math.max(-limit, Math.min(limit, value)));
  const changed = after.reduce((count, value, i) => count + (value === gradient[i] ? 0 : 1), 0);
  const length = norm(after, 0, after.length);
  const inner = after.reduce((sum, value, i) => sum + (value / length) * (gradient[i] / size), 0);
  return {
    clipped: changed > 0,
    norm: size,
    factor: length / size,
    cosine: inner,
    share: changed / gradient.length,
    nonFinite,
  };
}
