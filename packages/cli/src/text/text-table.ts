import type { Paint } from "./palette.ts";

export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
  /** At least this wide, so that tables below each other line up. */
  readonly width?: number;
}

export type Cell = string | { readonly text: string; readonly paint: Paint };

/**
 * An aligned table: the line of headings, then one line per row. Colours do not count towards widths, and nothing trails.
 *
 * @example
 * ```ts
 * const lines = textTable([{ heading: "of" }, { heading: "σ", align: "right" }], [["Whh", "1.2"], ["x", "10.5"]]);
 * console.log(lines[1]); // ->   Whh   1.2
 * ```
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { indent = "  ", gap = "  ", paintHeading = (text: string) => text } = {},
): string[] {
  const widths = columns.map(({ heading, width = 0 }, c) =>
    Math.max(width, lengthOf(heading), ...rows.map((row) => lengthOf(textOf(row[c] ?? "")))),
  );
  const line = (cells: readonly Cell[]): string => {
    const last = cells.findLastIndex((cell) => textOf(cell) !== "");
    const padded = cells.slice(0, last + 1).map((cell, c) => {
      const text = textOf(cell);
      const space = " ".repeat((widths[c] ?? 0) - lengthOf(text));
      const painted = typeof cell === "string" ? text : cell.paint(text);
      if (columns[c]?.align === "right") return space + painted;
      return c === last ? painted : painted + space;
    });
    return indent + padded.join(gap);
  };
  const headings = columns.map(({ heading }) => ({ text: heading, paint: paintHeading }));
  return [headings, ...rows].map(line);
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** Characters, each taken as one column wide. */
function lengthOf(text: string): number {
  return [...text].length;
}
