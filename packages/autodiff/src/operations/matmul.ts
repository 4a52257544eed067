import { type Arithmetic, at, broadcastTo, ShapeError, type Tensor } from "@gradproof/arithmetic";
import { commonArithmetic, node, type Variable } from "../variable.ts";
import { sumTo } from "./broadcasting.ts";
import { transpose } from "./layout.ts";
import { broadcastShape } from "./shape.ts";

/** a [..., M, K] b [..., K, N], matrix by matrix, leading axes by NumPy's broadcasting        da = ȳ bᵀ, db = aᵀ ȳ */
export function matmul<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = commonArithmetic("matmul", a, b);
  const [left, right] = [a.shape.slice(-2), b.shape.slice(-2)];
  if (left.length < 2 || right.length < 2 || left[1] !== right[0]) {
    throw new ShapeError("matmul", "[..., M, K] and [..., K, N]", a.shape, b.shape);
  }
  const leading = broadcastShape("matmul, leading axes", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const value = A.empty([...leading, left[0], right[1]]);
  gemms(A, value, broadcastTo(a.value, [...leading, ...left]), broadcastTo(b.value, [...leading, ...right]));
  return node(A, "matmul", value, [a, b], [matmulVjpLeft, matmulVjpRight], [matmulJvpLeft, matmulJvpRight]);
}

type Operands<S> = readonly Variable<S>[];

function matmulVjpLeft<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> {
  return sumTo(matmul(ct, transpose(b)), a.shape);
}

function matmulVjpRight<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> {
  return sumTo(matmul(transpose(a), ct), b.shape);
}

function matmulJvpLeft<S>(tangent: Variable<S>, [, b]: Operands<S>): Variable<S> {
  return matmul(tangent, b);
}

function matmulJvpRight<S>(tangent: Variable<S>, [a]: Operands<S>): Variable<S> {
  return matmul(a, tangent);
}

/** One gemm for each place of the leading axes, on views. */
function gemms<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
  if (out.shape.length === 2) A.gemm(out, a, b, "write");
  else for (let i = 0; i < out.shape[0]; i++) gemms(A, at(out, i), at(a, i), at(b, i));
}
