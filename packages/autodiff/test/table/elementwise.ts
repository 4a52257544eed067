import { add, divide, multiply, negate, square, subtract } from "../../src/operations/elementwise.ts";
import { greater, relu, where } from "../../src/operations/piecewise.ts";
import { variable, wrap } from "../../src/variable.ts";
import { binary, broadcast, broughtBack } from "../tensors.ts";
import { type ClosedForm, moved, type Operation, one, pairs, range } from "./operation.ts";

const bilinear = { shapes: pairs, roundings: 1, exact: "polynomial" } as const;

/** ȳ / b and −a ȳ / b² */
const divideCotangents: ClosedForm = (A, [a, b], y, ct) => {
  const [left, right] = [broadcast(A, a, y.shape), broadcast(A, b, y.shape)];
  const da = binary(A, "divide", ct, right);
  const product = binary(A, "multiply", left, ct);
  const db = binary(A, "divide", product, binary(A, "multiply", right, right));
  const minus = binary(A, "multiply", db, A.ratio(-1, 1));
  return [broughtBack(A, da, a.shape), broughtBack(A, minus, b.shape)];
};

export const elementwiseOperations: readonly Operation[] = [
  { ...bilinear, name: "add", apply: ([a, b]) => add(a, b), magnitude: 2 * range },
  { ...bilinear, name: "subtract", apply: ([a, b]) => subtract(a, b), magnitude: 2 * range },
  { ...bilinear, name: "multiply", apply: ([a, b]) => multiply(a, b), magnitude: range ** 2 },
  {
    name: "divide",
    apply: ([a, b]) => divide(a, b),
    shapes: pairs,
    magnitude: 2 * range,
    roundings: 1,
    distance: 1 / 2,
    exact: divideCotangents,
  },
  { name: "negate", apply: ([a]) => negate(a), shapes: one, ...moved },
  { name: "square", apply: ([a]) => square(a), shapes: one, magnitude: range ** 2, roundings: 1, exact: "polynomial" },
  { name: "relu", apply: ([a]) => relu(a), shapes: one, ...moved, distance: 1 / 8 },
  {
    name: "where, by a mask",
    apply: ([a, b]) => where(variable(a.arithmetic, [1, 0, 1], [3, 1]), a, b),
    shapes: [
      [
        [3, 2],
        [3, 2],
      ],
      [[2], [3, 1]],
      [[], [1, 2]],
    ],
    ...moved,
  },
  {
    name: "where, x² for x greater than 0, else −x",
    apply: ([x]) => where(greater(x, wrap(x.arithmetic, x.arithmetic.ratio(0, 1))), square(x), negate(x)),
    shapes: [[[2, 3]], [[]]],
    magnitude: range ** 2,
    roundings: 1,
    distance: 1 / 8,
    exact: "polynomial",
  },
];
