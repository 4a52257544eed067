import type { ClaimVerdict } from "./claim.ts";
import { type NetPart, netParts, type Sizes, shapeOf } from "./net.ts";

/** Six significant digits, integers whole: the same on every machine although elementary functions differ in a last bit. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value + 0);
  return String(Number(value.toPrecision(6)));
}

/** A number, or numbers in brackets. */
export function numbersText(values: ArrayLike<number>): string {
  const texts = Array.from(values, numberText);
  return texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
}

/** What a quantity is at a place, and what the wrong reading makes of it; where the notes are right, that is not theirs. */
export function counterexampleText(
  place: string,
  quantity: string,
  verdict: ClaimVerdict,
  wrong: string,
  right: string,
): string {
  return `${place}: ${quantity} = ${right}, ${verdict === "ok" ? "mistaken" : "as written"} ${wrong}`;
}

export type NetNumbers = Readonly<Record<NetPart, readonly number[]>>;

const symbols = { Wxh: "W_xh", Whh: "W_hh", Why: "W_hy", h0: "h_0", x: "x", y: "y" };

/** What of a net is not 0: "W_hh = 1, x_1 = 1". */
export function netText(numbers: NetNumbers, sizes: Sizes): string {
  const parts = netParts.flatMap((name) => {
    const rows = matrixRows(numbers[name], shapeOf(name, sizes)[1]);
    if (name === "x" || name === "y") {
      return rows.flatMap((row, i) => (isZero(row) ? [] : [`${symbols[name]}_${i + 1} = ${numbersText(row)}`]));
    }
    if (isZero(numbers[name])) return [];
    if (name === "h0") return [`h_0 = ${numbersText(numbers.h0)}`];
    if (rows.length > 1 && isIdentity(rows)) return [`${symbols[name]} = I`];
    const single = rows.length === 1 && rows[0].length === 1;
    const text = single
      ? numberText(rows[0][0])
      : `[${rows.map((row) => `[${row.map(numberText).join(", ")}]`).join(", ")}]`;
    return [`${symbols[name]} = ${text}`];
  });
  return parts.length === 0 ? "everything 0" : parts.join(", ");
}

function matrixRows(values: readonly number[], width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
}

function isZero(values: readonly number[]): boolean {
  return values.every((value) => value === 0);
}

function isIdentity(rows: readonly (readonly number[])[]): boolean {
  return rows.every((row, i) => row.length === rows.length && row.every((value, j) => value === (i === j ? 1 : 0)));
}
