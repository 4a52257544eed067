import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import type { Problem } from "./problems.ts";

const unary: { readonly [F in UnaryOperation]?: (x: number) => number } = {
  negate: (x) => -x,
  square: (x) => x * x,
  oneMinus: (x) => 1 - x,
  relu: (x) => Math.max(x, 0),
  step: (x) => (x > 0 ? 1 : 0),
  sign: (x) => Math.sign(x) + 0,
};

/** The functions of integers with integer values. */
export const plainUnary = Object.keys(unary) as UnaryOperation[];

const binary: Record<BinaryOperation, (x: number, y: number) => number> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: Math.max,
};

/** The multi-indices of a shape in row-major order. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, length) => prefixes.flatMap((prefix) => Array.from({ length }, (_, i) => [...prefix, i])),
    [[]],
  );
}

/** Row-major place of an index, axes aligned at the last and axes of length 1 repeated. */
function positionOf(index: readonly number[], shape: readonly number[]): number {
  const aligned = index.slice(index.length - shape.length);
  return shape.reduce((position, length, axis) => position * length + (length === 1 ? 0 : aligned[axis]), 0);
}

/** What a kernel must give, by its definition, element by element, on plain row-major arrays of numbers. */
export function plainResult(
  problem: Problem,
  before: readonly number[],
  [a, b]: readonly (readonly number[])[],
): number[] {
  const { kernel, out, inputs, mode, rows = [] } = problem;
  const [left, right] = inputs;
  const start = mode === "write" ? before.map(() => 0) : before;
  const each = (value: (index: number[], before: number) => number): number[] =>
    indices(out).map((index, i) => value(index, start[i]));

  switch (kernel) {
    case "copy":
      return each((index) => a[positionOf(index, left)]);
    case "unary":
      return each((index) => unary[problem.unary ?? "negate"]!(a[positionOf(index, left)]));
    case "binary":
      return each((index) => binary[problem.binary ?? "add"](a[positionOf(index, left)], b[positionOf(index, right)]));
    case "gemm":
      return each(([m, n], from) =>
        a.slice(m * left[1], (m + 1) * left[1]).reduce((sum, x, k) => sum + x * b[k * right[1] + n], from),
      );
    case "reduce":
      return each((index, from) =>
        indices(left)
          .filter((source) => positionOf(source, out) === positionOf(index, out))
          .reduce((sum, source) => sum + a[positionOf(source, left)], from),
      );
    case "take":
      return each(([row, ...rest]) => a[positionOf([rows[row], ...rest], left)]);
    case "addAt":
      return each(([row, ...rest], from) =>
        rows.reduce((sum, target, i) => (target === row ? sum + a[positionOf([i, ...rest], left)] : sum), from),
      );
    default:
      throw new Error(`${kernel} has no integer values`);
  }
}
