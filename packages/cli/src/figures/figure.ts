/** A picture, what is seen in it, and the numbers behind it, for those who do not see it. */
export interface Figure {
  /** An SVG element as text. */
  readonly svg: string;
  /** What is seen, in a sentence or two; also the picture's label. */
  readonly summary: string;
  readonly table: FigureTable;
}

export interface FigureTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The frame that all figures over steps, lags or indices have. */
export const frame = {
  width: 520,
  height: 240,
  marginLeft: 52,
  marginRight: 14,
  marginTop: 26,
  marginBottom: 40,
} as const;

/** Which of `count` rows are worth a line in a table: a dozen at most, the first and the last among them. */
export function fewOf(count: number, most = 12): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return [...new Set(Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1))))];
}

/** Natural logarithm to powers of ten. */
export const inTens = (log: number): number => log / Math.LN10;

/** "10^−3.2" as text that reads aloud. */
export function tenTo(log: number): string {
  if (log === Number.NEGATIVE_INFINITY) return "0";
  return `10^${inTens(log).toFixed(1).replace("-", "−")}`;
}
