import type { GradientVerdict } from "@gradproof/verification";
import { elementLimit } from "@gradproof/verification";
import { count, inSigma, place } from "../text/numbers.ts";
import type { Axis, ErrorMap } from "./error-map.ts";
import { type ErrorScale, squareStyles } from "./error-scale.ts";
import type { Drawing } from "./plot.ts";

/** A rectangle in cells: columns from the left, rows of all panels from the top. */
interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

const corners = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" } as const;
const [figureWidth, left, right, top, bottom] = [400, 34, 10, 26, 40];
const [largestCell, highest] = [26, 330];

/** Where the errors of a tensor are: a square per cell, the larger the error the larger and the stronger. */
export function heatMapFigure(draw: Drawing, gradient: GradientVerdict, map: ErrorMap, scale: ErrorScale): string {
  const { Plot, svg } = draw;
  const { panels, rows, columns, cells } = map;
  // Panels are half a row apart.
  const pitch = rows.cells + 0.5;
  const height = panels.cells * pitch - 0.5;
  const boxOf = (cell: number, side = 1): Box => {
    const row = Math.floor(cell / columns.cells);
    const [x, y] = [cell % columns.cells, Math.floor(row / rows.cells) * pitch + (row % rows.cells)];
    const inset = (1 - side) / 2;
    return { x1: x + inset, x2: x + 1 - inset, y1: y + inset, y2: y + 1 - inset };
  };
  const frames = Array.from({ length: panels.cells }, (_, panel): Box => {
    return { x1: 0, x2: columns.cells, y1: panel * pitch, y2: panel * pitch + rows.cells };
  });
  const squares = squareStyles.map(({ side, fill, opacity }, level) => {
    const boxes = Array.from(cells.keys(), (cell) =>
      scale.levelOf(cells[cell] ?? 0) === level ? [boxOf(cell, side)] : [],
    );
    return Plot.rect(boxes.flat(), { ...corners, fill, fillOpacity: opacity });
  });
  const worst = cells.indexOf(cells.reduce((most, error) => Math.max(most, error), 0));
  const cellSize = Math.min(largestCell, (figureWidth - left - right) / columns.cells, highest / height);
  const across = axisOptions(columns, cellSize);
  const down = panels.cells > 1 ? axisOptions(panels, cellSize, pitch) : axisOptions(rows, cellSize);
  return svg(
    {
      width: figureWidth,
      height: top + bottom + cellSize * height,
      marginLeft: left,
      marginRight: figureWidth - left - cellSize * columns.cells,
      marginTop: top,
      marginBottom: bottom,
      x: { ...across, labelAnchor: "left", domain: [0, columns.cells] },
      y: { ...down, labelAnchor: "top", domain: [0, height], reverse: true },
      marks: [
        Plot.rect(frames, { ...corners, fill: "none", stroke: "currentColor", strokeOpacity: 0.25 }),
        ...squares,
        Plot.rect([boxOf(worst)], { ...corners, fill: "none", stroke: "currentColor", strokeWidth: 1.5 }),
      ],
    },
    `${heatMapSummary(gradient)} ${layout(map)}`,
  );
}

/** "Columns: 48 (step); rows: 2 (input) for each of 3 (sequence)." */
function layout({ panels, rows, columns }: ErrorMap): string {
  const inWords = ({ of, length }: Axis) => (of === "" ? "1" : `${length} (${of})`);
  const each = panels.of === "" ? "" : ` for each of ${inWords(panels)}`;
  return `Columns: ${inWords(columns)}; rows: ${inWords(rows)}${each}.`;
}

/** Numbers at the middles of cells, or of panels that are `pitch` cells apart: as many as there is room for. */
function axisOptions({ of, cells, step }: Axis, cellSize: number, pitch = 1) {
  const every = [1, 2, 5, 10, 20, 50].find((number) => number * pitch * cellSize >= 16) ?? 50;
  const middle = pitch === 1 ? 0.5 : (pitch - 0.5) / 2;
  return {
    type: "linear" as const,
    label: of || null,
    labelArrow: "none" as const,
    tickSize: 0,
    ticks: of === "" ? [] : Array.from({ length: Math.ceil(cells / every) }, (_, i) => i * every * pitch + middle),
    tickFormat: (position: number) => String(Math.floor(position / pitch) * step),
  };
}

/** How much of a tensor is wrong, in one sentence. */
export function heatMapSummary({ name, errors = new Float64Array(), worst, errorInSigma }: GradientVerdict): string {
  const beyond = errors.reduce((sum, error) => sum + (error > elementLimit ? 1 : 0), 0);
  const many = `${beyond} of ${count(errors.length, "element")} of ${name} ${beyond === 1 ? "is" : "are"} beyond ${elementLimit} σ`;
  return `${many}; the largest error, ${inSigma(errorInSigma)}, is at ${place(worst.index)}.`;
}
