/**
 * 1 / (1 + e^-x) of a double, by an exponential that never overflows: E = e^-|x| in 1 / (1 + E), or E / (1 + E) below 0,
 * so that it keeps its relative accuracy down to the smallest subnormal.
 */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}
