import { describe, expect, test } from "vitest";
import type { Arithmetic, Mode } from "../../src/arithmetic.ts";
import { float32, float64 } from "../../src/float.ts";
import { random } from "../../src/random.ts";
import { simd } from "../../src/simd/simd.ts";
import type { Tensor } from "../../src/tensor.ts";
import { transpose } from "../../src/view.ts";
import { seed } from "../seed.ts";

interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Which of out, a and b lie transposed. */
  readonly transposed: readonly boolean[];
  readonly mode: Mode;
  /** Elements before each operand in its memory: where vectors are not aligned. */
  readonly shift: number;
}

/** Both kinds of layout of all three operands. */
const layouts = Array.from({ length: 8 }, (_, bits) => [4, 2, 1].map((bit) => (bits & bit) !== 0));
const modes: readonly Mode[] = ["write", "accumulate"];

function products(rows: readonly number[], columns: readonly number[], inner: readonly number[]): Product[] {
  return rows.flatMap((m) =>
    columns.flatMap((n) =>
      inner.flatMap((k) =>
        layouts.flatMap((transposed) =>
          modes.map((mode, i) => ({ rows: m, columns: n, inner: k, transposed, mode, shift: (m + n + k + i) % 4 })),
        ),
      ),
    ),
  );
}

/** Every number of rows and columns around the blocks (6 and 4 rows, 1 below 4; 2 and 8 vectors), few products each. */
const blockCorners = products(
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15],
  [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33],
  [0, 1, 3],
);
/** Around a panel's 256 rows, the blocks of rows that share one in the cache, and the sizes from which either is packed. */
const panelCorners = [
  ...products([1, 3, 4, 17], [1, 9, 33], [255, 256, 257, 513]),
  ...products([119, 120, 121, 123, 124, 125], [9], [256]),
  ...products([23, 24], [31, 32], [95, 96]),
  ...products([65], [130], [70]),
  // Two widths of panels, groups of rows with each number left, and groups in several blocks of rows and panels.
  ...products([25], [127, 129, 137], [97]),
  ...products([6, 7, 8, 9, 11, 26], [40], [97]),
  ...products([125], [33], [257]),
];

function multiply<S>(A: Arithmetic<S>, p: Product, draw: (index: number) => number): Float64Array {
  let result: Float64Array = new Float64Array();
  A.scope(() => {
    const place = (shape: readonly number[], isTransposed: boolean, from: number): Tensor<S> => {
      const stored = isTransposed ? [...shape].reverse() : shape;
      const size = stored[0] * stored[1];
      const memory = A.lift(
        Array.from({ length: size + p.shift }, (_, i) => draw(from + i)),
        [size + p.shift],
      );
      const t = { store: memory.store, offset: memory.offset + p.shift, shape: stored, strides: [stored[1], 1] };
      return isTransposed ? transpose(t) : t;
    };
    const out = place([p.rows, p.columns], p.transposed[0], 0);
    const a = place([p.rows, p.inner], p.transposed[1], 7);
    const b = place([p.inner, p.columns], p.transposed[2], 13);
    A.gemm(out, a, b, p.mode);
    result = A.lower(out);
  });
  return result;
}

const smallIntegers = Array.from({ length: 4099 }, (_, i) => ((i * 7919) % 15) - 7);
const smallInteger = (i: number): number => smallIntegers[i % 4099];
const formats = [
  ["float32", float32],
  ["float64", float64],
] as const;

describe.each(formats)("%s", (format, portable) => {
  test.each([true, false])("deterministic %s: equal on integers at every corner of the blocks", (deterministic) => {
    const A = simd(format, { deterministic });
    let elements = 0;
    for (const p of [...blockCorners, ...panelCorners]) {
      const [actual, expected] = [
        multiply(A, p, smallInteger),
        multiply(portable as Arithmetic<unknown>, p, smallInteger),
      ];
      const at = actual.findIndex((x, i) => x !== expected[i]);
      if (at >= 0) expect.fail(`${JSON.stringify(p)}: element ${at} is ${actual[at]}, expected ${expected[at]}`);
      elements += actual.length;
    }
    expect(elements).toBeGreaterThan(500_000);
  });

  test("deterministic: the portable gemm's bits where everything rounds", () => {
    const A = simd(format, { deterministic: true });
    const draw = drawn(format);
    for (const p of panelCorners) {
      const [actual, expected] = [multiply(A, p, draw), multiply(portable as Arithmetic<unknown>, p, draw)];
      expect(actual, JSON.stringify(p)).toEqual(expected);
    }
  });

  test("by default within the rounding of the sums of the portable gemm", () => {
    const A = simd(format);
    const draw = drawn(format);
    let differ = 0;
    for (const p of panelCorners) {
      const [actual, expected] = [multiply(A, p, draw), multiply(portable as Arithmetic<unknown>, p, draw)];
      // Each of the two errs by at most (K + 1) u Σ |a| |b| (Higham 2002, eq. 3.5), and no term exceeds 1.
      const bound = 2 * (p.inner + 1) * A.unitRoundoff * (p.inner + 1);
      const at = actual.findIndex((x, i) => !(Math.abs(x - expected[i]) <= bound));
      if (at >= 0)
        expect.fail(`${JSON.stringify(p)}: element ${at} is ${actual[at]}, expected ${expected[at]} ± ${bound}`);
      differ += actual.filter((x, i) => x !== expected[i]).length;
    }
    // Where products are fused into sums, last bits are others; where they are not, there is nothing else to differ.
    expect(differ > 0).toBe(A.variant === "relaxed" && fuses(format));
  });

  test("a product that forgets its last term is not equal", () => {
    const A = simd(format);
    const p: Product = { rows: 5, columns: 9, inner: 3, transposed: [false, false, false], mode: "write", shift: 1 };
    const forgetful = { ...p, inner: 2 };
    expect(multiply(A, forgetful, smallInteger)).not.toEqual(
      multiply(portable as Arithmetic<unknown>, p, smallInteger),
    );
  });
});

/** Numbers of the format in [-1, 1]. */
function drawn(format: "float32" | "float64"): (i: number) => number {
  const source = random(seed);
  const numbers = Array.from({ length: 4099 }, () => 2 * source.unit() - 1);
  const values = format === "float32" ? numbers.map(Math.fround) : numbers;
  return (i) => values[i % 4099];
}

/** Whether gemm of that format rounds once per term on this machine: x² - 1 keeps what x² would lose. */
function fuses(format: "float32" | "float64"): boolean {
  const A = simd(format);
  const x = 1 + 2 ** (format === "float32" ? -12 : -27);
  const out = A.lift([-(x * x - 2 ** (format === "float32" ? -24 : -54))], [1, 1]);
  A.gemm(out, A.lift([x], [1, 1]), A.lift([x], [1, 1]), "accumulate");
  return A.lower(out)[0] !== 0;
}
