import { type Arithmetic, at, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";

/**
 * right [N, K] ← matrix⁻¹ right, by Gauss-Jordan elimination; matrix [N, N] becomes the identity. N rank-one updates, so
 * O(N² (N + K)). Rows are not exchanged: for matrices whose pivots are not 0, such as a block triangular one with
 * identities on its diagonal, whose pivots are 1.
 */
export function gaussJordan<S>(A: Arithmetic<S>, matrix: Tensor<S>, right: Tensor<S>): void {
  const N = matrix.shape[0];
  A.scope(() => {
    const pivot = A.empty([]);
    const factors = A.empty([N, 1]);
    for (let p = 0; p < N; p++) {
      A.copy(pivot, at(at(matrix, p), p));
      A.unary(op.negate, factors, column(matrix, p));
      A.copy(at(factors, p), A.ratio(0, 1));
      for (const side of [matrix, right]) {
        A.scope(() => {
          const row = A.empty([1, side.shape[1]]);
          A.binary(op.divide, row, slice(side, p, p + 1), pivot);
          A.copy(slice(side, p, p + 1), row);
          A.gemm(side, factors, row, "accumulate");
        });
      }
    }
  });
}

function column<S>(matrix: Tensor<S>, p: number): Tensor<S> {
  return transpose(slice(transpose(matrix), p, p + 1));
}
