import { type Arithmetic, at, broadcastTo, ShapeError, type Tensor } from "@gradproof/arithmetic";
import { sumTo } from "./broadcasting.ts";
import { transpose } from "./layout.ts";
import { broadcastShape } from "./shape.ts";
import { commonArithmetic, node, type Variable, type Vjp } from "./variable.ts";

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
  const matmulVjpLeft: Vjp<S> = (ct) => sumTo(matmul(ct, transpose(b)), a.shape);
  const matmulVjpRight: Vjp<S> = (ct) => sumTo(matmul(transpose(a), ct), b.shape);
  return node(A, "matmul", value, [a, b], [matmulVjpLeft, matmulVjpRight]);
}

/** One gemm for each place of the leading axes, on views. */
function gemms<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
  if (out.shape.length === 2) A.gemm(out, a, b, "write");
  else for (let i = 0; i < out.shape[0]; i++) gemms(A, at(out, i), at(a, i), at(b, i));
}
