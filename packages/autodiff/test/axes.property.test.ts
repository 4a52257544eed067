import { primeField, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { concat, stack } from "../src/operations/joining.ts";
import { reshape, transpose } from "../src/operations/layout.ts";
import { mean, sum } from "../src/operations/reduction.ts";
import { at, slice, take } from "../src/operations/selection.ts";
import { logSumExp, softmax } from "../src/operations/softmax.ts";
import { vjp } from "../src/transforms/reverse.ts";
import { type Variable, wrap } from "../src/variable.ts";
import { assemble, binary, broadcast, broughtBack, elements } from "./tensors.ts";

type Residues = Tensor<Float64Array>;
type Graph = Variable<Float64Array>;

const F = primeField(seed);
const axes = [0, 1, 2];
const shapes = [
  [2, 3, 4],
  [3, 3, 3],
  [2, 1, 2],
];
const subsets = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

const seenAs = (t: Residues, shape: readonly number[]) => assemble(F, elements(t), shape);
const uniform = (shape: readonly number[]) => wrap(F, F.uniform(shape));

/** Two functions of one variable have the same value and, for one cotangent, the same pullback. */
function expectAlike(x: Graph, f: (x: Graph) => Graph, g: (x: Graph) => Graph, of: string): void {
  const [found, expected] = [vjp(f, x), vjp(g, x)];
  expect(found.value.shape, of).toEqual(expected.value.shape);
  expect(F.same(found.value.value, expected.value.value), `value ${of}`).toBe(true);
  const ct = uniform(found.value.shape);
  expect(F.same(found.pullback(ct).value, expected.pullback(ct).value), `cotangent ${of}`).toBe(true);
}

describe.each(shapes.map((shape) => ({ name: shape.join(" × "), shape })))("of $name", ({ shape }) => {
  const x = uniform(shape);

  test.each([false, true])("sum and mean over every set of axes, dimensions kept: %s", (keepDimensions) => {
    for (const set of subsets) {
      const kept = shape.map((length, axis) => (set.includes(axis) ? 1 : length));
      const left = keepDimensions ? kept : shape.filter((_, axis) => !set.includes(axis));
      const count = F.ratio(
        set.reduce((product, axis) => product * shape[axis], 1),
        1,
      );
      const over = (t: Residues) => binary(F, "divide", t, broadcast(F, count, t.shape));
      const total = seenAs(broughtBack(F, x.value, kept), left);
      for (const [named, backwards] of [
        [set, "from the first"],
        [set.map((axis) => axis - 3).reverse(), "from the last"],
      ] as const) {
        const of = `over [${named}], counted ${backwards}`;
        for (const [reduce, scaled] of [
          [sum, (t: Residues) => t],
          [mean, over],
        ] as const) {
          const { value, pullback } = vjp((y: Graph) => reduce(y, named, { keepDimensions }), x);
          expect(value.shape, of).toEqual(left);
          expect(F.same(value.value, scaled(total)), of).toBe(true);
          const ct = F.uniform(left);
          const expected = broadcast(F, seenAs(scaled(ct), kept), shape);
          expect(F.same(pullback(wrap(F, ct)).value, expected), `cotangent ${of}`).toBe(true);
        }
      }
    }
  });

  test("transpose by every order of the axes, and back by the inverse", () => {
    for (const order of permutations) {
      const { value, pullback } = vjp((y: Graph) => transpose(y, order), x);
      expect(value.shape).toEqual(order.map((axis) => shape[axis]));
      const lengths = value.shape;
      const from = Array.from({ length: sizeOf(lengths) }, (_, place) => {
        const index = [0, 0, 0];
        let rest = place;
        for (let n = 2; n >= 0; n--) {
          index[order[n]] = rest % lengths[n];
          rest = Math.floor(rest / lengths[n]);
        }
        return (index[0] * shape[1] + index[1]) * shape[2] + index[2];
      });
      const all = elements(x.value);
      const expected = from.map((place) => all[place]);
      expect(F.same(value.value, assemble(F, expected, lengths)), `[${order}]`).toBe(true);
      expect(F.same(pullback(value).value, x.value), `[${order}] and back`).toBe(true);
    }
  });

  test.each(axes)("along axis %i as along the first of a transposed variable, and as counted from the last", (axis) => {
    const order = [axis, ...axes.filter((other) => other !== axis)];
    const back = axes.map((n) => order.indexOf(n));
    /** The same along the first axis; what comes out has as many axes. */
    const first = (f: (y: Graph) => Graph) => (y: Graph) => transpose(f(transpose(y, order)), back);
    const length = shape[axis];
    const [start, end, index] = [Math.min(1, length - 1), length, length - 1];
    const indices = [index, 0, index, index];
    const kept = { keepDimensions: true };
    const dropped = shape.toSpliced(axis, 1);

    for (const a of [axis, axis - 3]) {
      const of = `along axis ${a}`;
      expectAlike(
        x,
        (y) => slice(y, start, end, a),
        first((y) => slice(y, start, end)),
        `slice ${of}`,
      );
      expectAlike(
        x,
        (y) => at(y, index, a),
        (y) => at(transpose(y, order), index),
        `at ${of}`,
      );
      expectAlike(
        x,
        (y) => take(y, indices, a),
        first((y) => take(y, indices)),
        `take ${of}`,
      );
      expectAlike(
        x,
        (y) => concat([y, slice(y, 0, 1, a), y], a),
        first((y) => concat([y, slice(y, 0, 1), y])),
        `concat ${of}`,
      );
      expectAlike(
        x,
        (y) => softmax(y, a),
        first((y) => transpose(softmax(transpose(y, [1, 2, 0])), [2, 0, 1])),
        `softmax ${of}`,
      );
      expectAlike(
        x,
        (y) => logSumExp(y, a, kept),
        first((y) => transpose(logSumExp(transpose(y, [1, 2, 0]), -1, kept), [2, 0, 1])),
        `logSumExp ${of}`,
      );
      expectAlike(
        x,
        (y) => logSumExp(y, a),
        (y) => reshape(logSumExp(y, a, kept), dropped),
        `logSumExp ${of}`,
      );
    }
    // The new axis is one of four.
    for (const a of [axis, axis - 4]) {
      const beside = [1, 2, 3].toSpliced(axis, 0, 0);
      expectAlike(
        x,
        (y) => stack([y, x, y], a),
        (y) => transpose(stack([y, x, y]), beside),
        `stack along axis ${a}`,
      );
    }
  });
});
