import type { GradientVerdict } from "@gradproof/verification";

/** |error| / σ of a tensor laid out in rows and columns, each cell the largest of the elements it stands for. */
export interface ErrorMap {
  /** Sequences of the batch below each other, for x; one otherwise. */
  readonly panels: Axis;
  readonly rows: Axis;
  readonly columns: Axis;
  /** panels × rows × columns, row-major. */
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

/** At most this many cells across, and down. */
const longest = 48;

const matrixAxes: Readonly<Record<Exclude<GradientVerdict["of"], "x">, readonly [row: string, column: string]>> = {
  Wxh: ["hidden unit", "input"],
  Whh: ["hidden unit at t", "hidden unit at t − 1"],
  Why: ["output", "hidden unit"],
  bxh: ["", "hidden unit"],
  bhh: ["", "hidden unit"],
  by: ["", "output"],
  h0: ["sequence", "hidden unit"],
};

/**
 * The map of a gradient whose errors are known. A matrix lies as it is, a bias is one row; of x [T, B, I], time runs to the
 * right, a row for each input, a panel for each sequence.
 */
export function errorMap({ of, shape, errors }: GradientVerdict): ErrorMap | undefined {
  if (errors === undefined || errors.length === 0) return undefined;
  if (of === "x") {
    const [T = 1, B = 1, I = 1] = shape;
    const rows = axis("input", I, Math.ceil(I / longest));
    const panels = axis("sequence", B, Math.ceil(B / Math.max(1, Math.floor(longest / rows.cells))));
    const columns = axis("step", T, Math.ceil(T / longest));
    return fill(panels, rows, columns, errors, (b, i, t) => (t * B + b) * I + i);
  }
  const [rowName, columnName] = matrixAxes[of];
  const [length = 1, height = 1] = shape.toReversed();
  const rows = axis(rowName, height, Math.ceil(height / longest));
  const columns = axis(columnName, length, Math.ceil(length / longest));
  return fill(axis("", 1, 1), rows, columns, errors, (_, row, column) => row * length + column);
}

function axis(of: string, length: number, step: number): Axis {
  return { of, length, step, cells: Math.ceil(length / step) };
}

function fill(
  panels: Axis,
  rows: Axis,
  columns: Axis,
  errors: Float64Array,
  position: (panel: number, row: number, column: number) => number,
): ErrorMap {
  const cells = new Float64Array(panels.cells * rows.cells * columns.cells);
  for (let panel = 0; panel < panels.length; panel++) {
    for (let row = 0; row < rows.length; row++) {
      const start = (Math.floor(panel / panels.step) * rows.cells + Math.floor(row / rows.step)) * columns.cells;
      for (let column = 0; column < columns.length; column++) {
        const cell = start + Math.floor(column / columns.step);
        cells[cell] = Math.max(cells[cell] ?? 0, errors[position(panel, row, column)] ?? 0);
      }
    }
  }
  return { panels, rows, columns, cells };
}
