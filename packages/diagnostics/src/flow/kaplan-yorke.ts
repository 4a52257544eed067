/**
 * Kaplan and Yorke's dimension (1979): D = k + Σ_{i≤k} λ_i / |λ_{k+1}|, k the largest number of leading exponents whose sum is
 * not negative; 0 where λ_1 < 0, n where all n sums are not negative.
 *
 * @param exponents - the largest ones, all n or fewer.
 * @param n - dimensions of the state.
 * @returns undefined where the exponents given do not reach down to where the sum turns negative.
 * @example
 * ```ts
 * console.log(kaplanYorkeDimension([0.419, -1.622], 2)?.toFixed(3)); // -> 1.258
 * ```
 */
export function kaplanYorkeDimension(exponents: ArrayLike<number>, n: number): number | undefined {
  const sorted = Array.from(exponents).sort((a, b) => b - a);
  let sum = 0;
  for (const [k, exponent] of sorted.entries()) {
    if (sum + exponent < 0) return k + (sum === 0 ? 0 : sum / -exponent);
    sum += exponent;
  }
  return sorted.length === n ? n : undefined;
}
