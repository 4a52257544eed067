import type { Drawing } from "./drawing.ts";

/** A grid of levels, row by row: the higher the level the larger and the stronger its square, so that no colour is needed. */
export interface LevelMap {
  readonly rows: number;
  readonly columns: number;
  /** Row-major; 0 is not drawn. */
  readonly levels: ArrayLike<number>;
  /** The highest level. */
  readonly highest: number;
  readonly x: GridAxis;
  readonly y: GridAxis;
}

export interface GridAxis {
  readonly label: string;
  /** Of the cell at a place, counted from 0. */
  readonly tick: (cell: number) => string;
}

const [width, left, right, top, bottom] = [520, 44, 14, 26, 40];
const [tallest, largestCell] = [380, 22];

export function levelMap({ Plot, svg }: Drawing, map: LevelMap, label: string): string {
  const { rows, columns, levels, highest } = map;
  const cell = Math.min((width - left - right) / columns, tallest / rows, largestCell);
  const boxes = Array.from({ length: highest }, (_, i) => {
    const level = i + 1;
    const inset = (1 - sideOf(level, highest)) / 2;
    const squares: { x1: number; x2: number; y1: number; y2: number }[] = [];
    for (let place = 0; place < rows * columns; place++) {
      if (levels[place] !== level) continue;
      const [x, y] = [place % columns, Math.floor(place / columns)];
      squares.push({ x1: x + inset, x2: x + 1 - inset, y1: y + inset, y2: y + 1 - inset });
    }
    return Plot.rect(squares, {
      x1: "x1",
      x2: "x2",
      y1: "y1",
      y2: "y2",
      fill: "var(--heat, #a83a00)",
      fillOpacity: opacityOf(level, highest),
    });
  });
  const frameBox = [{ x1: 0, x2: columns, y1: 0, y2: rows }];
  return svg(
    {
      width,
      height: top + bottom + cell * rows,
      marginLeft: left,
      marginRight: width - left - cell * columns,
      marginTop: top,
      marginBottom: bottom,
      x: { ...axis(map.x, columns, cell, 34), labelAnchor: "left", domain: [0, columns] },
      y: { ...axis(map.y, rows, cell, 16), labelAnchor: "top", domain: [0, rows], reverse: true },
      marks: [
        Plot.rect(frameBox, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: "none",
          stroke: "currentColor",
          strokeOpacity: 0.3,
        }),
        ...boxes,
      ],
    },
    label,
  );
}

/** Side of a level's square, as a share of its cell's. */
export function sideOf(level: number, highest: number): number {
  return 0.25 + (0.75 * level) / highest;
}

export function opacityOf(level: number, highest: number): number {
  return 0.3 + (0.7 * level) / highest;
}

function axis({ label, tick }: GridAxis, cells: number, cell: number, room: number) {
  const every = [1, 2, 5, 10, 20, 50, 100].find((number) => number * cell >= room) ?? 100;
  return {
    type: "linear" as const,
    label,
    labelArrow: "none" as const,
    tickSize: 0,
    ticks: Array.from({ length: Math.ceil(cells / every) }, (_, i) => i * every + 0.5),
    tickFormat: (place: number) => tick(Math.floor(place)),
  };
}
