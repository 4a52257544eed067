import { expect, test } from "vitest";
import type { UnaryOperation } from "../../src/field.ts";
import * as op from "../../src/operations.ts";
import { simd } from "../../src/simd/simd.ts";
import { seed } from "../seed.ts";
import { largestError, type Measured, type Range } from "./ulp-error.ts";

/** Where each function's arguments are drawn: over all exponents where its value is a number, and closely where it bends. */
const ranges: Readonly<Record<string, Readonly<Record<"float32" | "float64", readonly Range[]>>>> = {
  tanh: {
    float32: [
      { exponents: [-149, 127], both: true },
      { from: -10, to: 10 },
      { from: -0.7, to: 0.7 },
    ],
    float64: [
      { exponents: [-960, 1000], both: true },
      { from: -20, to: 20 },
      { from: -0.7, to: 0.7 },
    ],
  },
  sigmoid: {
    float32: [
      { exponents: [-149, 6], both: true },
      { from: -87, to: 20 },
      { from: -2, to: 2 },
    ],
    float64: [
      { exponents: [-960, 9], both: true },
      { from: -600, to: 40 },
      { from: -2, to: 2 },
    ],
  },
  exp: {
    float32: [
      { exponents: [-149, 5], both: true },
      { from: -103.9, to: 88.7 },
      { from: -1, to: 1 },
    ],
    float64: [
      { exponents: [-960, 8], both: true },
      { from: -600, to: 709.7 },
      { from: -1, to: 1 },
    ],
  },
  log: {
    float32: [
      { exponents: [-149, 127], both: false },
      { from: 0.5, to: 2 },
      { from: 0.99, to: 1.01 },
    ],
    float64: [
      { exponents: [-960, 1023], both: false },
      { from: 0.5, to: 2 },
      { from: 0.999, to: 1.001 },
    ],
  },
  log1p: {
    float32: [
      { exponents: [-149, 127], both: false },
      { from: -1, to: 2 },
      { from: -0.01, to: 0.01 },
    ],
    float64: [
      { exponents: [-960, 1023], both: false },
      { from: -1, to: 2 },
      { from: -0.001, to: 0.001 },
    ],
  },
};

/** What the README promises, in units in the last place. */
const promised: Readonly<Record<string, number>> = { tanh: 2, sigmoid: 2, exp: 1, log: 1, log1p: 2 };

const arithmetics = (["float32", "float64"] as const).flatMap((format) =>
  [true, false].map((deterministic) => ({ format, A: simd(format, { deterministic }) })),
);

test("the largest error of every elementary function, over its whole range, against double-double", () => {
  const rows: string[] = [];
  for (const [name, byFormat] of Object.entries(ranges)) {
    const cells = arithmetics.map(({ format, A }) => {
      const worst = largestError(A, name as UnaryOperation, format, byFormat[format], 4000, seed);
      expect(worst.ulps, `${A.name} ${A.variant} ${name}(${worst.at})`).toBeLessThanOrEqual(promised[name]);
      expect(worst.arguments).toBeGreaterThan(6000);
      return cell(worst);
    });
    rows.push([name.padEnd(8), ...cells].join("  "));
  }
  const heading = arithmetics.map(({ format, A }) => `${format} ${A.variant}`.padStart(26));
  console.log(`Largest error in ulp, and its argument\n${["".padEnd(8), ...heading].join("  ")}\n${rows.join("\n")}`);
});

function cell({ ulps, at }: Measured): string {
  return `${ulps.toFixed(3)} at ${at.toPrecision(12)}`.padStart(26);
}

test("the measure sees an exponential whose argument was rounded to 20 bits", () => {
  const A = simd("float32");
  const coarse = {
    ...A,
    unary: (operation: op.Unary, out: ReturnType<typeof A.empty>, a: ReturnType<typeof A.empty>) => {
      A.copy(
        out,
        A.round(
          A.lower(a).map((x) => x * (1 + 2 ** -20)),
          a.shape,
        ),
      );
      A.unary(operation, out, out);
    },
  };
  expect(largestError(coarse, "exp", "float32", ranges.exp.float32, 500, seed).ulps).toBeGreaterThan(10);
});

test.each([
  ["tanh", [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [0, -0, 1, -1]],
  ["sigmoid", [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [0.5, 1, 0]],
  [
    "exp",
    [0, -0, 1000, -1000, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [1, 1, Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0],
  ],
  [
    "log",
    [1, 0, -0, -1, Number.POSITIVE_INFINITY],
    [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY],
  ],
] as const)("%s of zeros, infinities and what it has no value for", (name, values, expected) => {
  for (const { A } of arithmetics) {
    const t = A.round([...values, Number.NaN], [values.length + 1]);
    A.unary(op[name], t, t);
    expect(Array.from(A.lower(t))).toEqual([...expected, Number.NaN]);
  }
});

test("in the deterministic mode, the bits that they have on every machine", () => {
  const sums = arithmetics
    .filter(({ A }) => A.variant === "baseline")
    .map(({ A }) => {
      const x = A.round(
        Array.from({ length: 4001 }, (_, i) => (i - 2000) / 64),
        [4001],
      );
      const y = A.empty([4001]);
      return Object.keys(ranges).map((name) => {
        A.unary(op[name as UnaryOperation], y, x);
        return checksum(A.lower(y));
      });
    });
  expect(sums).toEqual([
    [3341127929, 1728098298, 3827348982, 2986847766, 4031790608],
    [4046888564, 915694343, 2633080715, 2807720910, 393092835],
  ]);
});

/** A hash of the numbers' bits, every NaN alike. */
function checksum(values: Float64Array): number {
  const words = new Uint32Array(values.map((x) => (Number.isNaN(x) ? Number.NaN : x)).buffer);
  return words.reduce((hash, word) => {
    const mixed = Math.imul(hash ^ word, 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }, 1);
}
