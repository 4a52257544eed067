import { EigenvalueDecomposition, LuDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { checkArray, type FlowArray } from "./jacobians.ts";

/** What a recurrent matrix does to vectors, whatever the trajectory. */
export interface MatrixFacts {
  /** ρ, the largest |eigenvalue|: growth per step in the long run, if nothing but the matrix acted. */
  readonly spectralRadius: number;
  /** σ₁: the most that one step can stretch a vector. */
  readonly largestSingularValue: number;
  /** σₙ: the least. */
  readonly smallestSingularValue: number;
  readonly logDeterminant: number;
  /**
   * Henrici's departure from normality, √(‖W‖_F² − Σ|λ|²), as a share of ‖W‖_F: 0 for a normal matrix; where it is large,
   * products can grow for long before they decay.
   */
  readonly nonNormality: number;
}

/**
 * Spectral radius, singular values, determinant and non-normality of a square matrix.
 *
 * @param weights - [n, n].
 * @throws ArgumentError for another shape, or numbers that are not finite.
 * @example
 * ```ts
 * const { spectralRadius, largestSingularValue } = matrixFacts({ shape: [2, 2], data: Float64Array.of(0.9, 5, 0, 0.9) });
 * console.log(spectralRadius.toFixed(3), largestSingularValue.toFixed(3)); // -> 0.900 5.157
 * ```
 */
export function matrixFacts(weights: FlowArray): MatrixFacts {
  const [n] = weights.shape;
  checkArray("matrixFacts", "weights", weights, [n, n]);
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrixOf(weights));
  const sizes = realEigenvalues.map((real, i) => Math.hypot(real, imaginaryEigenvalues[i]));
  const singular = singularValues(weights);
  const frobenius = Math.hypot(...singular);
  const departure = Math.max(0, frobenius ** 2 - sizes.reduce((sum, size) => sum + size ** 2, 0));
  return {
    spectralRadius: Math.max(...sizes),
    largestSingularValue: singular[0],
    smallestSingularValue: singular[singular.length - 1],
    logDeterminant: logDeterminant(weights),
    nonNormality: frobenius === 0 ? 0 : Math.sqrt(departure) / frobenius,
  };
}

/** σ₁ ≥ … ≥ σₙ of a matrix [m, n]. */
export function singularValues(matrix: FlowArray): number[] {
  return new SingularValueDecomposition(matrixOf(matrix), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  }).diagonal;
}

/** ln |det| by an LU decomposition, −Infinity for a singular matrix. */
export function logDeterminant(matrix: FlowArray): number {
  const U = new LuDecomposition(matrixOf(matrix)).upperTriangularMatrix;
  return U.diagonal().reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0);
}

function matrixOf({ shape: [rows, columns], data }: FlowArray): Matrix {
  return Matrix.from1DArray(rows, columns, data);
}
