import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { cos, exp, log, log1p, sigmoid, silu, sin, softplus, sqrt, tanh } from "../../src/operations/functions.ts";
import { binary, broadcast, unary } from "../tensors.ts";
import { type ClosedForm, type Operation, one } from "./operation.ts";

/** The cotangent of a function of one element: f′ ȳ, with f′ from argument and value. */
const bySlope =
  (slope: <S>(A: Arithmetic<S>, x: Tensor<S>, y: Tensor<S>) => Tensor<S>): ClosedForm =>
  (A, [x], y, ct) => [binary(A, "multiply", slope(A, x, y), ct)];

const ones = <S>(A: Arithmetic<S>, like: Tensor<S>) => broadcast(A, A.ratio(1, 1), like.shape);

export const elementaryFunctions: readonly Operation[] = [
  { name: "exp", apply: ([a]) => exp(a), shapes: one, magnitude: 8, roundings: 4, exact: bySlope((_, _x, y) => y) },
  {
    name: "log",
    apply: ([a]) => log(a),
    shapes: one,
    magnitude: 1,
    roundings: 4,
    distance: 1 / 2,
    positive: true,
    exact: bySlope((A, x) => binary(A, "divide", ones(A, x), x)),
  },
  {
    name: "sqrt",
    apply: ([a]) => sqrt(a),
    shapes: one,
    magnitude: 2,
    roundings: 1,
    distance: 1 / 2,
    positive: true,
    exact: bySlope((A, _, y) => binary(A, "divide", ones(A, y), binary(A, "add", y, y))),
  },
  {
    name: "log1p",
    apply: ([a]) => log1p(a),
    shapes: one,
    magnitude: 2,
    roundings: 4,
    positive: true,
    exact: bySlope((A, x) => binary(A, "divide", ones(A, x), binary(A, "add", ones(A, x), x))),
  },
  {
    name: "sin",
    apply: ([a]) => sin(a),
    shapes: one,
    magnitude: 1,
    roundings: 4,
    exact: bySlope((A, x) => unary(A, "cos", x)),
  },
  {
    name: "cos",
    apply: ([a]) => cos(a),
    shapes: one,
    magnitude: 1,
    roundings: 4,
    exact: bySlope((A, x) => unary(A, "negate", unary(A, "sin", x))),
  },
  {
    name: "softplus",
    apply: ([a]) => softplus(a),
    shapes: one,
    magnitude: 3,
    roundings: 12,
    exact: bySlope((A, x) => unary(A, "sigmoid", x)),
  },
  {
    name: "silu",
    apply: ([a]) => silu(a),
    shapes: one,
    magnitude: 2,
    roundings: 9,
    exact: bySlope((A, x, y) => {
      const s = unary(A, "sigmoid", x);
      return binary(A, "add", s, binary(A, "multiply", y, unary(A, "oneMinus", s)));
    }),
  },
  {
    name: "tanh",
    apply: ([a]) => tanh(a),
    shapes: one,
    magnitude: 1,
    roundings: 4,
    exact: bySlope((A, _, y) => binary(A, "subtract", ones(A, y), binary(A, "multiply", y, y))),
  },
  {
    name: "sigmoid",
    apply: ([a]) => sigmoid(a),
    shapes: one,
    magnitude: 1,
    roundings: 8,
    exact: bySlope((A, _, y) => binary(A, "subtract", y, binary(A, "multiply", y, y))),
  },
];
