/** ∫ f over [low, high] by Simpson's rule on so many (even) intervals. */
export function integral(f: (x: number) => number, low: number, high: number, intervals: number): number {
  const width = (high - low) / intervals;
  let sum = f(low) + f(high);
  for (let i = 1; i < intervals; i++) sum += (i % 2 === 0 ? 2 : 4) * f(low + i * width);
  return (sum * width) / 3;
}

/** The density of N(0, 1). */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(|Z| < x) for Z of N(0, 1): √(2/π) Σ (−1)^i x^(2i+1) / (2^i i! (2i + 1)), to about 1e-12 up to x = 6. */
export function withinNormal(x: number): number {
  if (x >= 6) return 1;
  let [term, sum] = [x, x];
  for (let i = 1; i < 120; i++) {
    term *= (-x * x) / (2 * i);
    sum += term / (2 * i + 1);
  }
  return Math.sqrt(2 / Math.PI) * sum;
}
