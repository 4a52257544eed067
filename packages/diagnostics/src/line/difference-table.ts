/** Noise of a computed function, from values at equally spaced, very close points. */
export interface TableNoise {
  /** Standard deviation of a value about the smooth function that the values follow. */
  readonly deviation: number;
  /** Most neighbours are equal: the points are closer than the function's own grid of values. */
  readonly mostlyEqual: boolean;
}

const largestFactor = 4;

/**
 * The noise of a computed function by Hamming's difference table, as in ECNoise (Moré and Wild, "Estimating computational
 * noise", SIAM J. Sci. Comput. 33, 2011). Differencing k times removes the smooth part and leaves noise of variance
 * σ² (2k)! / (k!)². The order that is believed is the first whose estimate agrees with the next two within a factor of 4
 * and whose differences change sign; without one, the median of the higher orders.
 *
 * @param values - f at equally spaced points, at least 5 and finite.
 */
export function tableNoise(values: ArrayLike<number>): TableNoise {
  const { deviations, changesSign, mostlyEqual } = differenceTable(values);
  return { deviation: believed(deviations, changesSign), mostlyEqual };
}

interface DifferenceTable {
  /** Standard deviation of the noise as each order of difference has it. */
  readonly deviations: readonly number[];
  readonly changesSign: readonly boolean[];
  readonly mostlyEqual: boolean;
}

function differenceTable(values: ArrayLike<number>): DifferenceTable {
  const count = values.length;
  let equal = 0;
  let scale = 0;
  for (let i = 1; i < count; i++) {
    if (values[i] === values[i - 1]) equal++;
    scale = Math.max(scale, Math.abs(values[i] - values[0]));
  }
  if (scale === 0) return { deviations: new Array(count - 1).fill(0), changesSign: [], mostlyEqual: true };
  // Scaled, so that no square under- or overflows.
  const differences = Float64Array.from(values, (value) => (value - values[0]) / scale);

  const deviations: number[] = [];
  const changesSign: boolean[] = [];
  let gamma = 1;
  for (let k = 1; k < count; k++) {
    const left = count - k;
    let squares = 0;
    let [lowest, highest] = [0, 0];
    for (let i = 0; i < left; i++) {
      differences[i] = differences[i + 1] - differences[i];
      squares += differences[i] ** 2;
      lowest = Math.min(lowest, differences[i]);
      highest = Math.max(highest, differences[i]);
    }
    gamma *= k / (4 * k - 2); // (k!)² / (2k)!
    deviations.push(scale * Math.sqrt((gamma * squares) / left));
    changesSign.push(lowest < 0 && highest > 0);
  }
  return { deviations, changesSign, mostlyEqual: 2 * equal > count - 1 };
}

/** Uneven, so that no oscillation looks smooth at all of them: the zeros of a Chebyshev polynomial, within (-1, 1). */
export const unevenPoints: readonly number[] = /* @__PURE__ */ Array.from({ length: 13 }, (_, j) =>
  Math.cos((Math.PI * (j + 0.5)) / 13),
);

const order = 8;

/**
 * How far values at the {@link unevenPoints} are from those of a smooth function: the root mean square of the divided
 * differences of order 8, each in units of what it makes of noise of standard deviation 1.
 */
export function roughness(values: ArrayLike<number>): number {
  const differences: number[] = [];
  const count = values.length - order;
  for (let from = 0; from < count; from++) {
    const points = unevenPoints.slice(from, from + order + 1);
    const weights = points.map(
      (x, i) => 1 / points.reduce((product, y, j) => (i === j ? product : product * (x - y)), 1),
    );
    const gain = Math.hypot(...weights);
    differences.push(weights.reduce((sum, weight, i) => sum + (weight / gain) * (values[from + i] - values[0]), 0));
  }
  return Math.hypot(...differences) / Math.sqrt(count);
}

function believed(deviations: readonly number[], changesSign: readonly boolean[]): number {
  for (let k = 0; k + 2 < deviations.length; k++) {
    const three = deviations.slice(k, k + 3);
    if (changesSign[k] && Math.max(...three) <= largestFactor * Math.min(...three)) return deviations[k];
  }
  const higher = deviations.slice(deviations.length >> 1).sort((a, b) => a - b);
  return higher[higher.length >> 1];
}
