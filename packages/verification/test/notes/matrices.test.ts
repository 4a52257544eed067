import { float64, primeField } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { expect, test } from "vitest";
import { dualJacobian } from "../../src/notes/dual-jacobian.ts";
import { byWeight, determinant, diagonal, identity, inner, row, squared, times } from "../../src/notes/matrices.ts";
import { seed } from "../settings.ts";

const A = float64;

test("diagonal, identity and the derivative of a product with respect to its weights, by hand", () => {
  const v = A.lift([2, 3], [2, 1]);
  expect([...A.lower(diagonal(A, v))]).toEqual([2, 0, 0, 3]);
  expect([...A.lower(identity(A, 2))]).toEqual([1, 0, 0, 1]);
  expect([...A.lower(byWeight(A, 2, v))]).toEqual([2, 3, 0, 0, 0, 0, 2, 3]);
  expect([...A.lower(inner(A, v, v))]).toEqual([13]);
});

test("products are taken in the order in which they are written", () => {
  const [a, b] = [A.lift([0, 1, 0, 0], [2, 2]), A.lift([0, 0, 1, 0], [2, 2])];
  expect([...A.lower(times(A, a, b))]).toEqual([1, 0, 0, 0]);
  expect([...A.lower(times(A, b, a))]).toEqual([0, 0, 0, 1]);
});

test.each([
  [1, [5], 5],
  [2, [1, 2, 3, 4], -2],
  [3, [2, 0, 1, 1, 3, 2, 1, 1, 4], 18],
])("determinants by hand: n = %i", (n, values, expected) => {
  expect([...A.lower(determinant(A, A.lift(values, [n, n])))]).toEqual([expected]);
});

test("a Jacobian by dual numbers is that of a bilinear map, and of a square", () => {
  const F = primeField(seed);
  const [w, x] = [F.uniform([2, 3]), F.uniform([3, 1])];
  const product = dualJacobian(F, [w, x], 0, (arithmetic, [weight, input]) => times(arithmetic, weight, input));
  expect(F.same(product, byWeight(F, 2, x))).toBe(true);
  expect(
    F.same(
      dualJacobian(F, [w, x], 1, (arithmetic, [weight, input]) => times(arithmetic, weight, input)),
      w,
    ),
  ).toBe(true);
  const [twice, square] = [
    F.empty([1, 3]),
    dualJacobian(F, [row(F, x)], 0, (arithmetic, [input]) => squared(arithmetic, input)),
  ];
  F.binary(op.multiply, twice, row(F, x), F.ratio(2, 1));
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const element = { ...square, offset: square.offset + 3 * i + j, shape: [], strides: [] };
      const expected = i === j ? { ...twice, offset: twice.offset + i, shape: [], strides: [] } : F.ratio(0, 1);
      expect(F.same(element, expected)).toBe(true);
    }
  }
});
