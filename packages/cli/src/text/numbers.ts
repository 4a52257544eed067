/** A size in σ: "1.62 σ", "45.1 σ", "3.3e15 σ", "∞ σ" where σ is 0; "–" where it could not be measured. */
export function inSigma(size: number | undefined): string {
  return size === undefined ? "–" : `${short(size)} σ`;
}

/** Three digits at most: "0.31", "1.62", "45.1", "812", "3.3e15", "∞". */
export function short(size: number): string {
  if (size === 0) return "0";
  if (!Number.isFinite(size)) return Number.isNaN(size) ? "NaN" : size > 0 ? "∞" : "-∞";
  const magnitude = Math.abs(size);
  if (magnitude >= 9999.5 || magnitude < 0.00095) return scientific(size);
  if (magnitude >= 99.95) return size.toFixed(0);
  if (magnitude >= 9.995) return size.toFixed(1);
  return magnitude >= 0.0995 ? size.toFixed(2) : size.toPrecision(2);
}

/** Two digits and a power of ten: "3.2e-14". */
export function scientific(size: number): string {
  return size.toExponential(1).replace("e+", "e");
}

/** Two numbers with as many digits as tell them apart, and two more. */
export function sideBySide(a: number, b: number): [string, string] {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return [digits(a, 8), digits(b, 8)];
  let needed = 17;
  while (needed > 1 && a.toPrecision(needed - 1) !== b.toPrecision(needed - 1)) needed--;
  const precision = Math.min(17, Math.max(6, needed + 2));
  return [digits(a, precision), digits(b, precision)];
}

function digits(value: number, precision: number): string {
  return Number.isFinite(value) ? value.toPrecision(precision).replace("e+", "e") : String(value);
}

/** "[3, 0, 2]" */
export function place(index: readonly number[]): string {
  return `[${index.join(", ")}]`;
}

/** "1 file", "3 files" */
export function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** "46,160" */
export function grouped(number: number): string {
  return number.toLocaleString("en-US");
}
