const minus = "−";

/** A number as the page shows it: `digits` behind the point, or a power of ten where that would be nothing. */
export function shown(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : `${minus}∞`;
  const size = Math.abs(value);
  const text = size !== 0 && (size < 10 ** -digits || size >= 1e6) ? value.toExponential(1) : value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replaceAll("-", minus).replace("e+", "e");
}

/** A share of one as a percentage with two significant digits. */
export function percent(share: number): string {
  return share === 0 ? "0\u00a0%" : `${Number((100 * share).toPrecision(2))}\u00a0%`.replaceAll("-", minus);
}

/** A number to six digits, whatever its size. */
export function exactly(value: number): string {
  return value.toPrecision(6).replaceAll("-", minus).replace("e+", "e");
}
