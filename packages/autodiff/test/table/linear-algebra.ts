import { determinant, logDeterminant } from "../../src/operations/determinant.ts";
import { add } from "../../src/operations/elementwise.ts";
import { cholesky, inverse, solve, triangularSolve } from "../../src/operations/linear-systems.ts";
import { diagonal } from "../../src/operations/rearranging.ts";
import { type Variable, variable } from "../../src/variable.ts";
import type { Operation } from "./operation.ts";

/** a + 8, which dominates by its diagonal: elements of a are 2 at most, of its inverse ½. */
function dominant<S>(a: Variable<S>): Variable<S> {
  const [size] = a.shape;
  return add(a, diagonal(variable(a.arithmetic, new Array<number>(size).fill(8))));
}

const matrices = [[[3, 3]], [[2, 2]], [[1, 1]]];
const systems = [
  [
    [3, 3],
    [3, 2],
  ],
  [[2, 2], [2]],
];
// Eliminating three columns: some 20 roundings of numbers up to 12 for an element up to 1.
const solution = { magnitude: 12, roundings: 40, exact: "dual" } as const;

/** Systems, factors and determinants, each of a matrix that dominates by its diagonal, or is triangular with such a one. */
export const linearAlgebra: readonly Operation[] = [
  { ...solution, name: "solve", apply: ([a, b]) => solve(dominant(a), b), shapes: systems },
  { ...solution, name: "inverse", apply: ([a]) => inverse(dominant(a)), shapes: matrices },
  ...[true, false].flatMap((lower) =>
    [true, false].map(
      (transposed): Operation => ({
        ...solution,
        name: `triangularSolve, ${lower ? "lower" : "upper"}${transposed ? ", transposed" : ""}`,
        apply: ([a, b]) => triangularSolve(dominant(a), b, { lower, transposed }),
        shapes: systems,
      }),
    ),
  ),
  { ...solution, name: "cholesky", apply: ([a]) => cholesky(dominant(a)), shapes: matrices, squaresRoots: true },
  {
    name: "determinant",
    apply: ([a]) => determinant(dominant(a)),
    shapes: matrices,
    magnitude: 12 ** 3,
    roundings: 40,
    exact: "dual",
  },
  { ...solution, name: "logDeterminant", apply: ([a]) => logDeterminant(dominant(a)), shapes: matrices },
];
