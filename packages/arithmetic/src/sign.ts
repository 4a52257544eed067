/** 1 above 0, -1 below, 0 at either zero; NaN stays NaN. */
export function signOf(x: number): number {
  return Math.sign(x) + 0;
}
