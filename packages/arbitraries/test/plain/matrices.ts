import type { Operations } from "../../src/graph/program.ts";
import type { NumericArray } from "../../src/numeric-array.ts";
import { read, tabulate } from "./indexed.ts";
import { parametersOf, total } from "./ways-of-computing.ts";

/** Matrices by Laplace's and Cramer's formulas, of the argument as it is. */
export const matrices: Operations<NumericArray> = {
  determinant: ([a]) => scalar(determinant(squared(a))),
  logDeterminant: ([a]) => scalar(Math.log(Math.abs(determinant(squared(a))))),
  inverse: ([a]) => inverse(squared(a)),
  solve: ([a, b]) => product(inverse(squared(a)), b),
  triangularSolve([a, b], step) {
    const { lower, transposed } = parametersOf<{ lower: boolean; transposed: boolean }>(step);
    const triangle = tabulate(squared(a).shape, ([i, j]) => (i === j || i > j === lower ? read(a, [i, j]) : 0));
    return product(inverse(transposed ? tabulate(a.shape, ([i, j]) => read(triangle, [j, i])) : triangle), b);
  },
  /** Row by row; NaN where it is not positive definite. */
  cholesky([a]) {
    const factor: number[][] = [];
    for (let i = 0; i < squared(a).shape[0]; i++) {
      factor.push([]);
      for (let j = 0; j <= i; j++) {
        const rest = read(a, [i, j]) - total(factor[j].slice(0, j).map((x, k) => x * factor[i][k]));
        factor[i].push(i === j ? Math.sqrt(rest) : rest / factor[j][j]);
      }
    }
    return tabulate(a.shape, ([i, j]) => factor[i][j] ?? 0);
  },
};

function squared(a: NumericArray): NumericArray {
  if (a.shape.length !== 2 || a.shape[0] !== a.shape[1]) throw new RangeError("not square");
  return a;
}

function scalar(x: number): NumericArray {
  return { shape: [], data: Float64Array.of(x) };
}

/** Without one row and one column. */
function minor(a: NumericArray, row: number, column: number): NumericArray {
  const size = a.shape[0] - 1;
  return tabulate([size, size], ([i, j]) => read(a, [i < row ? i : i + 1, j < column ? j : j + 1]));
}

function determinant(a: NumericArray): number {
  const [size] = a.shape;
  if (size === 0) return 1;
  return total(Array.from({ length: size }, (_, j) => (-1) ** j * read(a, [0, j]) * determinant(minor(a, 0, j))));
}

function inverse(a: NumericArray): NumericArray {
  const whole = determinant(a);
  return tabulate(a.shape, ([i, j]) => ((-1) ** (i + j) * determinant(minor(a, j, i))) / whole);
}

/** A matrix times a vector or a matrix. */
function product(a: NumericArray, b: NumericArray): NumericArray {
  if (b.shape[0] !== a.shape[1]) throw new RangeError("lengths differ");
  return tabulate(b.shape, ([i, ...column]) =>
    total(Array.from({ length: a.shape[1] }, (_, k) => read(a, [i, k]) * read(b, [k, ...column]))),
  );
}
