import { primeField, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { add, divide, multiply, subtract } from "../src/operations/elementwise.ts";
import { where } from "../src/operations/piecewise.ts";
import { broadcastShape } from "../src/operations/shape.ts";
import { vjp } from "../src/transforms/reverse.ts";
import { type Variable, wrap } from "../src/variable.ts";
import { assemble, binary, broadcast, broughtBack, elements, origin } from "./tensors.ts";

type Residues = Tensor<Float64Array>;

/** Every shape that broadcasts to one of [2, 3, 4], [3, 4], [4], []: leading axes left out, any axis of length 1. */
const shapes: readonly (readonly number[])[] = [[4], [3, 4], [2, 3, 4]].reduce<number[][]>(
  (all, full) => {
    for (let ones = 0; ones < 2 ** full.length; ones++) {
      all.push(full.map((length, axis) => ((ones >> axis) & 1 ? 1 : length)));
    }
    return all;
  },
  [[]],
);
const pairs = shapes.flatMap((left) => shapes.map((right) => [left, right] as const));

const F = primeField(seed);

/** Factors of ȳ in the cotangents, from both operands in the shape of the output. */
const operations = [
  { name: "add", apply: add, left: () => F.ratio(1, 1), right: () => F.ratio(1, 1) },
  { name: "subtract", apply: subtract, left: () => F.ratio(1, 1), right: () => F.ratio(-1, 1) },
  { name: "multiply", apply: multiply, left: (_a: Residues, b: Residues) => b, right: (a: Residues) => a },
  {
    name: "divide",
    apply: divide,
    left: (_a: Residues, b: Residues) => binary(F, "divide", binary(F, "divide", b, b), b),
    right(a: Residues, b: Residues) {
      const minus = binary(F, "multiply", a, F.ratio(-1, 1));
      return binary(F, "divide", minus, binary(F, "multiply", b, b));
    },
  },
] as const;

describe.each(operations)("$name", ({ apply, left, right, name }) => {
  test(`broadcasts, forward and backward, in each of ${pairs.length} pairs of shapes`, () => {
    for (const [leftShape, rightShape] of pairs) {
      const [a, b] = [F.uniform(leftShape), F.uniform(rightShape)];
      const shape = broadcastShape(name, leftShape, rightShape);
      const [wideA, wideB] = [broadcast(F, a, shape), broadcast(F, b, shape)];
      const { value, pullback } = vjp(([x, y]: Variable<Float64Array>[]) => apply(x, y), [wrap(F, a), wrap(F, b)]);
      const of = `of [${leftShape}] and [${rightShape}]`;
      expect(value.shape, of).toEqual(shape);
      expect(F.same(value.value, binary(F, name, wideA, wideB)), `value ${of}`).toBe(true);

      const ct = F.uniform(shape);
      const [da, db] = pullback(wrap(F, ct));
      const cotangent = (factor: typeof left | typeof right, own: readonly number[]) =>
        broughtBack(F, binary(F, "multiply", ct, factor(wideA, wideB)), own);
      expect(F.same(da.value, cotangent(left, leftShape)), `da ${of}`).toBe(true);
      expect(F.same(db.value, cotangent(right, rightShape)), `db ${of}`).toBe(true);
    }
  });
});

test(`where broadcasts, forward and backward, each of ${pairs.length} pairs of shapes with conditions of all shapes`, () => {
  let chosen = 0;
  pairs.forEach(([leftShape, rightShape], i) => {
    // Every shape of a condition comes with every shape of a, and with every one of b.
    const conditionShape = shapes[(i + Math.floor(i / shapes.length)) % shapes.length];
    const [a, b] = [F.uniform(leftShape), F.uniform(rightShape)];
    const mask = Array.from({ length: sizeOf(conditionShape) }, (_, k) => ((k * 7 + i) % 3 === 0 ? 1 : 0));
    const condition = wrap(F, F.lift(mask, conditionShape));
    const shape = broadcastShape("where", conditionShape, broadcastShape("where", leftShape, rightShape));
    const places = Array.from({ length: sizeOf(shape) }, (_, place) => place);
    const holds = places.map((place) => mask[origin(place, shape, conditionShape)] === 1);
    const pick = (left: Residues, right: Residues) => {
      const [x, y] = [elements(broadcast(F, left, shape)), elements(broadcast(F, right, shape))];
      return assemble(
        F,
        holds.map((first, place) => (first ? x[place] : y[place])),
        shape,
      );
    };
    chosen += holds.filter(Boolean).length;

    const { value, pullback } = vjp(
      ([x, y]: Variable<Float64Array>[]) => where(condition, x, y),
      [wrap(F, a), wrap(F, b)],
    );
    const of = `of [${conditionShape}], [${leftShape}] and [${rightShape}]`;
    expect(value.shape, of).toEqual(shape);
    expect(F.same(value.value, pick(a, b)), `value ${of}`).toBe(true);
    const [ct, zero] = [F.uniform(shape), F.ratio(0, 1)];
    const [da, db] = pullback(wrap(F, ct));
    expect(F.same(da.value, broughtBack(F, pick(ct, zero), leftShape)), `da ${of}`).toBe(true);
    expect(F.same(db.value, broughtBack(F, pick(zero, ct), rightShape)), `db ${of}`).toBe(true);
  });
  expect(chosen).toBeGreaterThan(500);
});

test("axes of length 0 give empty results and zero gradients", () => {
  const [a, b] = [wrap(F, F.uniform([0, 3])), wrap(F, F.uniform([3]))];
  const { value, pullback } = vjp(([x, y]: Variable<Float64Array>[]) => multiply(x, y), [a, b]);
  expect(value.shape).toEqual([0, 3]);
  const [da, db] = pullback(wrap(F, F.uniform([0, 3])));
  expect(da.shape).toEqual([0, 3]);
  expect(F.lower(db.value)).toEqual(Float64Array.of(0, 0, 0));
});

test("shapes that do not fit are refused, with both shapes", () => {
  for (const { apply, name } of operations) {
    expect(() => apply(wrap(F, F.uniform([2, 3])), wrap(F, F.uniform([2])))).toThrow(
      `${name}: shapes [2, 3] and [2]; expected axes equal from the last, or of length 1`,
    );
  }
});
