import { type Arithmetic, at, broadcastTo, ShapeError, type Tensor } from "@gradproof/arithmetic";
import { commonArithmetic, node, type Term, type Variable } from "../variable.ts";
import { sumTo } from "./broadcasting.ts";
import { matrixTranspose } from "./matrix-transpose.ts";
import { broadcastShape } from "./shape.ts";

/** a [..., M, K] b [..., K, N], matrix by matrix, leading axes by NumPy's broadcasting        da = ȳ bᵀ, db = aᵀ ȳ */
export function matmul<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = commonArithmetic("matmul", a, b);
  const [rows, inner] = a.shape.slice(-2);
  const [length, columns] = b.shape.slice(-2);
  if (columns === undefined || inner !== length) {
    throw new ShapeError("matmul", "[..., M, K] and [..., K, N]", a.shape, b.shape);
  }
  const leading = broadcastShape("matmul, leading axes", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const value = A.empty([...leading, rows, columns]);
  gemms(A, value, broadcastTo(a.value, [...leading, rows, inner]), broadcastTo(b.value, [...leading, inner, columns]));
  return node<S>(A, "matmul", value, [a, b], vjps, jvps);
}

type Operands<S> = readonly Variable<S>[];

function matmulVjpLeft<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return productTo(a, ct, matrixTranspose(b));
}

function matmulVjpRight<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return productTo(b, matrixTranspose(a), ct);
}

/** The cotangent left right of an operand, whose leading axes may have been repeated. */
function productTo<S>({ shape, sums }: Variable<S>, left: Variable<S>, right: Variable<S>): Variable<S> | Term<S> {
  return sums?.product(left, right, shape) ?? sumTo(matmul(left, right), shape);
}

function matmulJvpLeft<S>(tangent: Variable<S>, [, b]: Operands<S>): Variable<S> {
  return matmul(tangent, b);
}

function matmulJvpRight<S>(tangent: Variable<S>, [a]: Operands<S>): Variable<S> {
  return matmul(a, tangent);
}

// One list of each for all nodes: recurrent networks have many.
const vjps = [matmulVjpLeft, matmulVjpRight];
const jvps = [matmulJvpLeft, matmulJvpRight];

/** One gemm for each place of the leading axes, on views. */
function gemms<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
  if (out.shape.length === 2) A.gemm(out, a, b, "write");
  else for (let i = 0; i < out.shape[0]; i++) gemms(A, at(out, i), at(a, i), at(b, i));
}
