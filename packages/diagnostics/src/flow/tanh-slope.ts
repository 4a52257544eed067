/**
 * ln tanh′(u) = 2 (ln 2 − |u| − ln(1 + e^(−2|u|))), accurate for every u; ln(1 − h²) is −Infinity from |u| = 19.06 on and
 * wrong in every digit well before.
 *
 * @example
 * ```ts
 * console.log(logTanhSlope(0), logTanhSlope(25).toFixed(6), Math.log(1 - Math.tanh(25) ** 2)); // -> 0 -48.613706 -Infinity
 * ```
 */
export function logTanhSlope(u: number): number {
  const size = Math.abs(u);
  return 2 * (Math.LN2 - size - Math.log1p(Math.exp(-2 * size)));
}
