import { describe, expect, test } from "vitest";
import { type Random, random } from "../src/random.ts";
import { chiSquare, chiSquareLimit, nonUniformity } from "./chi-square.ts";
import { seed } from "./seed.ts";

const count = 100_000;
const draws = <V>(draw: () => V): V[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Five standard deviations of a mean of that many draws of that variance: exceeded by chance once in two million runs. */
const fiveSigma = (variance: number): number => 5 * Math.sqrt(variance / count);

describe("the same seed gives the same numbers", () => {
  // From a second implementation of sfc32 and its seeding, in Python.
  test.each([
    [0, [2055692023, 3381803824, 1358255780, 495062996], 0.9097398795193498],
    [1, [824957967, 1982157056, 3156370795, 820881082], 0.46757396559368625],
    [-1, [3247013487, 2005236578, 844136593, 1798421465], 0.704759405402991],
    [20261122, [2981041794, 1690094287, 780521536, 3403516260], 0.24213023462800431],
    [Number.MAX_SAFE_INTEGER, [2212759846, 4207760980, 451368674, 160782210], 0.4347729767887074],
  ])("of seed %d", (from, words, fraction) => {
    const source = random(from);
    expect([source.uint32(), source.uint32(), source.uint32(), source.uint32()]).toEqual(words);
    expect(source.unit()).toBe(fraction);
  });

  test("in every kind of draw", () => {
    const all = ({ uint32, unit, integer, normal, pick }: Random): unknown[] => [
      uint32(),
      unit(),
      integer(-5, 5),
      normal(),
      pick(["a", "b", "c"]),
      uint32(),
    ];
    expect(all(random(seed))).toEqual(all(random(seed)));
    expect(all(random(-0))).toEqual(all(random(0)));
  });

  test("two generators do not disturb each other", () => {
    const [alone, first, second] = [random(7), random(7), random(8)];
    const expected = [alone.uint32(), alone.uint32(), alone.uint32()];
    const interleaved = [first.uint32(), second.uint32(), first.uint32(), second.uint32(), first.uint32()];
    expect(interleaved.filter((_, i) => i % 2 === 0)).toEqual(expected);
  });
});

describe("different seeds give different numbers", () => {
  const firstBits = (from: number): number => {
    const source = random(from);
    return source.uint32() * 2 ** 21 + (source.uint32() >>> 11);
  };

  test.each([
    ["consecutive seeds", (i: number) => i],
    ["negative seeds", (i: number) => -1 - i],
    ["seeds that differ above 32 bits only", (i: number) => i * 2 ** 32 - 2 ** 52],
  ])("%s", (_, seedOf) => {
    const seen = new Set(Array.from({ length: count }, (_, i) => firstBits(seedOf(i))));
    // 53 bits of 100,000 streams: two meet by chance once in a million.
    expect(seen.size).toBe(count);
  });

  test("first numbers of consecutive seeds are uniform and not correlated", () => {
    const units = Array.from({ length: count }, (_, i) => random(i).unit() - 0.5);
    expect(
      nonUniformity(
        units.map((x) => x + 0.5),
        1,
      ),
    ).toBeLessThan(1);
    const products = units.slice(1).map((x, i) => x * units[i]);
    expect(Math.abs(mean(products))).toBeLessThan(fiveSigma(1 / 144));
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%d is no seed", (from) => {
    expect(() => random(from)).toThrow(new RangeError(`random: seed is ${from}; expected a safe integer`));
  });
});

describe(`distributions, seed ${seed}`, () => {
  test("words: every bit is set half of the time, and words are uniform", () => {
    const { uint32 } = random(seed);
    const words = draws(uint32);
    expect(words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true);
    for (let bit = 0; bit < 32; bit++) {
      const set = mean(words.map((word) => (word >>> bit) & 1));
      expect(Math.abs(set - 0.5), `bit ${bit}`).toBeLessThan(fiveSigma(1 / 4));
    }
    expect(nonUniformity(words, 2 ** 32)).toBeLessThan(1);
    expect(
      nonUniformity(
        words.map((word) => word % 1024),
        1024,
      ),
    ).toBeLessThan(1);
  });

  test("unit: multiples of 2^-53 in [0, 1), mean 1/2, variance 1/12, uniform, successive ones independent", () => {
    const units = draws(random(seed).unit);
    expect(units.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53))).toBe(true);
    expect(units.some((x) => !Number.isInteger(x * 2 ** 52))).toBe(true);
    expect(Math.abs(mean(units) - 1 / 2)).toBeLessThan(fiveSigma(1 / 12));
    // The variance of (x - 1/2)² is 1/80 - 1/144.
    expect(Math.abs(mean(units.map((x) => (x - 0.5) ** 2)) - 1 / 12)).toBeLessThan(fiveSigma(1 / 180));
    expect(nonUniformity(units, 1)).toBeLessThan(1);
    const pairs = units.slice(1).map((x, i) => Math.floor(x * 8) * 8 + Math.floor(units[i] * 8));
    expect(nonUniformity(pairs, 64)).toBeLessThan(1);
  });

  test("normal: mean 0, variance 1, fourth moment 3, and the normal's share between quarters", () => {
    const values = draws(random(seed).normal);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(values))).toBeLessThan(fiveSigma(1));
    expect(Math.abs(mean(values.map((x) => x ** 2)) - 1)).toBeLessThan(fiveSigma(2));
    expect(Math.abs(mean(values.map((x) => x ** 3)))).toBeLessThan(fiveSigma(15));
    expect(Math.abs(mean(values.map((x) => x ** 4)) - 3)).toBeLessThan(fiveSigma(96));
    // Φ(-1), Φ(0) - Φ(-1), ... to 16 digits.
    const [tail, middle] = [0.1586552539314571, 0.3413447460685429];
    const counts = [0, 0, 0, 0];
    for (const x of values) counts[(x >= -1 ? 1 : 0) + (x >= 0 ? 1 : 0) + (x >= 1 ? 1 : 0)]++;
    const expected = [tail, middle, middle, tail].map((share) => share * count);
    expect(chiSquare(counts, expected)).toBeLessThan(chiSquareLimit(3));
  });

  test("integer: uniform, both ends included, and pick follows it", () => {
    const source = random(seed);
    const integers = draws(() => source.integer(-3, 9));
    expect([Math.min(...integers), Math.max(...integers)]).toEqual([-3, 9]);
    expect(
      nonUniformity(
        integers.map((x) => x + 3),
        13,
        13,
      ),
    ).toBeLessThan(1);
    expect(source.integer(5, 5)).toBe(5);
    const picked = draws(() => source.pick([0, 1, 2, 3, 4]));
    expect(nonUniformity(picked, 5, 5)).toBeLessThan(1);
  });

  test("the checks see numbers that are not uniform", () => {
    const { unit } = random(seed);
    expect(
      nonUniformity(
        draws(() => unit() * 0.99),
        1,
      ),
    ).toBeGreaterThan(1);
    expect(
      nonUniformity(
        draws(() => (unit() + unit()) / 2),
        1,
      ),
    ).toBeGreaterThan(1);
    expect(
      nonUniformity(
        draws(() => Math.floor(unit() * 1000)),
        1024,
      ),
    ).toBeGreaterThan(1);
  });
});
