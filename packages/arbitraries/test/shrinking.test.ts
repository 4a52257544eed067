import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NumericArray } from "../src/numeric-array.ts";
import { asymmetricMatrix, scaledInteger, tensor, tensors, withTensors } from "../src/tensor.ts";
import { counterexamples, smallest, wandering } from "./counterexample.ts";

const plain = ({ shape, data }: NumericArray) => [shape, [...data]];

describe("a number shrinks to", () => {
  test.each<[string, (x: number) => boolean, number]>([
    ["1, not 0", () => true, 1],
    ["an integer, where one fails", (x) => x > 2.3, 3],
    ["0, where nothing else fails", (x) => x === 0, 0],
    ["the positive one of two", (x) => Math.abs(x) >= 3, 3],
    ["a negative one, where no positive one fails", (x) => x < -1.5, -2],
    ["few digits behind the point", (x) => x > 0.3 && x < 0.7, 0.5],
    ["a number with all its digits, where it is the only one", (x) => x === 13 / 64, 13 / 64],
  ])("%s", (_, fails, expected) => {
    expect(smallest(scaledInteger(), fails)).toBe(expected);
  });
});

describe("a tensor shrinks to", () => {
  test("few and short axes, then 1, 2, 3, ...", () => {
    expect(plain(smallest(tensor(), () => true))).toEqual([[], [1]]);
    expect(plain(smallest(tensor(), ({ data }) => data.length >= 3))).toEqual([[3], [1, 2, 3]]);
    expect(plain(smallest(tensor(), ({ shape }) => shape.length === 2 && shape[1] > 1))).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(plain(smallest(tensor({ shape: [2, 2] }), ({ data }) => data[3] > data[0]))).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
    expect(plain(smallest(asymmetricMatrix(), () => true))).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
  });

  test("the least fractions of the same numbers where the limit leaves no room for integers", () => {
    expect(plain(smallest(tensor({ shape: [3], limit: 1 }), () => true))).toEqual([[3], [0.25, 0.5, 0.75]]);
    expect(plain(smallest(tensor({ shape: [2], limit: 1 }), () => true))).toEqual([[2], [0.5, 1]]);
  });

  test("numbers as far apart and from 0 as asked", () => {
    expect(plain(smallest(tensor({ shape: [3], tieFree: 2 }), () => true))).toEqual([[3], [1, 3, 5]]);
    expect(plain(smallest(tensor({ shape: [3], kinkFree: 1.5 }), () => true))).toEqual([[3], [2, 3, 4]]);
    const crowded = { shape: [5], limit: 1, halvings: 1, tieFree: 0.5 };
    expect(plain(smallest(tensor({ ...crowded, shape: [4] }), () => true))).toEqual([[4], [0.5, 1, -0.5, -1]]);
    expect(() => fc.sample(tensor(crowded), 1)).toThrow("expected at most 4");
  });

  test("what fails alone, the rest simple", () => {
    const decreasing = ({ data }: NumericArray) => data.length > 1 && data[0] > data[1];
    for (const { data } of counterexamples(tensor({ shape: [3] }), decreasing))
      expect([...data].sort()).toEqual([1, 2, 3]);
    expect(plain(smallest(tensor(), ({ data }) => data.some((value) => value < -1)))).toEqual([[], [-2]]);
    expect(plain(smallest(tensor(), ({ data: [, , third] }) => third > 4))).toEqual([[3], [1, 2, 5]]);
  });

  test("equal or zero elements only where nothing else fails", () => {
    const equal = ({ data }: NumericArray) => data.length === 2 && data[0] === data[1];
    for (const { shape, data } of counterexamples(tensor({ limit: 1, halvings: 2 }), equal)) {
      expect([shape, data[0] - data[1], data.includes(0)]).toEqual([[2], 0, false]);
    }
    const zero = ({ data }: NumericArray) => data.length === 3 && data[1] === 0;
    for (const { data } of counterexamples(tensor({ limit: 1, halvings: 2 }), zero)) {
      expect(data[1]).toBe(0);
      expect(new Set(data).size).toBe(3);
    }
  });
});

describe("while a tensor shrinks", () => {
  const distinct = (data: Float64Array) => new Set(data).size;

  test("no two elements become equal that were not, and none becomes 0", () => {
    let pairs = 0;
    for (const { before, value } of wandering(tensor({ shape: [6], limit: 2, halvings: 4 }), 120)) {
      if (!before) continue;
      pairs++;
      expect(distinct(value.data)).toBeGreaterThanOrEqual(distinct(before.data));
      const zeros = (data: Float64Array) => data.filter((x) => x === 0).length;
      expect(zeros(value.data)).toBeLessThanOrEqual(zeros(before.data));
    }
    expect(pairs).toBeGreaterThan(1000);
  });

  test("the control: an array of fast-check's own numbers goes to zeros that are all equal", () => {
    const doubles = fc.float64Array({ minLength: 6, maxLength: 6, noNaN: true });
    const { counterexample } = fc.check(
      fc.property(doubles, ({ length }) => length === 0),
      { seed: 1 },
    );
    expect(new Set(counterexample?.[0] as Float64Array).size).toBe(1);
  });
});

describe("a setting with tensors shrinks to", () => {
  const layers = withTensors(
    fc.record({ inputs: fc.integer({ min: 1, max: 6 }), units: fc.integer({ min: 1, max: 6 }) }),
    ({ inputs, units }) => ({ weight: [units, inputs], bias: [units] }),
    { limit: 16 },
  );

  test("a simple setting, then numbers that differ from tensor to tensor", () => {
    const { setting, tensors: drawn } = smallest(layers, ({ setting: { units } }) => units >= 3);
    expect(setting).toEqual({ inputs: 1, units: 3 });
    expect([...drawn.weight.data, ...drawn.bias.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("a small setting although it is the numbers that fail, from whichever end of an axis they come", () => {
    const large = ({ tensors: { weight } }: { tensors: { weight: NumericArray } }) => weight.data.some((x) => x <= -3);
    const { setting, tensors: drawn } = smallest(layers, large);
    expect(setting).toEqual({ inputs: 1, units: 1 });
    expect(plain(drawn.weight)).toEqual([[1, 1], [-3]]);
  });

  test("a list as well", () => {
    const [a, b] = smallest(tensors([[2], [1, 2]]), () => true);
    expect([plain(a), plain(b)]).toEqual([
      [[2], [1, 2]],
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });
});
