import { scientific } from "../text/numbers.ts";
import type { Drawing } from "./drawing.ts";
import { type Figure, fewOf } from "./figure.ts";
import { levelMap } from "./level-map.ts";

/** Sizes of the contributions of the loss of step t by way of step k. */
export interface Contributions {
  /** t of each row, ascending, from 1. */
  readonly steps: readonly number[];
  /** T: column k − 1 is step k. */
  readonly columns: number;
  /** Row-major; 0 where k > t. */
  readonly sizes: Float64Array;
}

const longest = 48;
/** Lower ends of the levels, as shares of the largest contribution. */
export const contributionLevels = [1e-16, 1e-8, 1e-4, 1e-2, 1e-1] as const;

/** Contributions over (t, k) on a logarithmic scale: how far back each loss reaches. */
export function contributionFigure(draw: Drawing, { steps, columns, sizes }: Contributions): Figure {
  const step = Math.ceil(columns / longest);
  const across = Math.ceil(columns / step);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const cells = new Float64Array(steps.length * across);
  sizes.forEach((size, place) => {
    const cell = Math.floor(place / columns) * across + Math.floor((place % columns) / step);
    cells[cell] = Math.max(cells[cell] ?? 0, size);
  });
  const levels = cells.map((size) => contributionLevels.filter((end) => size > end * largest).length);
  const summary = summaryOf({ steps, columns, sizes }, largest);
  const svg = levelMap(
    draw,
    {
      rows: steps.length,
      columns: across,
      levels,
      highest: contributionLevels.length,
      x: { label: "by way of step k", tick: (cell) => String(cell * step + 1) },
      y: { label: "loss of step t", tick: (row) => String(steps[row] ?? "") },
    },
    summary,
  );
  return { svg, summary, table: tableOf({ steps, columns, sizes }) };
}

/** The oldest lag of a row that has at least this share of the largest contribution of the row. */
function reachOf({ steps, columns, sizes }: Contributions, row: number, share: number): number {
  const own = sizes.subarray(row * columns, (row + 1) * columns);
  const most = own.reduce((peak, size) => Math.max(peak, size), 0);
  const k = own.findIndex((size) => size > 0 && size >= share * most);
  return k < 0 ? 0 : (steps[row] ?? 0) - 1 - k;
}

function summaryOf(contributions: Contributions, largest: number): string {
  const { steps } = contributions;
  if (largest === 0) return "No loss contributes anything by way of any step.";
  const last = steps.length - 1;
  return (
    `The loss of step ${steps[last]} has contributions of at least a hundredth of its largest up to ${reachOf(contributions, last, 1e-2)} steps back, ` +
    `and of at least 10⁻⁸ of it up to ${reachOf(contributions, last, 1e-8)} steps back. The largest of all is ${scientific(largest)}.`
  );
}

function tableOf(contributions: Contributions): Figure["table"] {
  const { steps, columns, sizes } = contributions;
  return {
    headings: ["loss of step", "largest contribution", "lag to 1/100 of it", "lag to 10⁻⁸ of it"],
    rows: fewOf(steps.length).map((row) => [
      String(steps[row]),
      scientific(sizes.subarray(row * columns, (row + 1) * columns).reduce((peak, size) => Math.max(peak, size), 0)),
      String(reachOf(contributions, row, 1e-2)),
      String(reachOf(contributions, row, 1e-8)),
    ]),
  };
}
