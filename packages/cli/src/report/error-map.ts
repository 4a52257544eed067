import type { GradientVerdict } from "@gradproof/verification";

/** |error| / σ of a tensor laid out in rows and columns, each cell the largest of the elements it stands for. */
export interface ErrorMap {
  readonly rows: Axis;
  readonly columns: Axis;
  /** For x: sequences of the batch, side by side; 1 otherwise. */
  readonly panels: Axis;
  /** rows × panels × columns, row-major. */
  readonly cells: Float64Array;
}

export interface Axis {
  /** What is counted along it; empty where there is nothing to count. */
  readonly of: string;
  /** Elements along it. */
  readonly length: number;
  /** Elements that one cell stands for. */
  readonly step: number;
  /** Cells along it. */
  readonly cells: number;
}

const axesOf: Readonly<Record<GradientVerdict["of"], readonly [row: string, column: string, panel: string]>> = {
  Wxh: ["hidden unit", "input", ""],
  Whh: ["hidden unit at t", "hidden unit at t − 1", ""],
  Why: ["output", "hidden unit", ""],
  bxh: ["", "hidden unit", ""],
  bhh: ["", "hidden unit", ""],
  by: ["", "output", ""],
  h0: ["sequence", "hidden unit", ""],
  x: ["step", "input", "sequence"],
};

/** The map of a gradient whose errors are known, coarse enough to have at most `most` cells, and 48 along an axis. */
export function errorMap({ of, shape, errors }: GradientVerdict, most: number): ErrorMap | undefined {
  if (errors === undefined || errors.length === 0) return undefined;
  const [rowName, columnName, panelName] = axesOf[of];
  // x is [T, B, I], a matrix [rows, columns], a bias [columns].
  const [columnLength = 1, second = 1, third = 1] = shape.toReversed();
  const [panelLength, rowLength] = shape.length === 3 ? [second, third] : [1, second];
  const longest = 48;
  let [rowStep, columnStep] = [Math.ceil(rowLength / longest), Math.ceil(columnLength / longest)];
  let panelStep = Math.ceil(panelLength / Math.max(1, Math.floor(longest / Math.ceil(columnLength / columnStep))));
  const number = () =>
    Math.ceil(rowLength / rowStep) * Math.ceil(panelLength / panelStep) * Math.ceil(columnLength / columnStep);
  while (number() > most) {
    if (panelStep < panelLength) panelStep++;
    else if (rowLength / rowStep > columnLength / columnStep) rowStep++;
    else columnStep++;
  }
  const rows = axis(rowName, rowLength, rowStep);
  const panels = axis(panelName, panelLength, panelStep);
  const columns = axis(columnName, columnLength, columnStep);
  const cells = new Float64Array(rows.cells * panels.cells * columns.cells);
  let element = 0;
  for (let row = 0; row < rowLength; row++) {
    for (let panel = 0; panel < panelLength; panel++) {
      const start = (Math.floor(row / rowStep) * panels.cells + Math.floor(panel / panelStep)) * columns.cells;
      for (let column = 0; column < columnLength; column++) {
        const cell = start + Math.floor(column / columnStep);
        cells[cell] = Math.max(cells[cell] ?? 0, errors[element] ?? 0);
        element++;
      }
    }
  }
  return { rows, columns, panels, cells };
}

function axis(of: string, length: number, step: number): Axis {
  return { of, length, step, cells: Math.ceil(length / step) };
}
