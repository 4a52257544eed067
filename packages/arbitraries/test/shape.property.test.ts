import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutuallyBroadcastableShapes } from "../src/broadcastable-shapes.ts";
import type { Shape } from "../src/numeric-array.ts";
import { shape } from "../src/shape.ts";
import { smallest, wandering } from "./counterexample.ts";
import { frequencies, outside, sample } from "./frequencies.ts";

const limits = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([minAxes, moreAxes, minLength, moreLength]) => ({
    minAxes,
    maxAxes: minAxes + moreAxes,
    minLength,
    maxLength: minLength + moreLength,
  }));

function isWithin(
  lengths: Shape,
  { minAxes, maxAxes, minLength, maxLength }: Required<Parameters<typeof shape>[0]> & object,
) {
  const axes = lengths.length >= (minAxes ?? 0) && lengths.length <= (maxAxes ?? 0);
  return axes && lengths.every((length) => length >= (minLength ?? 0) && length <= (maxLength ?? 0));
}

/**
 * NumPy's rule by its meaning, element by element: every element of the result has one in each array. Written with indices,
 * without a look at how the shapes were made.
 */
function broadcastsTo(from: Shape, to: Shape): boolean {
  if (from.length > to.length) return false;
  const size = to.reduce((product, length) => product * length, 1);
  for (let place = 0; place < size; place++) {
    let rest = place;
    for (let back = 1; back <= to.length; back++) {
      const index = rest % to[to.length - back];
      rest = Math.floor(rest / to[to.length - back]);
      const own = from[from.length - back];
      if (own !== undefined && (own === 1 ? 0 : index) >= own) return false;
      if (own !== undefined && own !== 1 && own !== to[to.length - back]) return false;
    }
  }
  return true;
}

/** Whether shapes broadcast to a result, and to none that is smaller. */
function isBroadcastOf(shapes: readonly Shape[], result: Shape): boolean {
  const axes = Math.max(...shapes.map((lengths) => lengths.length));
  const needed = result.every(
    (length, axis) => length === 1 || shapes.some((own) => own[axis - result.length + own.length] === length),
  );
  return axes === result.length && needed && shapes.every((own) => broadcastsTo(own, result));
}

describe("shape", () => {
  test("stays within its limits, shrunk or not", () => {
    const law = fc.property(
      limits.chain((given) => fc.tuple(fc.constant(given), shape(given))),
      ([given, lengths]) => isWithin(lengths, given),
    );
    fc.assert(law, runs(300));
    const given = { minAxes: 1, maxAxes: 3, minLength: 2, maxLength: 5 };
    const tried = wandering(shape(given), 40);
    expect(tried.filter(({ value }) => !isWithin(value, given))).toEqual([]);
    // The control: without the limits it does not.
    expect(sample(shape(), 200).every((lengths) => isWithin(lengths, given))).toBe(false);
  });

  test("draws every number of axes and every length alike", () => {
    const shapes = sample(shape(), 4000);
    const axes = frequencies(shapes, (lengths) => [String(lengths.length)]);
    expect(outside(axes, { 0: [0.21, 0.29], 1: [0.21, 0.29], 2: [0.21, 0.29], 3: [0.21, 0.29] })).toEqual([]);
    const lengths = frequencies(shapes.flat(), (length) => [String(length)]);
    expect(outside(lengths, { 1: [0.22, 0.28], 2: [0.22, 0.28], 3: [0.22, 0.28], 4: [0.22, 0.28] })).toEqual([]);
  });

  test("shrinks to few and short axes", () => {
    expect(smallest(shape(), () => true)).toEqual([]);
    expect(smallest(shape(), (lengths) => lengths.length === 2 && lengths[1] !== 1)).toEqual([1, 2]);
    expect(smallest(shape(), (lengths) => lengths.reduce((size, length) => size * length, 1) >= 6)).toEqual([2, 3]);
    expect(smallest(shape({ minLength: 0 }), (lengths) => lengths.includes(0))).toEqual([0]);
    expect(smallest(shape({ minAxes: 2, minLength: 2 }), () => true)).toEqual([2, 2]);
  });

  test.each([
    { minAxes: 2, maxAxes: 1 },
    { minLength: 3, maxLength: 2 },
    { minAxes: -1 },
    { maxLength: 1.5 },
    { minLength: Number.NaN },
  ])("refuses %o", (options) => {
    expect(() => shape(options)).toThrow(RangeError);
  });
});

describe("mutuallyBroadcastableShapes", () => {
  test("broadcast together, to the result and to nothing smaller, shrunk or not", () => {
    const law = fc.property(
      fc
        .tuple(limits, fc.integer({ min: 1, max: 4 }))
        .chain(([given, count]) => fc.tuple(fc.constant(given), mutuallyBroadcastableShapes({ ...given, count }))),
      ([given, { shapes, result }]) => isWithin(result, given) && isBroadcastOf(shapes, result),
    );
    fc.assert(law, runs(1000));
    const tried = wandering(mutuallyBroadcastableShapes({ count: 3, minLength: 0 }), 40);
    expect(tried.filter(({ value: { shapes, result } }) => !isBroadcastOf(shapes, result))).toEqual([]);
  });

  test("the check refuses shapes that do not: some of any two, and results that are too large or too small", () => {
    const pairs = sample(fc.tuple(shape(), shape()), 300);
    const result = ([a, b]: readonly Shape[]) => (a.length >= b.length ? a : b);
    const accepted = pairs.filter((pair) => isBroadcastOf(pair, result(pair))).length;
    expect(accepted).toBeLessThan(250);
    expect(isBroadcastOf([[2, 1], [3]], [2, 3])).toBe(true);
    for (const [shapes, wrong] of [
      [
        [[2, 1], [3]],
        [3, 2],
      ],
      [
        [[2, 1], [3]],
        [1, 2, 3],
      ],
      [
        [[2, 1], [1]],
        [2, 3],
      ],
      [
        [[2, 2], [3]],
        [2, 3],
      ],
    ] as const) {
      expect(isBroadcastOf(shapes, wrong)).toBe(false);
    }
  });

  test("missing axes, axes of length 1, and both to and fro come at known frequencies", () => {
    const drawn = sample(mutuallyBroadcastableShapes({ minAxes: 0, minLength: 2 }), 4000);
    const shares = frequencies(drawn, ({ shapes: [a, b], result }) => {
      const labels = [];
      if (a.length !== b.length) labels.push("missing");
      if (a.includes(1) || b.includes(1)) labels.push("one");
      const isSmaller = (own: Shape) => own.length < result.length || own.includes(1);
      if (isSmaller(a) && isSmaller(b)) labels.push("both");
      if (!isSmaller(a) && !isSmaller(b)) labels.push("equal");
      return labels;
    });
    expect(outside(shares, { missing: [0.28, 0.45], one: [0.3, 0.5], both: [0.06, 0.13], equal: [0.28, 0.5] })).toEqual(
      [],
    );
  });

  test("shrink to few and short axes, then to equal shapes", () => {
    const pairs = mutuallyBroadcastableShapes();
    expect(smallest(pairs, () => true)).toEqual({ shapes: [[], []], result: [] });
    expect(smallest(pairs, ({ shapes: [a, b] }) => a.length > b.length)).toEqual({ shapes: [[1], []], result: [1] });
    expect(smallest(pairs, ({ shapes: [a, b] }) => a.at(-1) === 1 && b.at(-1) === 2)).toEqual({
      shapes: [[1], [2]],
      result: [2],
    });
    const toAndFro = ({ shapes: [a, b] }: { shapes: readonly Shape[] }) =>
      a.length === 2 && b.length === 2 && a[0] < b[0] && a[1] > b[1];
    expect(smallest(pairs, toAndFro)).toEqual({
      shapes: [
        [1, 2],
        [2, 1],
      ],
      result: [2, 2],
    });
  });

  test("refuses a count below 1", () => {
    expect(() => mutuallyBroadcastableShapes({ count: 0 })).toThrow("count is 0");
  });
});
