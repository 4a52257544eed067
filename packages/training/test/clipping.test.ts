import { type Arithmetic, float32, float64, primeField, random } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { simd } from "@gradproof/arithmetic/simd";
import { describe, expect, test } from "vitest";
import { type Clip, clipGradient } from "../src/clipping.ts";

function gradient(scale = 1) {
  return { Wxh: float64.lift([3 * scale, 0], [2, 1]), Whh: float64.lift([0, -4 * scale, 0, 0], [2, 2]) };
}

/** The gradient after clipping, all parameters in a row, and the effect. */
function clipped(clip: Clip | undefined, scale = 1) {
  const g = gradient(scale);
  const effect = clipGradient(float64, g, clip);
  return { values: [...float64.lower(g.Wxh), ...float64.lower(g.Whh)], effect };
}

describe("by norm", () => {
  test("a longer gradient gets the threshold's length and keeps its direction, all parameters as one vector", () => {
    const { values, effect } = clipped({ by: "norm", threshold: 2.5 });
    expect(values).toEqual([1.5, 0, 0, -2, 0, 0]);
    expect(effect).toEqual({ norm: 5, clipped: true, share: 1, factor: 0.5, cosine: 1 });
  });

  test("one of the threshold's length or less is left as it is, to the bit", () => {
    const { values, effect } = clipped({ by: "norm", threshold: 5 });
    expect(values).toEqual([3, 0, 0, -4, 0, 0]);
    expect(effect).toEqual({ norm: 5, clipped: false, share: 0, factor: 1, cosine: 1 });
  });
});

describe("by value", () => {
  test("elements are brought into the interval, and the turn is told", () => {
    const { values, effect } = clipped({ by: "value", threshold: 3.5 });
    expect(values).toEqual([3, 0, 0, -3.5, 0, 0]);
    const cosine = (3 * 3 + 4 * 3.5) / (5 * Math.hypot(3, 3.5));
    expect(effect.share).toBeCloseTo(1 / 6, 15);
    expect(effect.cosine).toBeCloseTo(cosine, 14);
    expect(effect.factor).toBeCloseTo(Math.hypot(3, 3.5) / 5, 14);
    expect(cosine).toBeLessThan(0.999);
  });

  function clipsExactly<S>(A: Arithmetic<S>): void {
    const source = random(5);
    const values = Float64Array.from({ length: 24 }, () => source.integer(-4096, 4096) / 1024);
    const [limit] = A.lower(A.round([0.3], []));
    const g = { Wxh: A.lift(values.subarray(0, 8), [4, 2]), Whh: A.lift(values.subarray(8), [4, 4]) };
    const { share, clipped: changed } = clipGradient(A, g, { by: "value", threshold: 0.3 });
    const expected = values.map((value) => Math.min(Math.max(value, -limit), limit));
    expect([...A.lower(g.Wxh), ...A.lower(g.Whh)]).toEqual([...expected]);
    const outside = values.filter((value) => Math.abs(value) > limit).length;
    expect(outside).toBeGreaterThan(10);
    expect([share, changed]).toEqual([outside / 24, true]);
  }

  test("every element is itself or the limit, exactly, in every float arithmetic", () => {
    clipsExactly(float32);
    clipsExactly(simd("float32"));
    clipsExactly(float64);
  });

  test("elements inside are left as they are, to the bit, however small", () => {
    const tiny = 2 ** -60;
    const g = { Wxh: float64.lift([tiny], [1, 1]), Whh: float64.lift([9], [1, 1]) };
    expect(clipGradient(float64, g, { by: "value", threshold: 5 }).share).toBe(0.5);
    expect([float64.lower(g.Wxh)[0], float64.lower(g.Whh)[0]]).toEqual([tiny, 5]);
  });
});

test("without a clip the length is measured and nothing changes", () => {
  const { values, effect } = clipped(undefined);
  expect([values, effect.norm, effect.clipped]).toEqual([[3, 0, 0, -4, 0, 0], 5, false]);
});

test("a gradient whose squares overflow is clipped all the same", () => {
  const g = { Wxh: float32.round([3e30], [1, 1]), Whh: float32.round([4e30], [1, 1]) };
  const effect = clipGradient(float32, g, { by: "norm", threshold: 1 });
  expect(effect.norm / 5e30).toBeCloseTo(1, 6);
  expect(float32.lower(g.Wxh)[0]).toBeCloseTo(0.6, 6);
  expect(float32.lower(g.Whh)[0]).toBeCloseTo(0.8, 6);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  "%s is reported as the length, and the gradient left as it is",
  (bad) => {
    const g = { Wxh: float64.round([bad, 1], [2, 1]), Whh: float64.lift([1, 1, 1, 1], [2, 2]) };
    const { norm, clipped: changed } = clipGradient(float64, g, { by: "norm", threshold: 1 });
    expect(Number.isFinite(norm)).toBe(false);
    expect(changed).toBe(false);
    expect(float64.lower(g.Whh)[0]).toBe(1);
  },
);

test("scaling is g τ / ‖g‖ over a prime field, the root an oracle", () => {
  const F = primeField(3);
  const g = { Wxh: F.uniform([2, 1], [9, 9]), Whh: F.uniform([2, 2], [9, 9, 9, 9]) };
  const expected = { Wxh: F.empty([2, 1]), Whh: F.empty([2, 2]) };
  const [norm, squares] = [F.empty([]), F.ratio(0, 1)];
  for (const [tensor, count] of [
    [g.Wxh, 2],
    [g.Whh, 4],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const element = { ...tensor, offset: tensor.offset + i, shape: [], strides: [] };
      F.binary(op.multiply, norm, element, element);
      F.binary(op.add, squares, squares, norm);
    }
  }
  F.unary(op.sqrt, norm, squares);
  for (const name of ["Wxh", "Whh"] as const) {
    F.binary(op.multiply, expected[name], g[name], F.ratio(2, 1));
    F.binary(op.divide, expected[name], expected[name], norm);
  }
  expect(clipGradient(F, g, { by: "norm", threshold: 2 }).clipped).toBe(true);
  expect([F.same(g.Wxh, expected.Wxh), F.same(g.Whh, expected.Whh)]).toEqual([true, true]);
});
