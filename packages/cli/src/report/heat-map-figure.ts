import type { GradientVerdict } from "@gradproof/verification";
import { count, inSigma, place } from "../text/numbers.ts";
import type { Axis, ErrorMap } from "./error-map.ts";
import { type Html, html } from "./html.ts";
import type { Drawing } from "./plot.ts";
import { powerOfTen } from "./power-of-ten.ts";

const limit = 32;
const levels = 5;

/** A square per cell, larger and stronger the larger the error; a dot where it is within rounding. */
interface Square {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly level: number;
}

/** Errors beyond 32 σ fall into five levels, equally wide on a logarithmic scale up to the largest. */
export interface Scale {
  /** Upper ends, the last one the largest error. */
  readonly ends: readonly number[];
  levelOf(error: number): number;
}

export function scaleOf(largest: number): Scale {
  const top = Math.log10(Number.isFinite(largest) ? Math.max(largest, 10 * limit) : 1e16);
  const bottom = Math.log10(limit);
  const ends = Array.from({ length: levels }, (_, i) => 10 ** (bottom + ((i + 1) / levels) * (top - bottom)));
  return {
    ends,
    levelOf: (error) => (error <= limit ? 0 : 1 + ends.slice(0, -1).filter((end) => error > end).length),
  };
}

const side = (level: number) => (level === 0 ? 0.16 : 0.4 + (0.52 * level) / levels);
const strength = (level: number) => (level === 0 ? 0.55 : 0.4 + (0.6 * level) / levels);
const ink = (level: number) => (level === 0 ? "currentColor" : "var(--heat)");

export function heatMapFigure({ Plot, svg }: Drawing, gradient: GradientVerdict, map: ErrorMap, scale: Scale): string {
  const { rows, columns, panels, cells } = map;
  const gap = panels.cells > 1 ? 1 : 0;
  const width = panels.cells * (columns.cells + gap) - gap;
  const left = (panel: number, column: number) => panel * (columns.cells + gap) + column;
  const squares = Array.from(cells, (error, cell): Square => {
    const column = cell % columns.cells;
    const panel = Math.floor(cell / columns.cells) % panels.cells;
    const row = Math.floor(cell / columns.cells / panels.cells);
    const level = scale.levelOf(error);
    const inset = (1 - side(level)) / 2;
    const [x, y] = [left(panel, column), row];
    return { x1: x + inset, x2: x + 1 - inset, y1: y + inset, y2: y + 1 - inset, level };
  });
  const [marginLeft, marginRight, marginTop, marginBottom] = [46, 10, panels.cells > 1 ? 24 : 8, 40];
  const cellSize = Math.min(26, (400 - marginLeft - marginRight) / width);
  const frameWidth = Math.max(cellSize * width, 60);
  const ofLevel = (level: number) => squares.filter((square) => square.level === level);
  const worst = cells.indexOf(cells.reduce((max, error) => Math.max(max, error), 0));
  const at = {
    x: left(Math.floor(worst / columns.cells) % panels.cells, worst % columns.cells),
    y: Math.floor(worst / columns.cells / panels.cells),
  };
  return svg(
    {
      width: 400,
      height: marginTop + marginBottom + cellSize * rows.cells,
      marginLeft,
      marginRight: 400 - marginLeft - frameWidth,
      marginTop,
      marginBottom,
      style: { fontSize: "11px" },
      x: {
        type: "linear",
        domain: [0, frameWidth / cellSize],
        label: columns.of,
        labelAnchor: "center",
        labelArrow: "none",
        ticks: panels.cells > 1 ? [] : positions(columns),
        tickFormat: (position: number) => tick(columns, position),
        tickSize: 0,
      },
      y: {
        type: "linear",
        domain: [0, rows.cells],
        reverse: true,
        label: rows.of || null,
        labelAnchor: "center",
        labelArrow: "none",
        ticks: rows.of === "" ? [] : positions(rows),
        tickFormat: (position: number) => tick(rows, position),
        tickSize: 0,
      },
      marks: [
        ...panelFrames(Plot, map, left),
        ...Array.from({ length: levels + 1 }, (_, level) =>
          Plot.rect(ofLevel(level), {
            x1: "x1",
            x2: "x2",
            y1: "y1",
            y2: "y2",
            fill: ink(level),
            fillOpacity: strength(level),
          }),
        ),
        Plot.rect([at], {
          x1: "x",
          x2: (d: { x: number }) => d.x + 1,
          y1: "y",
          y2: (d: { y: number }) => d.y + 1,
          fill: "none",
          stroke: "currentColor",
          strokeWidth: 1.5,
        }),
      ],
    },
    `${heatMapSummary(gradient)} Rows: ${axisWords(rows)}; columns: ${axisWords(columns)}.`,
  );
}

function panelFrames(
  Plot: Drawing["Plot"],
  { rows, columns, panels }: ErrorMap,
  left: (panel: number, column: number) => number,
) {
  const frames = Array.from({ length: panels.cells }, (_, panel) => ({
    panel,
    x1: left(panel, 0),
    x2: left(panel, columns.cells),
  }));
  const outline = Plot.rect(frames, {
    x1: "x1",
    x2: "x2",
    y1: 0,
    y2: rows.cells,
    stroke: "currentColor",
    strokeOpacity: 0.25,
    fill: "none",
  });
  if (panels.cells === 1) return [outline];
  const labelled = frames.filter(({ panel }) => panel % Math.ceil(panels.cells / 10) === 0);
  const names = Plot.text(labelled, {
    x: ({ x1, x2 }) => (x1 + x2) / 2,
    y: 0,
    dy: -10,
    text: ({ panel }) => (panel === 0 ? `${panels.of} 0` : String(panel * panels.step)),
  });
  return [outline, names];
}

/** Middles of the cells that bear a number: all if they are few. */
function positions({ cells }: Axis): number[] {
  const every = Math.ceil(cells / 12);
  return Array.from({ length: Math.ceil(cells / every) }, (_, i) => i * every + 0.5);
}

function tick({ step }: Axis, position: number): string {
  return String(Math.floor(position) * step);
}

function axisWords({ of, length }: Axis): string {
  return of === "" ? "1" : `${length} (${of})`;
}

/** How much of a tensor is wrong, in one sentence. */
export function heatMapSummary({ name, errors = new Float64Array(), worst, errorInSigma }: GradientVerdict): string {
  const beyond = errors.reduce((sum, error) => sum + (error > limit ? 1 : 0), 0);
  const many = `${beyond} of ${count(errors.length, "element")} of ${name} ${beyond === 1 ? "is" : "are"} beyond 32 σ`;
  return `${many}; the largest error, ${inSigma(errorInSigma)}, is at ${place(worst.index)}.`;
}

/** What the squares mean. */
export function heatMapKeys({ ends }: Scale): Html {
  const entries = [
    { level: 0, words: "within 32 σ" },
    ...ends.map((end, i) => ({ level: i + 1, words: `to ${approximately(end)} σ` })),
  ];
  return html`<ul class="keys">${entries.map(
    ({ level, words }) =>
      html`<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect x="${(1 - side(level)) / 2}" y="${(1 - side(level)) / 2}" width="${side(level)}" height="${side(level)}" fill="${ink(level)}" fill-opacity="${strength(level)}"/></svg>${words}</li>`,
  )}</ul>`;
}

function approximately(end: number): string {
  return end < 1000
    ? end.toFixed(0)
    : `${(end / 10 ** Math.floor(Math.log10(end))).toFixed(0)} · ${powerOfTen(10 ** Math.floor(Math.log10(end)))}`;
}
