import { afterEach, describe, expect, test, vi } from "vitest";
import * as op from "../../src/operations.ts";
import { type SimdArithmetic, simd } from "../../src/simd/simd.ts";
import { firstDifference, wide } from "../../src/wide/wide.ts";

afterEach(() => vi.unstubAllGlobals());

describe.each(["float32", "float64"] as const)("%s", (format) => {
  test("wide vectors have the bits of narrow ones, or are refused with a reason", () => {
    const { arithmetic, speedup, refusal } = wide(format);
    expect(firstDifference(arithmetic, simd(format))).toBeUndefined();
    console.log(`wide ${format}: ${refusal ?? `${speedup.toFixed(2)} times as fast`}`);
    if (refusal === undefined) expect(speedup).toBeGreaterThanOrEqual(1.02);
    else expect(refusal).toMatch(/^(a product is \d\.\d\d times as fast|this engine has no relaxed SIMD)/);
  });

  test("kernels with an element that is wrong in its last bit are told, and where", () => {
    const A = simd(format);
    const wrong: SimdArithmetic = {
      ...A,
      gemm(out, a, b, mode) {
        A.gemm(out, a, b, mode);
        if (out.shape[0] !== 13) return;
        const last = { ...out, offset: out.offset + 40, shape: [], strides: [] };
        A.binary(op.multiply, last, last, A.round([1 + 2 * A.unitRoundoff], []));
      },
    };
    expect(firstDifference(wrong, A)).toMatch(/^element 40 of a product and its tanh, 13 x 33 x 300 is .*; expected/);
  });
});

test("where there is no V8 that takes flags it says so, and gives simd", () => {
  vi.stubGlobal("process", {});
  const { arithmetic, speedup, refusal } = wide("float32");
  expect(refusal).toBe("there is no V8 that takes flags; expected Node 20.16 or newer");
  expect(speedup).toBe(1);
  expect(arithmetic.name).toBe("simd float32");
});
