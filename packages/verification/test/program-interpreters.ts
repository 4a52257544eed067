import type { Operations } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  broadcastTo as broadcastView,
  reshape as reshapeView,
  type Tensor,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import {
  add,
  broadcastTo,
  matmul,
  multiply,
  negate,
  reshape,
  square,
  subtract,
  sum,
  sumTo,
  tanh,
  transpose,
  type Variable,
  type Vjp,
} from "@gradproof/autodiff";

/** The operations of graphProgram as nodes of the graph. */
export function graphOperations<S>(): Operations<Variable<S>> {
  return {
    add: ([a, b]) => add(a, b),
    subtract: ([a, b]) => subtract(a, b),
    multiply: ([a, b]) => multiply(a, b),
    negate: ([a]) => negate(a),
    square: ([a]) => square(a),
    tanh: ([a]) => tanh(a),
    transpose: ([a]) => transpose(a),
    sum: ([a]) => sum(a),
    sumTo: ([a], { shape }) => sumTo(a, shape),
    broadcastTo: ([a], { shape }) => broadcastTo(a, shape),
    reshape: ([a], { shape }) => reshape(a, shape),
    matmul: ([a, b]) => matmul(a, b),
  };
}

/** The same operations as kernels of an arithmetic, with nothing of the graph's: over dual numbers, forward mode. */
export function kernelOperations<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const unary =
    (operation: "negate" | "square" | "tanh"): Operations<Tensor<S>>[string] =>
    ([a], { shape }) => {
      const out = A.empty(shape);
      A.unary(operation, out, a);
      return out;
    };
  const binary =
    (operation: "add" | "subtract" | "multiply"): Operations<Tensor<S>>[string] =>
    ([a, b], { shape }) => {
      const out = A.empty(shape);
      A.binary(operation, out, a, b);
      return out;
    };
  const summed: Operations<Tensor<S>>[string] = ([a], { shape }) => {
    const out = A.empty(shape);
    const lead = new Array<number>(a.shape.length - shape.length).fill(1);
    A.reduce("sum", reshapeView(out, [...lead, ...shape]), a, "write");
    return out;
  };
  return {
    add: binary("add"),
    subtract: binary("subtract"),
    multiply: binary("multiply"),
    negate: unary("negate"),
    square: unary("square"),
    tanh: unary("tanh"),
    transpose: ([a]) => transposeView(a),
    sum: summed,
    sumTo: summed,
    broadcastTo: ([a], { shape }) => broadcastView(a, shape),
    reshape([a], { shape }) {
      const own = A.empty(a.shape);
      A.copy(own, a);
      return reshapeView(own, shape);
    },
    matmul([a, b], { shape }) {
      const out = A.empty(shape);
      A.gemm(out, a, b, "write");
      return out;
    },
  };
}

/** A rule that is to replace those of one operation: the cotangent of each argument from the right one and what is there. */
type WrongRule = <S>(right: Vjp<S>, ct: Variable<S>, values: readonly Variable<S>[], argument: number) => Variable<S>;

const twice: WrongRule = (right, ct) => add(right(ct), right(ct));

/** A mistake in the rule of each operation. */
export const wrongRules: Readonly<Record<string, { readonly mistake: string; readonly rule: WrongRule }>> = {
  add: { mistake: "db = −ȳ", rule: (right, ct, _, argument) => (argument === 0 ? right(ct) : negate(right(ct))) },
  subtract: { mistake: "db = ȳ", rule: (right, ct, _, argument) => (argument === 0 ? right(ct) : negate(right(ct))) },
  multiply: {
    mistake: "da = a ȳ",
    rule: (_right, ct, values, argument) => sumTo(multiply(ct, values[argument]), values[argument].shape),
  },
  negate: { mistake: "da = ȳ", rule: (_right, ct) => ct },
  square: { mistake: "da = a ȳ", rule: (_right, ct, [a]) => multiply(a, ct) },
  tanh: { mistake: "da = (1 − f′²) ȳ", rule: (right, ct) => subtract(ct, right(right(ct))) },
  transpose: { mistake: "the cotangent reshaped", rule: (_right, ct, [a]) => reshape(ct, a.shape) },
  sum: { mistake: "da = 2 ȳ", rule: twice },
  sumTo: { mistake: "da = 2 ȳ", rule: twice },
  broadcastTo: { mistake: "da = 2 ȳ, summed", rule: twice },
  reshape: { mistake: "da = −ȳ", rule: (right, ct) => negate(right(ct)) },
  matmul: { mistake: "db = −aᵀ ȳ", rule: (right, ct, _, argument) => (argument === 0 ? right(ct) : negate(right(ct))) },
};

/** The graph's operations, one of them with a wrong rule. */
export function withWrongRule<S>(name: string): Operations<Variable<S>> {
  const right = graphOperations<S>();
  const { rule } = wrongRules[name];
  return {
    ...right,
    [name](values, step) {
      const out = right[name](values, step);
      const vjps = out.vjps.map(
        (vjp, argument): Vjp<S> =>
          (ct) =>
            rule(vjp, ct, values, argument),
      );
      return { ...out, vjps };
    },
  };
}
