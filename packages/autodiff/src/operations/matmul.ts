import { type Arithmetic, at, broadcastTo, ShapeError, sameShape, type Tensor } from "@gradproof/arithmetic";
import { commonArithmetic, node, type Term, type Variable } from "../variable.ts";
import { product, summedTo } from "./accumulation.ts";
import { transpose } from "./layout.ts";
import { toOutput } from "./operand-rules.ts";
import { broadcastShape } from "./shape.ts";
import { filled } from "./values.ts";

/** a [..., M, K] b [..., K, N], matrix by matrix, leading axes by NumPy's broadcasting        da = ȳ bᵀ, db = aᵀ ȳ */
export function matmul<S>(a: Variable<S>, b: Variable<S>): Variable<S> {
  const A = commonArithmetic("matmul", a, b);
  const [rows, inner] = a.shape.slice(-2);
  const [length, columns] = b.shape.slice(-2);
  if (columns === undefined || inner !== length) {
    throw new ShapeError("matmul", "[..., M, K] and [..., K, N]", a.shape, b.shape);
  }
  let value: Tensor<S>;
  if (a.shape.length === 2 && b.shape.length === 2) {
    value = A.empty([rows, columns]);
    A.gemm(value, a.value, b.value, "write");
  } else {
    const leading = broadcastShape("matmul, leading axes", a.shape.slice(0, -2), b.shape.slice(0, -2));
    const [left, right] = [
      broadcastTo(a.value, [...leading, rows, inner]),
      broadcastTo(b.value, [...leading, length, columns]),
    ];
    value = A.empty([...leading, rows, columns]);
    gemms(A, value, left, right);
  }
  return node<S>(A, "matmul", value, [a, b], vjps, jvps);
}

type Operands<S> = readonly Variable<S>[];

function matmulVjpLeft<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  const turned = transpose(b);
  return ct.shape.length > 2 ? summedTo(matmul(ct, turned), a.shape) : product(ct, turned);
}

function matmulVjpRight<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  const turned = transpose(a);
  return ct.shape.length > 2 ? summedTo(matmul(turned, ct), b.shape) : product(turned, ct);
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

/** a b + c for matrices a [M, K] and b [K, N], c broadcast to [M, N]        da = ȳ bᵀ, db = aᵀ ȳ, dc = ȳ */
export function affine<S>(a: Variable<S>, b: Variable<S>, c: Variable<S>): Variable<S> {
  const A = commonArithmetic("affine", a, b);
  commonArithmetic("affine", a, c);
  const shape = [a.shape[0], b.shape[1]];
  const areMatrices = a.shape.length === 2 && b.shape.length === 2 && a.shape[1] === b.shape[0];
  if (!areMatrices || !sameShape(broadcastShape("affine", c.shape, shape), shape)) {
    throw new ShapeError("affine", "[M, K], [K, N] and what broadcasts to [M, N]", a.shape, b.shape, c.shape);
  }
  const value = filled(A, shape, c.value);
  A.gemm(value, a.value, b.value, "accumulate");
  return node<S>(A, "affine", value, [a, b, c], affineVjps, affineJvps);
}

function affineVjpLast<S>(ct: Variable<S>, [, , c]: Operands<S>): Variable<S> | Term<S> {
  return summedTo(ct, c.shape);
}

const affineVjps = [matmulVjpLeft, matmulVjpRight, affineVjpLast];
const affineJvps = [matmulJvpLeft, matmulJvpRight, toOutput];

/** One gemm for each place of the leading axes, on views. */
function gemms<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void {
  if (out.shape.length === 2) A.gemm(out, a, b, "write");
  else for (let i = 0; i < out.shape[0]; i++) gemms(A, at(out, i), at(a, i), at(b, i));
}
