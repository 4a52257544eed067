import { type GraphOperation, type Operations, piecewiseOperations } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  at as atView,
  type BinaryOperation,
  slice as sliceView,
  type Tensor,
  type UnaryOperation,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import * as graph from "@gradproof/autodiff";
import { graphOperations } from "./graph-operations.ts";
import { kernelOperations } from "./kernel-operations.ts";

/** Operations that programs may have besides those of graphProgram's own tables, as nodes of the graph and as kernels. */

const broadcasting = piecewiseOperations.find(({ name }) => name === "greater")?.ways ?? (() => []);
const unary = (name: string): GraphOperation => ({ name, arity: 1, ways: (shape) => [{ shape }] });
/** Along the first axis, of which there must be one with elements. */
const alongFirst = (name: string, ways: (shape: readonly number[]) => readonly number[]): GraphOperation => ({
  name,
  arity: 1,
  ways: (shape) => (shape.length > 0 && shape[0] > 0 ? [{ shape: ways(shape) }] : []),
});

export const furtherOperations: readonly GraphOperation[] = [
  ...["sin", "cos", "softplus", "silu", "abs"].map(unary),
  ...["maximum", "minimum"].map((name): GraphOperation => ({ name, arity: 2, ways: broadcasting, distinct: true })),
  alongFirst("flip", (shape) => shape),
  alongFirst("cumsum", (shape) => shape),
  alongFirst("cumprod", (shape) => shape),
  alongFirst("prod", (shape) => shape.slice(1)),
  alongFirst("max", (shape) => shape.slice(1)),
];

/** All of the graph's operations that programs are drawn of. */
export function furtherGraphOperations<S>(): Operations<graph.Variable<S>> {
  return {
    ...graphOperations<S>(),
    sin: ([a]) => graph.sin(a),
    cos: ([a]) => graph.cos(a),
    softplus: ([a]) => graph.softplus(a),
    silu: ([a]) => graph.silu(a),
    abs: ([a]) => graph.abs(a),
    maximum: ([a, b]) => graph.maximum(a, b),
    minimum: ([a, b]) => graph.minimum(a, b),
    flip: ([a]) => graph.flip(a),
    cumsum: ([a]) => graph.cumsum(a),
    cumprod: ([a]) => graph.cumprod(a),
    prod: ([a]) => graph.prod(a, 0),
    max: ([a]) => graph.max(a, 0),
  };
}

/** The same as kernels of an arithmetic, each in the plainest way, with nothing of the graph's. */
export function furtherKernelOperations<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const mapped = (operation: UnaryOperation, a: Tensor<S>): Tensor<S> => {
    const out = A.empty(a.shape);
    A.unary(op[operation], out, a);
    return out;
  };
  const combined = (operation: BinaryOperation, a: Tensor<S>, b: Tensor<S>, shape: readonly number[]): Tensor<S> => {
    const out = A.empty(shape);
    A.binary(op[operation], out, a, b);
    return out;
  };
  const functionOf = (operation: UnaryOperation): Operations<Tensor<S>>[string] => {
    return ([a]) => mapped(operation, a);
  };
  /** Each element of the first axis joined to what came before, one after the other. */
  const running = (operation: BinaryOperation): Operations<Tensor<S>>[string] => {
    return ([a]) => {
      const out = A.empty(a.shape);
      A.copy(out, a);
      for (let i = 1; i < a.shape[0]; i++) A.binary(op[operation], atView(out, i), atView(out, i - 1), atView(a, i));
      return out;
    };
  };
  const last = (operation: BinaryOperation): Operations<Tensor<S>>[string] => {
    return (values, step) => {
      const all = running(operation)(values, step);
      return atView(all, all.shape[0] - 1);
    };
  };
  return {
    ...kernelOperations(A),
    sin: functionOf("sin"),
    cos: functionOf("cos"),
    /** max(a, 0) + log1p(e^−|a|) */
    softplus([a]) {
      const size = combined("multiply", a, mapped("sign", a), a.shape);
      const rest = mapped("log1p", mapped("exp", mapped("negate", size)));
      return combined("add", mapped("relu", a), rest, a.shape);
    },
    silu: ([a]) => combined("multiply", a, mapped("sigmoid", a), a.shape),
    abs: ([a]) => combined("maximum", a, mapped("negate", a), a.shape),
    maximum: ([a, b], { shape }) => combined("maximum", a, b, shape),
    minimum: ([a, b], { shape }) =>
      mapped("negate", combined("maximum", mapped("negate", a), mapped("negate", b), shape)),
    flip([a]) {
      const out = A.empty(a.shape);
      const length = a.shape[0];
      for (let i = 0; i < length; i++) A.copy(sliceView(out, i, i + 1), sliceView(a, length - 1 - i, length - i));
      return out;
    },
    cumsum: running("add"),
    cumprod: running("multiply"),
    prod: last("multiply"),
    max: last("maximum"),
  };
}
