import { ShapeError, slice as sliceView, take as takeRows } from "@gradproof/arithmetic";
import { commonArithmetic, node, type Rule, type Variable, wrap } from "../variable.ts";
import { add, multiply, negate } from "./elementwise.ts";
import { choleskyFactor, luFactors, substituted } from "./factorisation.ts";
import { reshape, transpose } from "./layout.ts";
import { matmul } from "./matmul.ts";
import { diagonal } from "./rearranging.ts";
import { squareSize } from "./shape.ts";
import { filled } from "./values.ts";

/** Linear systems and factors of square matrices. Rules are solutions of the transposed system: no inverse is formed for them. */

export interface TriangularOptions {
  /** Which triangle of a is meant; the lower one unless given. */
  readonly lower?: boolean;
  /** Whether the system is Tᵀ x = b. */
  readonly transposed?: boolean;
}

/**
 * x with T x = b, T the lower or upper triangle of a [N, N], of which the rest counts as 0; b is [N] or [N, M]
 *
 *   db = T⁻ᵀ ȳ, da = −(db xᵀ) in the triangle
 */
export function triangularSolve<S>(
  a: Variable<S>,
  b: Variable<S>,
  { lower = true, transposed = false }: TriangularOptions = {},
): Variable<S> {
  return asColumns("triangularSolve", a, b, (columns) => {
    const A = a.arithmetic;
    const matrix = transposed ? transpose(wrap(A, a.value)).value : a.value;
    const value = substituted(A, matrix, columns.value, { lower: lower !== transposed });
    const back = (ct: Variable<S>, own: Variable<S>) => triangularSolve(own, ct, { lower, transposed: !transposed });
    const inTriangle = (own: Variable<S>) => multiply(own, triangle(own, lower, 1));
    const vjpLeft: Rule<S> = (ct, [own], x) => {
      const db = back(ct, own);
      return negate(inTriangle(transposed ? matmul(x, transpose(db)) : matmul(db, transpose(x))));
    };
    const jvpLeft: Rule<S> = (tangent, [own], x) => {
      const moved = inTriangle(tangent);
      return negate(triangularSolve(own, matmul(transposed ? transpose(moved) : moved, x), { lower, transposed }));
    };
    const jvpRight: Rule<S> = (tangent, [own]) => triangularSolve(own, tangent, { lower, transposed });
    return node(
      A,
      "triangularSolve",
      value,
      [a, columns],
      [vjpLeft, (ct, [own]) => back(ct, own)],
      [jvpLeft, jvpRight],
    );
  });
}

/** x with a x = b, a [N, N], b [N] or [N, M], by elimination with pivots        db = a⁻ᵀ ȳ, da = −db xᵀ */
export function solve<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  return asColumns("solve", a, b, (columns) => {
    const A = a.arithmetic;
    const { factors, rows } = luFactors(A, a.value);
    const permuted = A.empty(columns.shape);
    takeRows(A, permuted, columns.value, rows);
    const middle = substituted(A, factors, permuted, { lower: true, unit: true });
    const value = substituted(A, factors, middle, { lower: false });
    return node(A, "solve", value, [a, columns], [solveVjpLeft, solveVjpRight], [solveJvpLeft, solveJvpRight]);
  });
}

type Operands<S> = readonly Variable<S>[];

function solveVjpRight<S>(ct: Variable<S>, [a]: Operands<S>): Variable<S> {
  return solve(transpose(a), ct);
}

function solveVjpLeft<S>(ct: Variable<S>, own: Operands<S>, x: Variable<S>): Variable<S> {
  return negate(matmul(solveVjpRight(ct, own), transpose(x)));
}

function solveJvpLeft<S>(tangent: Variable<S>, [a]: Operands<S>, x: Variable<S>): Variable<S> {
  return negate(solve(a, matmul(tangent, x)));
}

function solveJvpRight<S>(tangent: Variable<S>, [a]: Operands<S>): Variable<S> {
  return solve(a, tangent);
}

/** a⁻¹ of a [N, N]: the solution of a x = 1 */
export function inverse<S>(a: Variable<S>): Variable<S> {
  const size = squareSize("inverse", a.shape);
  const A = a.arithmetic;
  return solve(a, diagonal(wrap(A, filled(A, [size], A.ratio(1, 1)))));
}

/**
 * L, lower with a positive diagonal, with L Lᵀ = (a + aᵀ) / 2        da = ½ (S + Sᵀ), S = L⁻ᵀ Φ(Lᵀ ȳ) L⁻¹, where Φ
 * takes the lower triangle with half of the diagonal (Murray, "Differentiation of the Cholesky decomposition", 2016)
 *
 * @throws RangeError where a is not positive definite.
 */
export function cholesky<S>(a: Variable<S>): Variable<S> {
  squareSize("cholesky", a.shape);
  const A = a.arithmetic;
  const symmetric = multiply(add(a, transpose(a)), wrap(A, A.ratio(1, 2)));
  return node(A, "cholesky", choleskyFactor(A, symmetric.value), [symmetric], [choleskyVjp], [choleskyJvp]);
}

function choleskyVjp<S>(ct: Variable<S>, _: Operands<S>, factor: Variable<S>): Variable<S> {
  const middle = multiply(matmul(transpose(factor), ct), triangle(factor, true, 2));
  const left = triangularSolve(factor, middle, { transposed: true });
  return transpose(triangularSolve(factor, transpose(left), { transposed: true }));
}

/** L Φ(L⁻¹ Ȧ L⁻ᵀ) */
function choleskyJvp<S>(tangent: Variable<S>, _: Operands<S>, factor: Variable<S>): Variable<S> {
  const left = triangularSolve(factor, tangent);
  const middle = transpose(triangularSolve(factor, transpose(left)));
  return matmul(factor, multiply(middle, triangle(factor, true, 2)));
}

/** A mask of one triangle: ones, on the diagonal 1 / n. */
function triangle<S>({ arithmetic: A, shape }: Variable<S>, lower: boolean, n: number): Variable<S> {
  const [size] = shape;
  const mask = filled(A, [size, size], A.ratio(0, 1));
  for (let i = 0; i < size; i++) {
    const row = sliceView(mask, i, i + 1);
    A.copy(lower ? sliceView(row, 0, i, 1) : sliceView(row, i + 1, size, 1), A.ratio(1, 1));
    A.copy(sliceView(row, i, i + 1, 1), A.ratio(1, n));
  }
  return wrap(A, mask);
}

/** Runs `body` with b as [N, M] and gives the result the shape of b. */
function asColumns<S>(
  operation: string,
  a: Variable<S>,
  b: Variable<S>,
  body: (columns: Variable<S>) => Variable<S>,
): Variable<S> {
  commonArithmetic(operation, a, b);
  const size = squareSize(operation, a.shape);
  if (b.shape.length < 1 || b.shape.length > 2 || b.shape[0] !== size) {
    throw new ShapeError(operation, "[N, N] with [N] or [N, M]", a.shape, b.shape);
  }
  return reshape(body(reshape(b, [size, b.shape[1] ?? 1])), b.shape);
}
