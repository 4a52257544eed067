import type { Operations } from "@gradproof/arbitraries";
import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { parametersOf } from "../parameters.ts";
import { type Matrix, matrixFormulas } from "./matrix-formulas.ts";
import { calculator, element, tabulated } from "./tabulated.ts";

/** Matrices by formulas, of what graph-operations.ts makes of a step's argument. */
export function matrices<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const { zero, unary, binary, total, product } = calculator(A);
  const { determinant, inverse, cholesky } = matrixFormulas(A);

  const rowsOf = (a: Tensor<S>): Matrix<S> =>
    Array.from({ length: a.shape[0] }, (_, i) => Array.from({ length: a.shape[1] }, (_, j) => element(a, [i, j])));
  /** A matrix times [N] or [N, M]. */
  const times = (rows: Matrix<S>, b: Tensor<S>): Tensor<S> =>
    tabulated(A, b.shape, ([i, ...column]) => total(rows[i].map((a, k) => product([a, element(b, [k, ...column])]))));

  /** tanh a + (N + 1) I */
  const dominant = (a: Tensor<S>): Matrix<S> =>
    rowsOf(a).map((row, i) =>
      row.map((x, j) => binary("add", unary("tanh", x), i === j ? A.ratio(row.length + 1, 1) : zero)),
    );

  /** s [N, N]: the triangle below the diagonal, and 1 + a² on it. */
  const triangle = (a: Tensor<S>): Matrix<S> => {
    const diagonal = diagonalOfFactor(A, a);
    return rowsOf(a).map((row, i) => row.map((x, j) => (j < i ? x : j > i ? zero : element(diagonal, [i]))));
  };

  const asTensor = (rows: Matrix<S>, shape: readonly number[]) => tabulated(A, shape, ([i, j]) => rows[i][j]);
  return {
    determinant: ([a]) => determinant(rowsOf(a)),
    /** Σ log |pivot|: what elimination divides by are the quotients of one leading minor by the last. */
    logDeterminant([a]) {
      const rows = dominant(a);
      const minors = [0, ...rows.keys()].map((_, size) =>
        determinant(rows.slice(0, size).map((row) => row.slice(0, size))),
      );
      const pivots = rows.map((_, k) => binary("divide", minors[k + 1], minors[k]));
      return total(pivots.map((pivot) => unary("log", product([pivot, unary("sign", pivot)]))));
    },
    inverse: ([a], { shape }) => asTensor(inverse(dominant(a).toReversed()), shape),
    solve: ([a, b]) => times(inverse(dominant(a).toReversed()), b),
    triangularSolve([a, b], step) {
      const { lower, transposed } = parametersOf(step);
      const own = dominant(a).map((row, i) => row.map((x, j) => (i === j || i > j === lower ? x : zero)));
      return times(inverse(transposed ? own.map((row, i) => row.map((_, j) => own[j][i])) : own), b);
    },
    cholesky([a], { shape }) {
      const s = triangle(a);
      return asTensor(
        cholesky(s.map((row) => s.map((other) => total(row.map((x, k) => product([x, other[k]])))))),
        shape,
      );
    },
  };
}

/** 1 + a² of the diagonal of a [N, N]: that of the factor which Cholesky's must be. */
export function diagonalOfFactor<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  const { one, unary, binary } = calculator(A);
  return tabulated(A, [a.shape[0]], ([i]) => binary("add", unary("square", element(a, [i, i])), one));
}
