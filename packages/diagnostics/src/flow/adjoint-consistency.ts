import { float64, random } from "@gradproof/arithmetic";
import { checkArray, type FlowArray, isFactored, type JacobianData, jacobiansOf, type Vectors } from "./jacobians.ts";
import { norm, orthonormalise } from "./orthonormalise.ts";

export interface AdjointConsistencyOptions {
  /** ∂⁺J/∂h_t [T, n], what each state adds to the loss by itself; 0 unless given. */
  readonly cotangents?: FlowArray | undefined;
  /** Vectors that are carried along; 4 unless given. */
  readonly directions?: number | undefined;
  /** Of the numbers given; 2⁻⁵³ unless they were computed in less: 2⁻²⁴ for float32. */
  readonly unitRoundoff?: number | undefined;
  readonly seed?: number | undefined;
}

/** Whether errors that somebody carried back in time fit the Jacobians. */
export interface AdjointConsistency {
  /** Largest |residual| of each step t = 1 … T, as a multiple of what rounding allows. */
  readonly residuals: Float64Array;
  /** The latest step whose error does not follow from the one behind it; going back in time it is the first mistake. */
  readonly brokenAt: number | undefined;
  /** All such steps, the latest first. */
  readonly broken: readonly number[];
}

/**
 * Going forward, v_t = A_t v_{t−1}; going back, λ_t = ∂⁺J/∂h_t + A_{t+1}ᵀ λ_{t+1}. So ⟨λ_t − ∂⁺J/∂h_t, v_t⟩ = ⟨λ_{t+1}, v_{t+1}⟩ for every t,
 * and without losses on the way ⟨λ_t, v_t⟩ is constant. Where it is not, the error of that very step is wrong. Nothing is
 * transposed here, so that a wrong transpose shows.
 *
 * @param data - T Jacobians [T, n, n] or their factors.
 * @param errors - λ_t = dJ/dh_t [T, n] of t = 1 … T, as a program under test has them.
 * @throws ArgumentError for shapes that do not fit or numbers that are not finite.
 */
export function adjointConsistency(
  data: JacobianData,
  errors: FlowArray,
  options: AdjointConsistencyOptions = {},
): AdjointConsistency {
  const { cotangents, directions = 4, unitRoundoff = 2 ** -53, seed = 1 } = options;
  const jacobians = jacobiansOf("adjointConsistency", data);
  const { steps: T, width: n } = jacobians;
  checkArray("adjointConsistency", "errors", errors, [T, n]);
  if (cotangents) checkArray("adjointConsistency", "cotangents", cotangents, [T, n]);
  const m = Math.min(directions, n);
  let [vectors, image] = [randomDirections(m, n, seed), float64.empty([m, n])];
  const residuals = new Float64Array(T);
  for (let t = 1; t <= T; t++) {
    if (t < T) jacobians.apply(t + 1, image, vectors);
    const weights = t < T ? norm(errors.data, t * n, n) * frobenius(jacobians.data, t + 1, n) : 0;
    for (let i = 0; i < m; i++) {
      const v = vectors.store.subarray(vectors.offset + i * n, vectors.offset + (i + 1) * n);
      const w = image.store.subarray(image.offset + i * n, image.offset + (i + 1) * n);
      let [difference, size] = [0, weights];
      for (let k = 0; k < n; k++) {
        const now = errors.data[(t - 1) * n + k] * v[k];
        const own = cotangents ? cotangents.data[(t - 1) * n + k] * v[k] : 0;
        difference += now - own - (t < T ? errors.data[t * n + k] * w[k] : 0);
        size += Math.abs(now) + Math.abs(own);
      }
      // Sums of n products, the Jacobian's own and those of the numbers given: each errs by less than 4 (n + 2) u of its size.
      const allowed = 8 * (n + 2) * unitRoundoff * size;
      if (difference !== 0) residuals[t - 1] = Math.max(residuals[t - 1], Math.abs(difference) / allowed);
    }
    orthonormalise(image, new Float64Array(m));
    [vectors, image] = [image, vectors];
  }
  const broken = Array.from(residuals.keys(), (t) => t + 1).filter((t) => residuals[t - 1] > 1);
  return { residuals, brokenAt: broken.at(-1), broken: broken.toReversed() };
}

function randomDirections(m: number, n: number, seed: number): Vectors {
  const source = random(seed);
  const vectors = float64.empty([m, n]);
  for (let i = 0; i < m * n; i++) vectors.store[vectors.offset + i] = source.normal();
  orthonormalise(vectors, new Float64Array(m));
  return vectors;
}

/** At least ‖A_t‖_F, whose rounding is a multiple of n u of it. */
function frobenius(data: JacobianData, t: number, n: number): number {
  if (!isFactored(data)) return norm(data.data, (t - 1) * n * n, n * n);
  const steepest = data.slopes.data
    .subarray((t - 1) * n, t * n)
    .reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  return steepest * norm(data.weights.data, 0, n * n);
}
