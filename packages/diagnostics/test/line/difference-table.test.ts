import { random } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { roughness, tableNoise, unevenPoints } from "../../src/line/difference-table.ts";

const smooth = (x: number) => Math.exp(x) * Math.sin(3 * x);

describe("the difference table", () => {
  /** 200 estimates of the noise of 9 values of a smooth function, over its true deviation. */
  function estimates(noise: () => number, level: number): number[] {
    return Array.from({ length: 200 }, (_, run) => {
      const values = Array.from({ length: 9 }, (_, j) => smooth(run / 100 + j * 1e-9) + level * noise());
      return tableNoise(values).deviation / level;
    }).sort((a, b) => a - b);
  }
  const source = random(seed);

  test.each([
    ["normal", () => source.normal()],
    ["uniform", () => (source.unit() - 0.5) * Math.sqrt(12)],
    ["of two values", () => (source.unit() < 0.5 ? -1 : 1)],
  ])("finds noise that is %s, to a factor of 3 in 9 of 10 cases", (_, noise) => {
    const found = estimates(noise, 1e-6);
    expect(found[10]).toBeGreaterThan(0.3);
    expect(found[190]).toBeLessThan(3);
    expect(found[100]).toBeGreaterThan(0.6);
    expect(found[100]).toBeLessThan(1.6);
  });

  test("finds the rounding of a double", () => {
    const { deviation } = tableNoise(Array.from({ length: 9 }, (_, j) => smooth(0.7 + j * 2 ** -44)));
    const u = 2 ** -53 * smooth(0.7);
    expect(deviation / u).toBeGreaterThan(0.1);
    expect(deviation / u).toBeLessThan(10);
  });

  test("says when most values are the same", () => {
    expect(tableNoise([1, 1, 1, 1, 1, 1, 2, 2, 2])).toMatchObject({ mostlyEqual: true });
    expect(tableNoise([1, 2, 3, 4, 5, 6, 7, 8, 9])).toMatchObject({ mostlyEqual: false });
    expect(tableNoise(new Array(9).fill(7))).toEqual({ deviation: 0, mostlyEqual: true });
  });

  test("neither under- nor overflows", () => {
    const wobble = [0, 1, -1, 0, 2, -1, 1, 0, -2];
    const { deviation } = tableNoise(wobble);
    for (const scale of [2 ** -1060, 2 ** -600, 2 ** 1000]) {
      expect(tableNoise(wobble.map((value) => value * scale)).deviation / scale).toBeCloseTo(deviation, 6);
    }
  });
});

describe("roughness", () => {
  const at = (f: (x: number) => number) => roughness(unevenPoints.map(f));

  test("of what is smooth at the scale of the points is next to nothing", () => {
    expect(at((x) => smooth(x / 8))).toBeLessThan(1e-7);
    expect(at((x) => x ** 7 - x)).toBeLessThan(1e-13);
  });

  test("of noise is about its deviation", () => {
    const source = random(seed);
    const found = Array.from({ length: 200 }, () => at((x) => x + 1e-3 * source.normal())).sort((a, b) => a - b);
    expect(found[100]).toBeGreaterThan(3e-4);
    expect(found[100]).toBeLessThan(2e-3);
  });

  test("of an oscillation too fast for the points is about its size, whatever its frequency", () => {
    for (let frequency = 40; frequency < 4000; frequency *= 1.37) {
      expect(at((x) => Math.cos(frequency * x + 1))).toBeGreaterThan(0.05);
    }
  });
});
