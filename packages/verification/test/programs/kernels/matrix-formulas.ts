import { type Arithmetic, OperationError, type Tensor } from "@gradproof/arithmetic";
import { calculator } from "./tabulated.ts";

/** Rows of scalars. */
export type Matrix<S> = readonly (readonly Tensor<S>[])[];

/** The formulas of Laplace, Cramer and Cholesky: no elimination, no pivots, and so nothing of how the graph does it. */
export function matrixFormulas<S>(A: Arithmetic<S>) {
  const { zero, one, unary, binary, total, product } = calculator(A);
  const without = <T>(list: readonly T[], place: number) => list.filter((_, i) => i !== place);
  const signed = (odd: number, a: Tensor<S>) => (odd % 2 === 1 ? unary("negate", a) : a);

  /** Laplace's expansion along the first row. */
  function determinant(rows: Matrix<S>): Tensor<S> {
    const [first, ...rest] = rows;
    if (!first) return one;
    return total(first.map((a, j) => signed(j, product([a, determinant(rest.map((row) => without(row, j)))]))));
  }

  /** Cofactors over the determinant. */
  function inverse(rows: Matrix<S>): Matrix<S> {
    const whole = determinant(rows);
    return rows.map((_, i) =>
      rows.map((_, j) => {
        const minor = without(rows, j).map((row) => without(row, i));
        return binary("divide", signed(i + j, determinant(minor)), whole);
      }),
    );
  }

  /** L, row by row, with L Lᵀ the matrix. */
  function cholesky(rows: Matrix<S>): Matrix<S> {
    const factor: Tensor<S>[][] = [];
    rows.forEach((row, i) => {
      factor.push([]);
      for (let j = 0; j <= i; j++) {
        const known = total(factor[j].slice(0, j).map((x, k) => product([x, factor[i][k]])));
        const rest = binary("subtract", row[j], known);
        if (j < i) factor[i].push(binary("divide", rest, factor[j][j]));
        else if (A.lower(rest)[0] > 0) factor[i].push(unary("sqrt", rest));
        else throw new OperationError(A.name, "cholesky", "has no root of what is not positive");
      }
    });
    return rows.map((row, i) => row.map((_, j) => factor[i][j] ?? zero));
  }

  return { determinant, inverse, cholesky };
}
