import { shown } from "./number-text.ts";

interface MatrixProps {
  /** A matrix by its rows; a column is a list of rows of one. */
  readonly rows: readonly (readonly number[])[];
  readonly digits?: number;
}

/** Numbers in square brackets that fit any font; a single one without. */
export function Matrix({ rows, digits = 3 }: MatrixProps) {
  const columns = rows[0]?.length ?? 0;
  const single = rows.length === 1 && columns === 1;
  return (
    <span class={single ? "number" : "matrix"} style={{ gridTemplateColumns: `repeat(${columns}, auto)` }}>
      {rows.flatMap((row, i) => row.map((value, j) => <span key={`${i} ${j}`}>{shown(value, digits)} </span>))}
    </span>
  );
}
