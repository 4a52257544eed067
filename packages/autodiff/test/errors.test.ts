import { dense, doubleDouble, float64, primeField, ShapeError } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { broadcastTo, sumTo } from "../src/operations/broadcasting.ts";
import { einsum, tensordot } from "../src/operations/contraction.ts";
import { determinant } from "../src/operations/determinant.ts";
import { add, divide, multiply, subtract } from "../src/operations/elementwise.ts";
import { max } from "../src/operations/extremes.ts";
import { concat, stack } from "../src/operations/joining.ts";
import { reshape, transpose } from "../src/operations/layout.ts";
import { cholesky, inverse, solve, triangularSolve } from "../src/operations/linear-systems.ts";
import { matmul } from "../src/operations/matmul.ts";
import { greater, where } from "../src/operations/piecewise.ts";
import { diagonal, gather, oneHot, pad } from "../src/operations/rearranging.ts";
import { mean, sum } from "../src/operations/reduction.ts";
import { at, scatterAdd, slice, take } from "../src/operations/selection.ts";
import { logSumExp, softmax, softmaxCrossEntropy } from "../src/operations/softmax.ts";
import { variable } from "../src/variable.ts";

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
const scalar = (value: number) => v([value], []);
const a = v([1, -2, 3, -4, 5, -6], [2, 3]);
const b = v([2, 3, 5, 7, 11, 13], [2, 3]);
const cube = v([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);

describe("what does not fit is refused, by name", () => {
  const products = "expected [..., M, K] and [..., K, N]";
  const fitting = "expected axes equal from the last, or of length 1";
  const axis = "expected an axis, from 0 on or from -1 back";
  const shapeErrors: readonly [message: string, found: () => unknown][] = [
    [`matmul: shapes [2, 3] and [2, 3]; ${products}`, () => matmul(a, b)],
    [`matmul: shapes [2] and [2, 3]; ${products}`, () => matmul(v([1, 2]), b)],
    [`matmul: shapes [2, 3] and []; ${products}`, () => matmul(a, scalar(1))],
    [`matmul: shapes [2, 2, 2] and [2, 3, 1]; ${products}`, () => matmul(cube, reshape(a, [2, 3, 1]))],
    [`matmul, leading axes: shapes [2] and [3]; ${fitting}`, () => matmul(cube, reshape(concat([a, b]), [3, 2, 2]))],
    [`add: shapes [2, 3] and [2]; ${fitting}`, () => add(a, v([1, 2]))],
    [`divide: shapes [2, 3] and [2]; ${fitting}`, () => divide(a, v([1, 2]))],
    [`greater: shapes [2, 3] and [2]; ${fitting}`, () => greater(a, v([1, 2]))],
    [`where: shapes [2] and [3]; ${fitting}`, () => where(a, v([1, 2]), v([1, 2, 3]))],
    [`where: shapes [2] and [2, 3]; ${fitting}`, () => where(v([1, 0]), a, b)],
    [`softmax(axis -1): shapes []; ${axis}`, () => softmax(scalar(1))],
    [`softmax(axis 2): shapes [2, 3]; ${axis}`, () => softmax(a, 2)],
    [`logSumExp(axis -1): shapes []; ${axis}`, () => logSumExp(scalar(1))],
    [`sum(axis 2): shapes [2, 3]; ${axis}`, () => sum(a, 2)],
    [`sum(axis -3): shapes [2, 3]; ${axis}`, () => sum(a, [0, -3])],
    [`mean(axis 0.5): shapes [2, 3]; ${axis}`, () => mean(a, 0.5)],
    [`mean(axis NaN): shapes [2, 3]; ${axis}`, () => mean(a, Number.NaN)],
    ["softmaxCrossEntropy: shapes [2, 3] and [1]; expected logits [N, O] and N", () => softmaxCrossEntropy(a, [0])],
    [
      "softmaxCrossEntropy: shapes [2] and [2]; expected logits [N, O] and N classes",
      () => softmaxCrossEntropy(v([1, 2]), [0, 1]),
    ],
    ["transpose: shapes [2]; expected at least two axes", () => transpose(v([1, 2]))],
    ["transpose(0): shapes [2, 3]; expected every axis once", () => transpose(a, [0])],
    ["transpose(1, 1): shapes [2, 3]; expected every axis once", () => transpose(a, [1, -1])],
    [`transpose(axis 2): shapes [2, 3]; ${axis}`, () => transpose(a, [0, 2])],
    ["reshape: shapes [2, 3] and [4]; expected a contiguous tensor of as many elements", () => reshape(a, [4])],
    ["broadcastTo: shapes [2, 3] and [2, 4]; expected axes equal from the last", () => broadcastTo(a, [2, 4])],
    ["sum: shapes [2] and [2, 3]; expected axes equal from the last, or of length 1", () => sumTo(a, [2])],
    ["slice(1, 3): shapes [2, 3]; expected 0 <= start <= end <= length of axis 0, counted", () => slice(a, 1, 3)],
    ["slice(2, 4): shapes [2, 3]; expected 0 <= start <= end <= length of axis 1", () => slice(a, 2, 4, -1)],
    ["slice(-3, 1): shapes [2, 3]; expected 0 <= start <= end <= length of axis 0", () => slice(a, -3, 1)],
    ["slice(-1, -2): shapes [2, 3]; expected 0 <= start <= end <= length of axis 0", () => slice(a, -1, -2)],
    ["slice(0, NaN): shapes [2, 3]; expected 0 <= start <= end <= length of axis 0", () => slice(a, 0, Number.NaN)],
    [`slice(axis 0): shapes []; ${axis}`, () => slice(scalar(1), 0, 0)],
    ["at(2): shapes [2, 3]; expected an index of axis 0", () => at(a, 2)],
    ["at(-4): shapes [2, 3]; expected an index of axis 1, from 0 on or from -1 back", () => at(a, -4, 1)],
    ["at(0.5): shapes [2, 3]; expected an index of axis 0", () => at(a, 0.5)],
    [`at(axis 2): shapes [2, 3]; ${axis}`, () => at(a, 0, 2)],
    [`take(axis -3): shapes [2, 3]; ${axis}`, () => take(a, [0], -3)],
    ["concat: shapes [2, 3] and [3, 2]; expected the same lengths but along axis 0", () => concat([a, transpose(a)])],
    [
      "concat: shapes [2, 3] and [6]; expected the same lengths but along axis 1",
      () => concat([a, reshape(a, [6])], 1),
    ],
    [`concat(axis 0): shapes []; ${axis}`, () => concat([scalar(1), scalar(2)])],
    ["stack: shapes [2, 3] and [3, 2]; expected the same shapes", () => stack([a, transpose(a)])],
    [`stack(axis 3): shapes [1, 2, 3]; ${axis}`, () => stack([a], 3)],
  ];
  test.each(shapeErrors)("%s", (message, found) => {
    expect(found).toThrow(ShapeError);
    expect(found).toThrow(message);
  });

  test.each<[message: string, found: () => unknown]>([
    ["take: row 1 is 2; expected an integer in [0, 2)", () => take(a, [0, 2])],
    ["take: row 0 is -1; expected an integer in [0, 2)", () => take(a, [-1])],
    ["take: row 0 is 3; expected an integer in [0, 3)", () => take(a, [3], 1)],
    ["take: row 0 is 0.5; expected an integer in [0, 2)", () => take(a, [0.5])],
    ["softmaxCrossEntropy: class 3 at row 1; expected an integer in [0, 3)", () => softmaxCrossEntropy(a, [0, 3])],
    ["softmaxCrossEntropy: class -1 at row 0; expected an integer in [0, 3)", () => softmaxCrossEntropy(a, [-1, 0])],
    ["concat: no variables; expected at least one", () => concat([])],
    ["stack: no variables; expected at least one", () => stack([])],
    ["max: axis 0 of shape [0, 2] has no elements", () => max(v([], [0, 2]), 0)],
    ["gather: index 1 is 3; expected an integer in [0, 3)", () => gather(a, { data: [0, 3], shape: [2, 1] })],
    ["oneHot: class 2 at row 0; expected an integer in [0, 2)", () => oneHot(a, [2], 2)],
    [
      "pad: a width of -1 beside 2 elements; expected an integer from 0 to 9007199254740991",
      () =>
        pad(a, [
          [-1, 0],
          [0, 0],
        ]),
    ],
    [
      "pad: a width of 3 beside 3 elements; expected an integer from 0 to 2",
      () =>
        pad(
          a,
          [
            [0, 0],
            [0, 3],
          ],
          { mode: "reflect" },
        ),
    ],
    ["cholesky: pivot 1 is -3; expected a positive definite matrix", () => cholesky(v([1, 2, 2, 1], [2, 2]))],
  ])("%s", (message, found) => {
    expect(found).toThrow(new RangeError(message));
  });

  test.each<[message: string, found: () => unknown]>([
    ["solve: shapes [2, 3]; expected [N, N]", () => solve(a, a)],
    [
      "solve: shapes [2, 2] and [3]; expected [N, N] with [N] or [N, M]",
      () => solve(v([1, 0, 0, 1], [2, 2]), v([1, 2, 3])),
    ],
    ["triangularSolve: shapes [2, 3]; expected [N, N]", () => triangularSolve(a, a)],
    ["inverse: shapes [2, 3]; expected [N, N]", () => inverse(a)],
    ["determinant: shapes [2, 3]; expected [N, N]", () => determinant(a)],
    ["tensordot over axes [1] and [0]: shapes [2, 3] and [2, 3]; expected pairs of one length", () => tensordot(a, a)],
    ['einsum "ij,jk->ik": shapes [2, 3] and [2, 3]; expected one length for j', () => einsum("ij,jk->ik", a, a)],
    ['einsum "ij->i": shapes [2, 3] and [2, 3]; expected an operand for each term', () => einsum("ij->i", a, a)],
    ["pad: shapes [2, 3] and [1]; expected as many pairs of widths as axes", () => pad(a, [[1, 1]])],
    [
      "gather: shapes [2, 3] and [1, 1]; expected indices of a's shape but along axis 1",
      () => gather(a, { data: [0], shape: [1, 1] }),
    ],
    [
      "scatterAdd: shapes [2, 3] and [1]; expected as many indices as elements along axis 0",
      () => scatterAdd(a, [0], 4),
    ],
    ["diagonal: shapes []; expected at least one axis", () => diagonal(v([1], []))],
  ])("%s", (message, found) => {
    expect(found).toThrow(ShapeError);
    expect(found).toThrow(message);
  });

  test.each(["ij", "ij->ik", "ij->ii", "i1->i", "ij->i->j"])('einsum refuses "%s"', (notation) => {
    expect(() => einsum(notation, a)).toThrow(SyntaxError);
  });

  const F = primeField(1);
  const residues = variable(F, [1, 2, 3, 4], [2, 2]);
  const floats = v([1, 2, 3, 4], [2, 2]);
  const meetings = { add, subtract, multiply, divide, matmul } as const;
  const names = "variables of float64 and primeField; expected the same instance";

  test.each(Object.keys(meetings) as (keyof typeof meetings)[])("%s of two arithmetics", (name) => {
    expect(() => meetings[name](floats, residues)).toThrow(new TypeError(`${name}: ${names}`));
    // Two instances of one arithmetic do not share their memory, and two fields not even their primes.
    const [first, second] = [1, 2].map(() => variable(dense(doubleDouble), [1], [1, 1]));
    expect(() => meetings[name](first, second)).toThrow("variables of doubleDouble and doubleDouble");
  });

  test("choosing from and joining variables of two arithmetics", () => {
    const calls = {
      greater: () => greater(floats, residues),
      where: () => where(floats, floats, residues),
      concat: () => concat([floats, floats, residues]),
      stack: () => stack([floats, residues]),
    };
    for (const [name, call] of Object.entries(calls)) expect(call).toThrow(new TypeError(`${name}: ${names}`));
    expect(() => where(residues, floats, floats)).toThrow(new TypeError(`where: ${names}`));
  });
});
