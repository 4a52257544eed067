/** 1 above 0, -1 below, 0 at either zero; NaN stays NaN. */
export function signOf(x: number): number {
  if (x > 0) return 1;
  return x < 0 ? -1 : x + 0;
}
