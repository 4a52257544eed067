import { primeField, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, multiply, subtract } from "../src/operations.ts";
import { broadcastShape } from "../src/shape.ts";
import { vjp } from "../src/transforms.ts";
import { type Variable, wrap } from "../src/variable.ts";
import { seed } from "./settings.ts";
import { assemble, binary, elements } from "./tensors.ts";

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

/** Where element `place` of a tensor of the shape `out` comes from in one that is broadcast to it. */
function origin(place: number, out: readonly number[], shape: readonly number[]): number {
  let [rest, index, stride] = [place, 0, 1];
  for (let axis = out.length - 1; axis >= 0; axis--) {
    const own = axis - (out.length - shape.length);
    const position = rest % out[axis];
    rest = Math.floor(rest / out[axis]);
    if (own < 0) continue;
    if (shape[own] !== 1) index += position * stride;
    stride *= shape[own];
  }
  return index;
}

/** The cotangent of an argument, element by element: each output element adds what it owes to where it comes from. */
function expected(
  F: ReturnType<typeof primeField>,
  shape: readonly number[],
  ct: Residues,
  factor: (place: number) => Residues,
): Residues {
  const totals = new Array<Residues>(sizeOf(shape)).fill(F.ratio(0, 1));
  elements(ct).forEach((element, place) => {
    const to = origin(place, ct.shape, shape);
    totals[to] = binary(F, "add", totals[to], binary(F, "multiply", element, factor(place)));
  });
  return assemble(F, totals, shape);
}

const operations = [
  { name: "add", apply: add, left: () => 1, right: () => 1 },
  { name: "subtract", apply: subtract, left: () => 1, right: () => -1 },
  { name: "multiply", apply: multiply, left: "right", right: "left" },
] as const;

describe.each(operations)("$name", ({ apply, left, right, name }) => {
  test(`broadcasts, forward and backward, in each of ${pairs.length} pairs of shapes`, () => {
    const F = primeField(seed);
    for (const [leftShape, rightShape] of pairs) {
      const [a, b] = [F.uniform(leftShape), F.uniform(rightShape)];
      const shape = broadcastShape(name, leftShape, rightShape);
      const at = (side: "left" | "right", place: number) =>
        side === "left" ? elements(a)[origin(place, shape, leftShape)] : elements(b)[origin(place, shape, rightShape)];
      const factor = (rule: typeof left | typeof right) => (place: number) =>
        typeof rule === "string" ? at(rule, place) : F.ratio(rule(), 1);

      const { value, pullback } = vjp(([x, y]: Variable<Float64Array>[]) => apply(x, y), [wrap(F, a), wrap(F, b)]);
      const where = `[${leftShape}] and [${rightShape}]`;
      expect(value.shape, where).toEqual(shape);
      const places = Array.from({ length: sizeOf(shape) }, (_, place) => place);
      const values = places.map((place) => binary(F, name, at("left", place), at("right", place)));
      expect(F.same(value.value, assemble(F, values, shape)), `value of ${where}`).toBe(true);

      const ct = F.uniform(shape);
      const [da, db] = pullback(wrap(F, ct));
      expect(F.same(da.value, expected(F, leftShape, ct, factor(left))), `da of ${where}`).toBe(true);
      expect(F.same(db.value, expected(F, rightShape, ct, factor(right))), `db of ${where}`).toBe(true);
    }
  });
});

test("axes of length 0 give empty results and zero gradients", () => {
  const F = primeField(seed);
  const [a, b] = [wrap(F, F.uniform([0, 3])), wrap(F, F.uniform([3]))];
  const { value, pullback } = vjp(([x, y]: Variable<Float64Array>[]) => multiply(x, y), [a, b]);
  expect(value.shape).toEqual([0, 3]);
  const [da, db] = pullback(wrap(F, F.uniform([0, 3])));
  expect(da.shape).toEqual([0, 3]);
  expect(F.lower(db.value)).toEqual(Float64Array.of(0, 0, 0));
});

test("shapes that do not fit are refused, with both shapes", () => {
  const F = primeField(seed);
  for (const { apply, name } of operations) {
    expect(() => apply(wrap(F, F.uniform([2, 3])), wrap(F, F.uniform([2])))).toThrow(
      `${name}: shapes [2, 3] and [2]; expected axes equal from the last, or of length 1`,
    );
  }
});
