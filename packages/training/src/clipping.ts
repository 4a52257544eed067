import { type Arithmetic, reshape, sizeOf, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { mapParameters, type ParameterName, parameterNames, type RnnParameters } from "@gradproof/rnn";
import { requireChoice, requireNumber } from "./checks.ts";

/**
 * - `norm`: a gradient longer than the threshold is scaled to that length (Pascanu, Mikolov and Bengio 2013, Algorithm 1).
 * - `value`: each element is brought into [−threshold, threshold], which turns the gradient (as min-char-rnn does).
 */
export interface Clip {
  readonly by: "norm" | "value";
  readonly threshold: number;
}

/** What clipping did to one gradient. */
export interface ClipEffect {
  /** Euclidean length of the whole gradient before clipping. */
  readonly norm: number;
  /** Whether anything was changed. */
  readonly clipped: boolean;
  /** Share of the elements that were changed. */
  readonly share: number;
  /** Length after clipping by length before. */
  readonly factor: number;
  /** Cosine of the angle between the gradient before and after. */
  readonly cosine: number;
}

/** @throws RangeError for a threshold that is not above 0, or an unknown way. */
export function checkClip({ by, threshold }: Clip): void {
  requireChoice("clip", "by", by, ["norm", "value"]);
  requireNumber("clip", "threshold", threshold, { above: 0 });
}

/**
 * Clips the gradient in place, all parameters as one vector, and says what that did. Without a `clip` only its length is
 * measured. A length that is not finite though all elements are (float32 squares overflow from 1.8e19) is measured again in
 * double precision; one with an element that is not finite stays not finite, and the gradient as it is.
 *
 * @example
 * ```ts
 * const gradient = { Wxh: float64.lift([3], [1, 1]), Whh: float64.lift([4], [1, 1]) };
 * const { norm, factor } = clipGradient(float64, gradient, { by: "norm", threshold: 1 });
 * console.log(norm, factor, float64.lower(gradient.Wxh)[0].toFixed(3)); // -> 5 0.2 0.600
 * ```
 */
export function clipGradient<S>(A: Arithmetic<S>, gradient: RnnParameters<Tensor<S>>, clip?: Clip): ClipEffect {
  let effect: ClipEffect = { norm: 0, clipped: false, share: 0, factor: 1, cosine: 1 };
  A.scope(() => {
    const squared = A.empty([]);
    addSquares(A, squared, gradient);
    const norm = A.empty([]);
    A.unary(op.sqrt, norm, squared);
    effect = { ...effect, norm: A.lower(norm)[0] };
    if (!Number.isFinite(effect.norm)) {
      effect = { ...effect, norm: lengthOf(lowered(A, gradient)) };
      if (!Number.isFinite(effect.norm)) return;
      A.copy(norm, A.round([effect.norm], []));
    }
    if (clip?.by === "norm" && effect.norm > clip.threshold) {
      A.binary(op.divide, norm, A.round([clip.threshold], []), norm);
      mapParameters(gradient, (g) => A.binary(op.multiply, g, g, norm));
      effect = { ...effect, clipped: true, share: 1, factor: clip.threshold / effect.norm };
    } else if (clip?.by === "value") {
      effect = clipValues(A, gradient, clip.threshold, effect);
    }
  });
  return effect;
}

/** total [] ← Σ g² over all parameters. */
function addSquares<S>(A: Arithmetic<S>, total: Tensor<S>, gradient: RnnParameters<Tensor<S>>): void {
  let mode: "write" | "accumulate" = "write";
  for (const name of parameterNames) {
    const g = gradient[name];
    if (!g) continue;
    const squares = A.empty(g.shape);
    A.unary(op.square, squares, g);
    A.sum(reshape(total, [1]), reshape(squares, [sizeOf(g.shape)]), mode);
    mode = "accumulate";
  }
}

/** g ← min(max(g, −τ), τ) */
function clipValues<S>(
  A: Arithmetic<S>,
  gradient: RnnParameters<Tensor<S>>,
  threshold: number,
  effect: ClipEffect,
): ClipEffect {
  const limit = A.round([-threshold], []);
  const changed = A.empty([1]);
  let mode: "write" | "accumulate" = "write";
  // −min(max(g, −τ), τ)
  const negated = mapParameters(gradient, (g) => {
    const [kept, change] = [A.empty(g.shape), A.empty(g.shape)];
    A.binary(op.maximum, kept, g, limit);
    A.unary(op.negate, kept, kept);
    A.binary(op.maximum, kept, kept, limit);
    // 1 where an element is not what it was.
    A.binary(op.add, change, g, kept);
    A.unary(op.sign, change, change);
    A.unary(op.square, change, change);
    A.sum(changed, reshape(change, [sizeOf(g.shape)]), mode);
    mode = "accumulate";
    return kept;
  });
  // Most steps need no clipping: only the others pay for saying what it did.
  const [count] = A.lower(changed);
  if (count === 0) return effect;
  const before = lowered(A, gradient);
  for (const name of parameterNames) {
    const [g, kept] = [gradient[name], negated[name]];
    if (g && kept) A.unary(op.negate, g, kept);
  }
  const after = lowered(A, gradient);
  const length = lengthOf(after);
  let inner = 0;
  for (let i = 0; i < before.length; i++) inner += (before[i] / effect.norm) * (after[i] / length);
  return {
    ...effect,
    clipped: true,
    share: count / before.length,
    factor: length / effect.norm,
    cosine: Math.min(1, inner),
  };
}

/** All elements of all parameters, one behind the other. */
function lowered<S>(A: Arithmetic<S>, gradient: RnnParameters<Tensor<S>>): Float64Array {
  const parts = parameterNames.flatMap((name: ParameterName) => {
    const g = gradient[name];
    return g ? [A.lower(g)] : [];
  });
  const all = new Float64Array(parts.reduce((size, part) => size + part.length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}

/** Euclidean length, scaled so that no square overflows. */
function lengthOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const value of values) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}
