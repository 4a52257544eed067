import type { Shape } from "../../numeric-array.ts";
import type { GraphOperation } from "./operation.ts";

/** Of square matrices [N, N], N from 0 on. */

const isSquare = (a: Shape): boolean => a.length === 2 && a[0] === a[1];
/** A matrix [N, N] with N numbers, or N rows of them. */
const isSystem = (a: Shape, b: Shape): boolean => isSquare(a) && (b.length === 1 || b.length === 2) && b[0] === a[0];

export const determinant: GraphOperation = {
  name: "determinant",
  arity: 1,
  ways: (a) => (isSquare(a) ? [{ shape: [] }] : []),
  weight: 6,
};
export const logDeterminant: GraphOperation = { ...determinant, name: "logDeterminant" };

export const inverse: GraphOperation = {
  name: "inverse",
  arity: 1,
  ways: (a) => (isSquare(a) ? [{ shape: a }] : []),
  weight: 6,
};
export const cholesky: GraphOperation = { ...inverse, name: "cholesky" };

/** x with a x = b: a [N, N], b [N] or [N, M]. */
export const solve: GraphOperation = {
  name: "solve",
  arity: 2,
  ways: (a, b) => (isSystem(a, b) ? [{ shape: b }] : []),
  weight: 9,
};

/** Parameters: lower, which triangle of a is meant; transposed, whether it is turned. */
export const triangularSolve: GraphOperation = {
  name: "triangularSolve",
  arity: 2,
  ways: (a, b) =>
    isSystem(a, b)
      ? [false, true].flatMap((transposed) =>
          [true, false].map((lower) => ({ shape: b, parameters: { lower, transposed } })),
        )
      : [],
  weight: 8,
};
