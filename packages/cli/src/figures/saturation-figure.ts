import type { Drawing } from "./drawing.ts";
import { type Figure, fewOf } from "./figure.ts";
import { levelMap } from "./level-map.ts";

/** f′(u) over time and units, mean over the sequences. */
export interface SlopeMap {
  /** [T, H] */
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** Share of saturated slopes of each unit. */
  readonly byUnit: Float64Array;
}

const [mostSteps, mostUnits] = [48, 32];
/** Upper ends of the levels: the smaller the slope, the higher its level. */
export const slopeLevels = [0.75, 0.5, 0.25, 1 - 0.97 ** 2, 0.01] as const;

/** Where and when units let little through. */
export function saturationFigure(draw: Drawing, { shape: [T = 0, H = 0], data, byUnit }: SlopeMap): Figure {
  const [perColumn, perRow] = [Math.ceil(T / mostSteps), Math.ceil(H / mostUnits)];
  const [columns, rows] = [Math.ceil(T / perColumn), Math.ceil(H / perRow)];
  const sums = new Float64Array(rows * columns);
  const counts = new Float64Array(rows * columns);
  data.forEach((slope, place) => {
    const cell = Math.floor((place % H) / perRow) * columns + Math.floor(Math.floor(place / H) / perColumn);
    sums[cell] = (sums[cell] ?? 0) + slope;
    counts[cell] = (counts[cell] ?? 0) + 1;
  });
  const levels = sums.map((sum, cell) => slopeLevels.filter((end) => sum / (counts[cell] ?? 1) < end).length);
  const mean = data.reduce((sum, slope) => sum + slope, 0) / data.length;
  const stuck = byUnit.filter((share) => share > 0.9).length;
  const summary = `The mean slope is ${mean.toFixed(3)}; ${stuck} of ${H} units are saturated for more than nine tenths of the time. The larger the square, the less gets through.`;
  const svg = levelMap(
    draw,
    {
      rows,
      columns,
      levels,
      highest: slopeLevels.length,
      x: { label: "step", tick: (cell) => String(cell * perColumn + 1) },
      y: { label: "hidden unit", tick: (cell) => String(cell * perRow) },
    },
    summary,
  );
  return {
    svg,
    summary,
    table: {
      headings: ["hidden unit", "mean slope", "saturated"],
      rows: fewOf(H, 16).map((unit) => {
        let sum = 0;
        for (let t = 0; t < T; t++) sum += data[t * H + unit] ?? 0;
        return [String(unit), (sum / T).toFixed(3), `${(100 * (byUnit[unit] ?? 0)).toFixed(0)} %`];
      }),
    },
  };
}
