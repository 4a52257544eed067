import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gridOf, type TensorOptions } from "../src/number-options.ts";
import type { NumericArray } from "../src/numeric-array.ts";
import { asymmetricMatrix, scaledInteger, tensor, tensors, withTensors } from "../src/tensor.ts";
import { wandering } from "./counterexample.ts";
import { frequencies, outside, sample } from "./frequencies.ts";

const options = fc
  .record({
    halvings: fc.integer({ min: 0, max: 12 }),
    limit: fc.constantFrom(1, 2, 2.5, 8, 100),
    nonZero: fc.boolean(),
    kinkFree: fc.constantFrom(0, 2 ** -5, 0.1, 1),
    tieFree: fc.constantFrom(0, 2 ** -6, 0.01),
    exactIn: fc.constantFrom("float32" as const, "float64" as const),
  })
  .filter(({ halvings, limit, kinkFree, tieFree }) => tieFree === 0 || (limit - kinkFree) * 2 ** halvings >= 128)
  .filter(({ limit, kinkFree }) => kinkFree <= limit);

/** What is wrong with numbers drawn under the options; each sentence is a law. */
function breaches(data: ArrayLike<number>, given: TensorOptions): string[] {
  const { limit = 8, halvings = 6, nonZero = false, kinkFree = 0, tieFree = 0, exactIn = "float64" } = given;
  const values = Array.from(data);
  const laws: Record<string, (x: number) => boolean> = {
    "a multiple of 2^-halvings": (x) => Number.isInteger(x * 2 ** halvings),
    "within the limit": (x) => Math.abs(x) <= limit,
    "not 0 where it must not be": (x) => !nonZero || x !== 0,
    "away from the kink": (x) => Math.abs(x) >= kinkFree,
    "exact in its type": (x) => exactIn === "float64" || Math.fround(x) === x,
    "no denormal": (x) => x === 0 || Math.abs(x) >= 2 ** -126,
    "no -0": (x) => !Object.is(x, -0),
  };
  const broken = Object.keys(laws).filter((law) => !values.every((value) => laws[law](value)));
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.some((value, i) => i > 0 && value - sorted[i - 1] < tieFree)) broken.push("apart from each other");
  return broken;
}

describe("every number", () => {
  test("keeps the laws that its options ask for, in numbers and in tensors", () => {
    const small = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
    const law = fc.property(options, small, fc.nat(), (given, shape, drawSeed) => {
      const { tieFree: _, ...ofNumbers } = given;
      const once = { seed: drawSeed, numRuns: 1 };
      const [number] = fc.sample(scaledInteger(ofNumbers), once);
      expect(breaches([number], ofNumbers)).toEqual([]);
      const [{ shape: drawn, data }] = fc.sample(tensor({ ...given, shape }), once);
      expect(breaches(data, given)).toEqual([]);
      expect(drawn).toEqual(shape);
      expect(data).toHaveLength(shape.reduce((size, length) => size * length, 1));
    });
    fc.assert(law, runs(1000));
  });

  test("keeps them while it shrinks", () => {
    for (const given of sample(options, 40)) {
      const tried = wandering(tensor({ ...given, shape: fc.constantFrom([2, 3], [4], [3, 3]) }), 2);
      for (const { value } of tried) expect(breaches(value.data, given)).toEqual([]);
    }
  });

  test("the laws refuse other numbers", () => {
    const broken = (values: readonly number[], given: TensorOptions = {}) => breaches(values, given);
    expect(broken(sample(fc.double({ min: -8, max: 8, noNaN: true }), 500))).toEqual([
      "a multiple of 2^-halvings",
      "no denormal",
      "no -0",
    ]);
    expect(broken(sample(scaledInteger({ limit: 16 }), 500))).toEqual(["within the limit"]);
    expect(broken(sample(scaledInteger(), 2000), { nonZero: true })).toEqual(["not 0 where it must not be"]);
    expect(broken(sample(scaledInteger({ nonZero: true }), 2000), { kinkFree: 1 / 8 })).toEqual(["away from the kink"]);
    expect(broken(sample(scaledInteger({ halvings: 40 }), 50), { halvings: 40, exactIn: "float32" })).toEqual([
      "exact in its type",
    ]);
    const ties = sample(tensor({ shape: [12] }), 50).flatMap(({ data }) => breaches(data, { tieFree: 1 / 64 }));
    expect(new Set(ties)).toEqual(new Set(["apart from each other"]));
    expect(ties.length).toBeGreaterThan(10);
  });

  test("is of a size between 0.05 and 1 in four of five, seldom 0, and reaches its limit", () => {
    const label = (x: number) => {
      if (x === 0) return ["zero"];
      if (Math.abs(x) < 0.05) return ["small"];
      return [Math.abs(x) <= 1 ? "usual" : "large", ...(Math.abs(x) > 7 ? ["near the limit"] : [])];
    };
    const shares = frequencies(sample(scaledInteger(), 20000), label);
    const bands = {
      zero: [0.002, 0.015],
      small: [0.02, 0.07],
      usual: [0.8, 0.9],
      large: [0.08, 0.14],
      "near the limit": [0.005, 0.03],
    } as const;
    expect(outside(shares, bands)).toEqual([]);
    // The control: fast-check's doubles.
    const doubles = frequencies(sample(fc.double({ min: -8, max: 8, noNaN: true }), 20000), label);
    expect(outside(doubles, bands)).not.toEqual([]);
    const signs = frequencies(sample(scaledInteger({ nonZero: true }), 4000), (x) => [x < 0 ? "negative" : "positive"]);
    expect(outside(signs, { negative: [0.45, 0.55], positive: [0.45, 0.55] })).toEqual([]);
  });

  test("may have as many digits as its type", () => {
    const wide = sample(scaledInteger({ limit: 2, halvings: 52, nonZero: true }), 200);
    expect(breaches(wide, { limit: 2, halvings: 52 })).toEqual([]);
    expect(wide.filter((x) => !Number.isInteger(x * 2 ** 45)).length).toBeGreaterThan(150);
    const single = sample(scaledInteger({ limit: 1, halvings: 24, exactIn: "float32" }), 200);
    expect(breaches(single, { limit: 1, halvings: 24, exactIn: "float32" })).toEqual([]);
  });
});

describe("tie-free tensors", () => {
  test("exist up to the last one that fits, however the first ones fall", () => {
    // 2 (8 - 1 + 1) numbers of which 0 is none: as many elements, each there once.
    for (const { data } of sample(tensor({ shape: [16], limit: 8, halvings: 0, nonZero: true, tieFree: 1 }), 50)) {
      expect(data.toSorted()).toEqual(Float64Array.of(-8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8));
    }
    const crowded = { shape: [100], limit: 8, halvings: 10, kinkFree: 0.25, tieFree: 0.0625 };
    for (const { data } of sample(tensor(crowded), 20)) expect(breaches(data, crowded)).toEqual([]);
  });

  test("that cannot be are refused with what would help", () => {
    const [at] = [{ seed: 1, numRuns: 1 }];
    expect(() => fc.sample(tensor({ shape: [17], limit: 8, halvings: 0, nonZero: true, tieFree: 1 }), at)).toThrow(
      "tensor: 17 elements, 1 apart and within 8; expected at most 16: raise limit or halvings, or lower tieFree",
    );
  });
});

describe("asymmetricMatrix", () => {
  const mirrors = ({ shape: [n], data }: NumericArray) =>
    Array.from(data).filter((value, i) => Math.floor(i / n) < i % n && value === data[(i % n) * n + Math.floor(i / n)]);

  test("differs from its transpose in every element off the diagonal, shrunk or not", () => {
    for (const matrix of sample(asymmetricMatrix(), 500)) {
      expect(matrix.shape).toEqual([matrix.shape[0], matrix.shape[0]]);
      expect(matrix.shape[0]).toBeGreaterThanOrEqual(2);
      expect(mirrors(matrix)).toEqual([]);
    }
    for (const { value } of wandering(asymmetricMatrix({ limit: 1, halvings: 3 }), 20))
      expect(mirrors(value)).toEqual([]);
    // The control: of other square matrices some do not.
    expect(sample(tensor({ shape: [4, 4], limit: 1 }), 500).flatMap(mirrors).length).toBeGreaterThan(5);
  });

  test("has at least two rows", () => {
    expect(() => asymmetricMatrix({ minLength: 1 })).toThrow("minLength is 1");
  });
});

describe("several tensors", () => {
  test("have the shapes that are asked for, in a list or by name", () => {
    const [pair] = sample(tensors([[2, 3], [3]]), 1);
    const [left, right] = pair;
    expect([left.shape, right.shape]).toEqual([[2, 3], [3]]);
    const layers = withTensors(fc.integer({ min: 1, max: 4 }), (n) => ({ weight: [n, 2], bias: [n] }));
    for (const { setting, tensors: drawn } of sample(layers, 50)) {
      expect(drawn.weight.shape).toEqual([setting, 2]);
      expect(drawn.weight.data).toHaveLength(2 * setting);
      expect(drawn.bias.shape).toEqual([setting]);
    }
  });

  test("do not share memory, and do not change what is shrunk when they are written to", () => {
    const written = fc.property(tensors([[2], [2]]), ([a, b]) => {
      expect([...a.data, ...b.data]).not.toContain(99);
      a.data.fill(99);
      expect(b.data).not.toContain(99);
      throw new Error("as it should");
    });
    expect(() => fc.assert(written, { ...runs(10), endOnFailure: false })).toThrow("as it should");
  });
});

describe("options that allow no number, or one that is not exact", () => {
  test.each([
    [{ limit: 0 }, "limit is 0"],
    [{ limit: Number.POSITIVE_INFINITY }, "limit is Infinity"],
    [{ limit: 2, halvings: 53 }, "2^53"],
    [{ limit: 2, halvings: 24, exactIn: "float32" }, "2^24"],
    [{ halvings: 1.5 }, "halvings is 1.5"],
    [{ halvings: 200, limit: 2 ** -190, exactIn: "float32" }, "halvings is 200"],
    [{ limit: 1 / 4, halvings: 1 }, "no multiple of 2^-1"],
    [{ kinkFree: 9 }, "at least 9"],
    [{ kinkFree: -1 }, "kinkFree is -1"],
    [{ exactIn: "float16" }, "exactIn is float16"],
  ] as const)("%o: %s", (given, message) => {
    expect(() => scaledInteger(given as TensorOptions)).toThrow(RangeError);
    expect(() => gridOf("scaledInteger", given as TensorOptions)).toThrow(message);
  });
});
