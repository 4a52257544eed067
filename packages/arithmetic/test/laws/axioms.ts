import fc from "fast-check";
import type { Arithmetic } from "../../src/arithmetic.ts";
import type { BinaryOperation, UnaryOperation } from "../../src/field.ts";
import * as op from "../../src/operations.ts";
import type { Tensor } from "../../src/tensor.ts";
import { drawnExact, filled, type Subject } from "../arithmetics.ts";
import { type Numbers, smallIntegers } from "../draws.ts";
import { isInteger, type Rational, rational, rationalOperations } from "../rational.ts";
import { expectSame } from "./expectations.ts";
import type { Law } from "./law.ts";

type T = Tensor<unknown>;

/** Kernels that answer a new tensor, for formulas. */
function formulas(A: Arithmetic<unknown>) {
  return {
    unary(operation: UnaryOperation, a: T): T {
      const out = A.empty(a.shape);
      A.unary(op[operation], out, a);
      return out;
    },
    binary(operation: BinaryOperation, a: T, b: T): T {
      const out = A.empty(a.shape);
      A.binary(op[operation], out, a, b);
      return out;
    },
  };
}

/** Floats have two zeros, which may differ between the sides of a law: a sum with 0 leaves one. */
function expectSameBut0(A: Arithmetic<unknown>, laws: Readonly<Record<string, readonly [T, T]>>): void {
  const { binary } = formulas(A);
  const zero = A.ratio(0, 1);
  for (const [law, [left, right]] of Object.entries(laws)) {
    expectSame(A, binary("add", left, zero), binary("add", right, zero), law);
  }
}

const vector = [5];
const triples: fc.Arbitrary<readonly [Numbers, Numbers, Numbers]> = fc.tuple(
  smallIntegers,
  smallIntegers,
  smallIntegers,
);

/** Commutative ring with 1: sums, products, differences and what is made of them. */
export const ring: Law<readonly [Numbers, Numbers, Numbers]> = {
  name: "commutative ring",
  cases: () => triples,
  check(subject, numbers) {
    const A = subject.arithmetic;
    const { unary, binary } = formulas(A);
    const [a, b, c] = numbers.map((draw) => drawnExact(subject, draw, vector));
    const add = (x: T, y: T): T => binary("add", x, y);
    const multiply = (x: T, y: T): T => binary("multiply", x, y);
    const zero = binary("subtract", a, a);
    const one = filled(A, vector, 1);
    const laws: Record<string, readonly [T, T]> = {
      "(a + b) + c = a + (b + c)": [add(add(a, b), c), add(a, add(b, c))],
      "a + b = b + a": [add(a, b), add(b, a)],
      "a + 0 = a": [add(a, zero), a],
      "0 - 0 = 0": [binary("subtract", zero, zero), zero],
      "(a b) c = a (b c)": [multiply(multiply(a, b), c), multiply(a, multiply(b, c))],
      "a b = b a": [multiply(a, b), multiply(b, a)],
      "a (b + c) = a b + a c": [multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c))],
      "a 1 = a": [multiply(a, one), a],
      "a - b = a + (-b)": [binary("subtract", a, b), add(a, unary("negate", b))],
      "square a = a a": [unary("square", a), multiply(a, a)],
      "oneMinus a = 1 - a": [unary("oneMinus", a), binary("subtract", one, a)],
    };
    expectSameBut0(A, laws);
  },
  defects: ({ arithmetic: A }) => ({
    "multiply forgets the order": {
      binary(operation, out, a, b) {
        A.binary(operation, out, a, b);
        if (operation.name === "multiply") A.binary(op.add, out, out, a);
      },
    },
    "oneMinus is minus one": {
      unary(operation, out, a) {
        A.unary(operation, out, a);
        if (operation.name === "oneMinus") A.unary(op.negate, out, out);
      },
    },
    "subtract adds": {
      binary: (operation, out, a, b) => A.binary(operation.name === "subtract" ? op.add : operation, out, a, b),
    },
  }),
};

function units(subject: Subject, numbers: Numbers): T {
  if (subject.field) return drawnExact(subject, numbers, vector);
  const powers = numbers.k.slice(0, 5).map((k) => (k % 2 === 0 ? 1 : -1) * 2 ** k);
  return subject.arithmetic.lift(powers, vector);
}

/** Reciprocals: of every element but 0 in a field, of powers of two in floats. */
export const inverses: Law<readonly [Numbers, Numbers]> = {
  name: "a (1 / a) = 1",
  appliesTo: ({ binary }) => binary.includes("divide"),
  cases: () => fc.tuple(smallIntegers, smallIntegers),
  check(subject, [first, second]) {
    const A = subject.arithmetic;
    const { unary, binary } = formulas(A);
    const [a, b] = [units(subject, first), drawnExact(subject, second, vector)];
    const inverse = unary("reciprocal", a);
    expectSameBut0(A, {
      "a (1 / a) = 1": [binary("multiply", a, inverse), filled(A, vector, 1)],
      "b / a = b (1 / a)": [binary("divide", b, a), binary("multiply", b, inverse)],
      "1 / (1 / a) = a": [unary("reciprocal", inverse), a],
    });
  },
  defects: ({ arithmetic: A }) => ({
    "reciprocal negates": {
      unary(operation, out, a) {
        A.unary(operation, out, a);
        if (operation.name === "reciprocal") A.unary(op.negate, out, out);
      },
    },
    "divide multiplies": {
      binary: (operation, out, a, b) => A.binary(operation.name === "divide" ? op.multiply : operation, out, a, b),
    },
  }),
};

/** A formula in three variables. */
type Expression =
  | { readonly variable: number }
  | { readonly integer: number }
  | { readonly unary: UnaryOperation; readonly a: Expression }
  | { readonly binary: BinaryOperation; readonly a: Expression; readonly b: Expression };

function expressions(subject: Subject): fc.Arbitrary<Expression> {
  const unary: UnaryOperation[] = ["negate", "square", "oneMinus"];
  const binary: BinaryOperation[] = ["add", "subtract", "multiply"];
  if (subject.field) {
    unary.push("reciprocal");
    binary.push("divide");
  }
  return fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      fc.record({ variable: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ integer: fc.integer({ min: -4, max: 4 }) }),
      fc.record({ unary: fc.constantFrom(...unary), a: tie("expression") }),
      fc.record({ binary: fc.constantFrom(...binary), a: tie("expression"), b: tie("expression") }),
      fc.record({ binary: fc.constantFrom(...binary), a: tie("expression"), b: tie("expression") }),
    ),
  })).expression;
}

/** The value in the rationals; skips the case where there is none or a part is too large to be exact in float32. */
function exactValue(expression: Expression, variables: readonly number[]): Rational {
  const small = (value: Rational | undefined): Rational => {
    const limit = 2n ** 24n;
    fc.pre(value !== undefined && value.numerator < limit && -value.numerator < limit && value.denominator < limit);
    return value as Rational;
  };
  if ("variable" in expression) return rational(variables[expression.variable]);
  if ("integer" in expression) return rational(expression.integer);
  if ("unary" in expression) return small(rationalOperations[expression.unary]?.(exactValue(expression.a, variables)));
  const { binary, a, b } = expression;
  return small(rationalOperations[binary](exactValue(a, variables), exactValue(b, variables)));
}

function valueIn(A: Arithmetic<unknown>, expression: Expression, variables: readonly number[]): T {
  if ("variable" in expression) return A.lift([variables[expression.variable]], []);
  if ("integer" in expression) return A.ratio(expression.integer, 1);
  if ("unary" in expression) return formulas(A).unary(expression.unary, valueIn(A, expression.a, variables));
  const { binary, a, b } = expression;
  return formulas(A).binary(binary, valueIn(A, a, variables), valueIn(A, b, variables));
}

/** What the rationals say of a formula with small integers holds in the arithmetic: it is their image. */
export const rationals: Law<readonly [Expression, readonly number[]]> = {
  name: "formulas as in the rationals",
  runs: 200,
  cases: (subject) =>
    fc.tuple(expressions(subject), fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 })),
  check(subject, [expression, variables]) {
    const A = subject.arithmetic;
    const expected = exactValue(expression, variables);
    if (!subject.field && !isInteger(expected)) throw new Error("a formula without division has an integer value");
    const actual = valueIn(A, expression, variables);
    A.binary(op.add, actual, actual, A.ratio(0, 1));
    expectSame(
      A,
      actual,
      A.ratio(Number(expected.numerator), Number(expected.denominator)),
      JSON.stringify(expression),
    );
  },
  defects: ({ arithmetic: A }) => ({
    "square doubles": {
      unary(operation, out, a) {
        if (operation.name === "square") A.binary(op.add, out, a, a);
        else A.unary(operation, out, a);
      },
    },
    "subtract the other way round": {
      binary: (operation, out, a, b) =>
        operation.name === "subtract" ? A.binary(operation, out, b, a) : A.binary(operation, out, a, b),
    },
  }),
};
