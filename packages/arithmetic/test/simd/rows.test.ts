import { expect, test } from "vitest";
import { logSumExp, softmax } from "../../src/composed.ts";
import { random } from "../../src/random.ts";
import type { SimdStore } from "../../src/simd/heap.ts";
import { type SimdArithmetic, simd } from "../../src/simd/simd.ts";
import type { Tensor } from "../../src/tensor.ts";
import { reverse, slice } from "../../src/view.ts";
import { seed } from "../seed.ts";

const arithmetics = (["float32", "float64"] as const).flatMap((format) =>
  [true, false].map((deterministic) => simd(format, { deterministic })),
);

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 90, -1000];
/** Around a vector of either format, and around the columns that log-sum-exp keeps. */
const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 65, 255, 256, 257, 513];

/** Rows of numbers, and in some of them what exponentials treat apart. */
function draw(A: SimdArithmetic, rows: number, columns: number): Tensor<SimdStore> {
  const source = random(seed + rows * 1000 + columns);
  const numbers = Array.from({ length: rows * columns }, () =>
    source.integer(0, 4 * columns) === 0 ? source.pick(specials) : 6 * source.normal(),
  );
  return A.round(numbers, [rows, columns]);
}

type RowKernel = (A: SimdArithmetic, out: Tensor<SimdStore>, a: Tensor<SimdStore>) => void;

const kernels: Readonly<Record<string, RowKernel>> = {
  softmax: (A, out, a) => softmax(A, out, a),
  "softmax in place": (A, out, a) => {
    A.copy(out, a);
    softmax(A, out, out);
  },
  logSumExp: (A, out, a) => logSumExp(A, slice(out, 0, 1, 1), a),
};

test.each(arithmetics)("$name $variant: softmax and log-sum-exp at once have the bits of each alone", (A) => {
  /** In how many shapes either differs from what it is of that row alone. */
  const wrong = (mistake: (a: Tensor<SimdStore>) => Tensor<SimdStore>): number => {
    let count = 0;
    for (const columns of lengths) {
      for (const rows of [1, 4, 7]) {
        const a = draw(A, rows, columns);
        const [p, q, sums, alone] = [a.shape, a.shape, [rows, 1], [rows, 1]].map((shape) => A.empty(shape));
        A.copy(p, a);
        A.softmaxAndLogSumExp?.(p, sums, p);
        softmax(A, q, a);
        logSumExp(A, alone, mistake(a));
        if (!(A.same(p, q) && A.same(sums, alone))) count++;
      }
    }
    return count;
  };
  expect(wrong((a) => a)).toBe(0);
  expect(wrong(reverse), "rows in another order").toBeGreaterThan(10);
});

/** How many rows of all lengths differ when a kernel takes them one by one and all at once, and how many there are. */
function differences(A: SimdArithmetic, alone: RowKernel, together: RowKernel): { wrong: number; rows: number } {
  const counts = { wrong: 0, rows: 0 };
  for (const columns of lengths) {
    for (const rows of [1, 3, 4, 5, 8, 11]) {
      const a = draw(A, rows, columns);
      const [one, all] = [A.empty(a.shape), A.empty(a.shape)];
      A.copy(one, A.ratio(0, 1));
      A.copy(all, A.ratio(0, 1));
      together(A, all, a);
      for (let row = 0; row < rows; row++) {
        alone(A, slice(one, row, row + 1), slice(a, row, row + 1));
        if (!A.same(slice(one, row, row + 1), slice(all, row, row + 1))) counts.wrong++;
        counts.rows++;
      }
    }
  }
  return counts;
}

test.each(arithmetics)("$name $variant: a row has the same bits alone and among others", (A) => {
  for (const [name, kernel] of Object.entries(kernels)) {
    expect(differences(A, kernel, kernel), name).toEqual({ wrong: 0, rows: 32 * lengths.length });
  }
});

test("another order of the sum is seen", () => {
  const [A] = arithmetics;
  const reversed: RowKernel = (A, out, a) => {
    const backwards = { ...a, offset: a.offset + a.shape[1] - 1, strides: [a.strides[0], -1] };
    logSumExp(A, slice(out, 0, 1, 1), backwards);
  };
  expect(differences(A, kernels.logSumExp, reversed).wrong).toBeGreaterThan(10);
});
