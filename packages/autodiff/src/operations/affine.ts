import { ShapeError, sameShape } from "@gradproof/arithmetic";
import { commonArithmetic, node, type Term, type Variable } from "../variable.ts";
import { matmul } from "./matmul.ts";
import { matrixTranspose } from "./matrix-transpose.ts";
import { toOutput } from "./operand-rules.ts";
import { broadcastShape } from "./shape.ts";
import { product, repeated } from "./terms.ts";
import { filled } from "./values.ts";

type Operands<S> = readonly Variable<S>[];

/**
 * a b + c for matrices a [M, K] and b [K, N], c broadcast to [M, N]        da = ȳ bᵀ, db = aᵀ ȳ, dc = ȳ
 *
 * What a step of a loop is made of: one kernel adds to what is there, and the cotangents of all operands are summed in
 * place, as those of what is {@link shared}.
 */
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
  return node<S>(A, "affine", value, [a, b, c], vjps, jvps);
}

function vjpFirst<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return product(ct, matrixTranspose(b), a.shape);
}

function vjpSecond<S>(ct: Variable<S>, [a, b]: Operands<S>): Variable<S> | Term<S> {
  return product(matrixTranspose(a), ct, b.shape);
}

function vjpThird<S>(ct: Variable<S>, [, , c]: Operands<S>): Variable<S> | Term<S> {
  return repeated(ct, c.shape);
}

function jvpFirst<S>(tangent: Variable<S>, [, b]: Operands<S>): Variable<S> {
  return matmul(tangent, b);
}

function jvpSecond<S>(tangent: Variable<S>, [a]: Operands<S>): Variable<S> {
  return matmul(a, tangent);
}

// One list of each for all nodes: recurrent networks have many.
const vjps = [vjpFirst, vjpSecond, vjpThird];
const jvps = [jvpFirst, jvpSecond, toOutput];
