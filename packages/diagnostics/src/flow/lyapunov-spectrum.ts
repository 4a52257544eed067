import { float64, random } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { blockMean } from "./block-means.ts";
import { type FlowArray, type JacobianData, jacobiansOf, type Vectors } from "./jacobians.ts";
import { kaplanYorkeDimension } from "./kaplan-yorke.ts";
import { orthonormalise } from "./orthonormalise.ts";

export interface SpectrumOptions {
  /** How many of the largest exponents; all n unless given. The cost grows with it. */
  readonly count?: number | undefined;
  /** Steps at the beginning that turn the vectors but do not count; 0 unless given. */
  readonly burnIn?: number | undefined;
  /** Q_0 [count, n]: orthonormal vectors, one a row; random ones, the same each time, unless given. */
  readonly start?: FlowArray | undefined;
  /** Told the number of steps done, now and then. */
  readonly onProgress?: ((steps: number) => void) | undefined;
}

export interface LyapunovSpectrum {
  /** λ_i, nats a step, in the order of the vectors, which is descending but for the errors. */
  readonly exponents: Float64Array;
  /** Of each exponent, by block means; undefined where the sequence is too short for them. */
  readonly standardErrors: readonly (number | undefined)[];
  /** Steps that count. */
  readonly steps: number;
  /**
   * Leading exponents that double precision resolves. One behind them is −Infinity if at some step nothing was left of its
   * vector but rounding, as with units that are off or fully saturated.
   */
  readonly resolved: number;
  /** ln R_11 of each step that counts: how much the gradient of the last state grows along the most expanded direction. */
  readonly growth: Float64Array;
  /** Kaplan and Yorke's dimension; undefined where more exponents would be needed. */
  readonly dimension: number | undefined;
  /** Σ of the exponents above 0, an upper bound of the Kolmogorov-Sinai entropy (Ruelle), equal to it by Pesin. */
  readonly entropy: number;
}

/**
 * Lyapunov exponents of a product of Jacobians by repeated QR decompositions (Benettin et al. 1980; Shimada and Nagashima
 * 1979): Q_t R_t = A_t Q_{t−1}, λ_i = (1/T) Σ_t ln (R_t)_ii. Nothing overflows or underflows, whatever T is.
 *
 * @param data - T Jacobians [T, n, n], or their factors.
 * @throws ArgumentError for shapes that do not fit, numbers that are not finite, options out of range.
 * @example
 * ```ts
 * const cat = { shape: [40, 2, 2], data: Float64Array.from({ length: 160 }, (_, i) => [2, 1, 1, 1][i % 4]) };
 * const { exponents, dimension } = lyapunovSpectrum(cat, { burnIn: 20 });
 * console.log(exponents[0].toFixed(9), exponents[1].toFixed(9), dimension?.toFixed(6)); // -> 0.962423650 -0.962423650 2.000000
 * ```
 */
export function lyapunovSpectrum(data: JacobianData, options: SpectrumOptions = {}): LyapunovSpectrum {
  const jacobians = jacobiansOf("lyapunovSpectrum", data);
  const { steps: T, width: n } = jacobians;
  const { count = n, burnIn = 0, start, onProgress } = options;
  checkInteger("count", count, 1, n);
  checkInteger("burnIn", burnIn, 0, T - 1);
  let [vectors, next] = [startingVectors(start, count, n), float64.empty([count, n])];
  const logs = new Float64Array(count);
  const series = Array.from({ length: count }, () => new Float64Array(T - burnIn));
  for (let t = 1; t <= T; t++) {
    jacobians.apply(t, next, vectors);
    orthonormalise(next, logs);
    [vectors, next] = [next, vectors];
    if (t > burnIn) for (let i = 0; i < count; i++) series[i][t - burnIn - 1] = logs[i];
    if (t % 64 === 0) onProgress?.(t);
  }
  const means = series.map(blockMean);
  const exponents = Float64Array.from(means, ({ mean }) => mean);
  const unresolved = exponents.indexOf(Number.NEGATIVE_INFINITY);
  return {
    exponents,
    standardErrors: means.map(({ standardError }) => standardError),
    steps: T - burnIn,
    resolved: unresolved < 0 ? count : unresolved,
    growth: series[0],
    dimension: kaplanYorkeDimension(exponents, n),
    entropy: exponents.reduce((sum, value) => sum + Math.max(value, 0), 0),
  };
}

function startingVectors(start: FlowArray | undefined, count: number, n: number): Vectors {
  const vectors = float64.empty([count, n]);
  if (start) {
    if (start.data.length !== count * n) {
      const shape = `have shape [${start.shape.join(", ")}]; expected [${count}, ${n}]`;
      throw new ArgumentError("lyapunovSpectrum", "start", shape);
    }
    vectors.store.set(start.data, vectors.offset);
    return vectors;
  }
  // Axes would be no good: one that is a unit's own may never meet the others.
  const source = random(1);
  for (let i = 0; i < count * n; i++) vectors.store[vectors.offset + i] = source.normal();
  orthonormalise(vectors, new Float64Array(count));
  return vectors;
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ArgumentError("lyapunovSpectrum", name, `is ${value}; expected an integer from ${least} to ${most}`);
}
