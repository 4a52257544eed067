import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ladder, moved, powerOfTwoBelow, spacing } from "../../src/line/steps.ts";

const exact = (x: number) => x;

/** k · 2^e of all sizes, k with all 53 bits or few. */
const numbers = fc
  .tuple(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 })), fc.integer({ min: -200, max: 50 }))
  .map(([k, e]) => k * 2 ** e);

/** Law: for steps from 16 spacings up to the argument's size, both sides are equally far away, and about as far as asked. */
const symmetric = (move: typeof moved, round: (x: number) => number, bits: number) =>
  fc.property(numbers, fc.integer({ min: 4, max: bits - 2 }), (x, exponent) => {
    const at = round(x);
    if (at === 0) return;
    const step = spacing(at, bits, bits === 24 ? 2 ** -126 : 2 ** -1022) * 2 ** exponent;
    const [right, left] = [move(at, step, round) - at, at - move(at, -step, round)];
    expect(right).toBe(left);
    expect(Math.abs(right - step)).toBeLessThanOrEqual(step / 16);
  });

describe("an argument is moved", () => {
  test("equally far both ways, in double precision", () => fc.assert(symmetric(moved, exact, 53), runs(500)));
  test("and in float32", () => fc.assert(symmetric(moved, Math.fround, 24), runs(500)));
  test("control: by adding and subtracting it is not", () => {
    const plain = (x: number, step: number, round: (x: number) => number) => round(x + step);
    expect(fc.check(symmetric(plain, exact, 53), runs(2000)).failed).toBe(true);
  });
});

describe("steps", () => {
  test("ascend by the ratio 4, from 16 spacings to the scale", () => {
    const steps = ladder(2 ** -52, 1);
    expect(steps.at(-1)).toBe(1);
    expect(steps[0]).toBe(2 ** -48);
    expect(steps.slice(1)).toEqual(steps.slice(0, -1).map((step) => 4 * step));
  });

  test("go on where the spacing is coarse, and leave a gap where there would be too many", () => {
    expect(ladder(2 ** -3, 1).at(-1)).toBe(2 ** 21);
    const far = ladder(2 ** -1050, 1);
    expect(far.length).toBeLessThan(60);
    expect(far.filter((step, i) => i > 0 && step !== 4 * far[i - 1])).toHaveLength(1);
  });

  test("at an argument of 0 begin 2^48 below the scale", () => {
    expect(ladder(0, 2 ** -10)).toEqual(ladder(2 ** -62, 2 ** -10));
  });
});

test("the power of two below a number", () => {
  fc.assert(
    fc.property(numbers, (x) => {
      if (x === 0) return;
      const power = powerOfTwoBelow(Math.abs(x));
      expect(power <= Math.abs(x) && Math.abs(x) < 2 * power).toBe(true);
      expect(Number.isInteger(Math.log2(power))).toBe(true);
    }),
    runs(300),
  );
});
