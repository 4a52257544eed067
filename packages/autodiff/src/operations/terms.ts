import {
  type Arithmetic,
  type Mode,
  sameShape,
  slice as sliceView,
  type Tensor,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import { node, type Term, type Variable } from "../variable.ts";
import { broadcastTo } from "./broadcasting.ts";
import { matmul } from "./matmul.ts";
import { matrixTranspose } from "./matrix-transpose.ts";
import { filled } from "./values.ts";

/**
 * Cotangents of what is used many times, which the kernels sum in place: that of a weight, a product for each use, and that
 * of what was repeated, such as a bias. Each sum is an operation like any other.
 */

type Operands<S> = readonly Variable<S>[];
type Tangents<S> = readonly (Variable<S> | undefined)[];

interface Product<S> extends Term<S> {
  readonly left: Variable<S>;
  readonly right: Variable<S>;
}

/** left [..., M, K] right [..., K, N], summed down to the shape */
export function product<S>(left: Variable<S>, right: Variable<S>, shape: readonly number[]): Variable<S> | Term<S> {
  const areMatrices = left.shape.length === 2 && right.shape.length === 2;
  return areMatrices ? productTerm(left, right) : repeated(matmul(left, right), shape);
}

function productTerm<S>(left: Variable<S>, right: Variable<S>): Term<S> {
  const term: Product<S> = { total: sumOfProducts, left, right };
  return term;
}

/** base + Σ left right        d left = ȳ rightᵀ, d right = leftᵀ ȳ, d base = ȳ */
function sumOfProducts<S>(shape: readonly number[], terms: readonly Term<S>[], base?: Variable<S>): Variable<S> {
  const A = (terms as readonly Product<S>[])[0].left.arithmetic;
  const value = base ? filled(A, shape, base.value) : A.empty(shape);
  let mode: Mode = base ? "accumulate" : "write";
  const inputs: Variable<S>[] = [];
  for (const products of segments(terms as readonly Product<S>[])) {
    accumulate(A, value, products, mode);
    mode = "accumulate";
    for (const { left, right } of products) inputs.push(left, right);
  }
  if (base) inputs.push(base);
  return node<S>(A, "sumOfProducts", value, inputs, productsVjp, productsJvp);
}

/** out [M, N] ← (out +) Σ left right, one by one or, to the same bits, as one product of all side by side, whichever moves less memory. */
function accumulate<S>(A: Arithmetic<S>, out: Tensor<S>, products: readonly Product<S>[], mode: Mode): void {
  const [rows, columns] = out.shape;
  let inner = 0;
  for (const { left } of products) inner += left.shape[1];
  if (products.length === 1 || products.length * rows * columns < 3 * inner * (rows + columns)) {
    products.forEach(({ left, right }, i) => {
      A.gemm(out, left.value, right.value, i > 0 ? "accumulate" : mode);
    });
    return;
  }
  A.scope(() => {
    const [lefts, rights] = [A.empty([inner, rows]), A.empty([inner, columns])];
    let start = 0;
    for (const { left, right } of products) {
      const end = start + left.shape[1];
      A.copy(sliceView(lefts, start, end), transposeView(left.value));
      A.copy(sliceView(rights, start, end), right.value);
      start = end;
    }
    A.gemm(out, transposeView(lefts), rights, mode);
  });
}

function productsVjp<S>(ct: Variable<S>, inputs: Operands<S>): readonly Variable<S>[] {
  return inputs.map((input, i) => {
    if (i % 2 === 1) return sumOfProducts(input.shape, [productTerm(matrixTranspose(inputs[i - 1]), ct)]);
    const right = inputs[i + 1];
    return right ? sumOfProducts(input.shape, [productTerm(ct, matrixTranspose(right))]) : ct;
  });
}

function productsJvp<S>(tangents: Tangents<S>, inputs: Operands<S>, { shape }: Variable<S>): Variable<S> {
  const terms: Term<S>[] = [];
  for (let i = 0; i + 1 < inputs.length; i += 2) {
    const [left, right] = [tangents[i], tangents[i + 1]];
    if (left) terms.push(productTerm(left, inputs[i + 1]));
    if (right) terms.push(productTerm(inputs[i], right));
  }
  const base = inputs.length % 2 === 1 ? tangents.at(-1) : undefined;
  return terms.length > 0 ? sumOfProducts(shape, terms, base) : (base as Variable<S>);
}

interface Repeated<S> extends Term<S> {
  readonly change: Variable<S>;
}

/** A cotangent in the shape of what broadcasting repeated, still to be summed over the axes along which it did. */
export function repeated<S>(change: Variable<S>, shape: readonly number[]): Variable<S> | Term<S> {
  return sameShape(change.shape, shape) ? change : repeatedTerm(change);
}

function repeatedTerm<S>(change: Variable<S>): Term<S> {
  const term: Repeated<S> = { total: sumOfRepeated, change };
  return term;
}

/** base + Σ change, each summed down to the shape        d change = ȳ repeated, d base = ȳ */
function sumOfRepeated<S>(shape: readonly number[], terms: readonly Term<S>[], base?: Variable<S>): Variable<S> {
  const changes = segments(terms as readonly Repeated<S>[]).flatMap((part) => part.map(({ change }) => change));
  const A = changes[0].arithmetic;
  const value = base ? filled(A, shape, base.value) : A.empty(shape);
  let mode: Mode = base ? "accumulate" : "write";
  for (const change of changes) {
    A.sum(value, change.value, mode);
    mode = "accumulate";
  }
  return node<S>(A, "sumOfRepeated", value, base ? [...changes, base] : changes, repeatedVjp, repeatedJvp);
}

function repeatedVjp<S>(ct: Variable<S>, inputs: Operands<S>): readonly Variable<S>[] {
  return inputs.map(({ shape }) => broadcastTo(ct, shape));
}

function repeatedJvp<S>(tangents: Tangents<S>, _: Operands<S>, { shape }: Variable<S>): Variable<S> {
  return sumOfRepeated(
    shape,
    tangents.flatMap((tangent) => (tangent ? repeatedTerm(tangent) : [])),
  );
}

/**
 * The order of every sum over time, of terms in the order of their uses: segments of 64 or, of more than 64² terms, of √n,
 * the last segment first, ascending inside. It is that of BPTT by hand, for the same bits.
 */
function segments<T>(terms: readonly T[]): readonly (readonly T[])[] {
  let length = 64;
  while (length * length < terms.length) length++;
  if (terms.length <= length) return [terms];
  const parts: (readonly T[])[] = [];
  for (let start = 0; start < terms.length; start += length) parts.unshift(terms.slice(start, start + length));
  return parts;
}
