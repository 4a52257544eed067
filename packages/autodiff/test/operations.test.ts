import { readdirSync } from "node:fs";
import { float64 } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { affine } from "../src/operations/affine.ts";
import { broadcastTo, sumTo } from "../src/operations/broadcasting.ts";
import { einsum, tensordot } from "../src/operations/contraction.ts";
import { determinant, logDeterminant } from "../src/operations/determinant.ts";
import { add, divide, multiply, negate, square, subtract } from "../src/operations/elementwise.ts";
import { abs, max, maximum, min, minimum, sign } from "../src/operations/extremes.ts";
import { cos, exp, log, log1p, sigmoid, silu, sin, softplus, sqrt, tanh } from "../src/operations/functions.ts";
import { concat, stack } from "../src/operations/joining.ts";
import { reshape, transpose } from "../src/operations/layout.ts";
import { cholesky, inverse, solve, triangularSolve } from "../src/operations/linear-systems.ts";
import { matmul } from "../src/operations/matmul.ts";
import { norm } from "../src/operations/norm.ts";
import { greater, relu, where } from "../src/operations/piecewise.ts";
import { pow } from "../src/operations/power.ts";
import { cumprod, cumsum, prod } from "../src/operations/products.ts";
import { diagonal, flip, gather, oneHot, pad } from "../src/operations/rearranging.ts";
import { mean, sum } from "../src/operations/reduction.ts";
import { at, scatterAdd, slice, take, unstack } from "../src/operations/selection.ts";
import { shared } from "../src/operations/sharing.ts";
import { logSumExp, softmax, softmaxCrossEntropy } from "../src/operations/softmax.ts";
import { type Variable, variable } from "../src/variable.ts";
import { operations } from "./operation-table.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
const a = v([1, -2, 3, -4, 5, -6], [2, 3]);
const b = v([2, 3, 5, 7, 11, 13], [2, 3]);
const cube = v([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
const e = Math.E;

const cases: readonly [name: string, found: Floats, shape: number[], expected: number[]][] = [
  ["add", add(a, b), [2, 3], [3, 1, 8, 3, 16, 7]],
  ["subtract", subtract(a, b), [2, 3], [-1, -5, -2, -11, -6, -19]],
  ["multiply", multiply(a, b), [2, 3], [2, -6, 15, -28, 55, -78]],
  ["divide", divide(b, v([2, 4, 8])), [2, 3], [1, 0.75, 0.625, 3.5, 2.75, 1.625]],
  ["negate", negate(a), [2, 3], [-1, 2, -3, 4, -5, 6]],
  ["square", square(a), [2, 3], [1, 4, 9, 16, 25, 36]],
  ["exp", exp(v([0, 1, -1])), [3], [1, e, 1 / e]],
  ["log", log(v([1, 2, e])), [3], [0, Math.LN2, 1]],
  ["sqrt", sqrt(v([4, 2, 0])), [3], [2, Math.SQRT2, 0]],
  ["log1p", log1p(v([0, 1, e - 1])), [3], [0, Math.LN2, 1]],
  ["sin", sin(v([0, 1])), [2], [0, 0.8414709848078965]],
  ["cos", cos(v([0, 1])), [2], [1, 0.5403023058681398]],
  ["softplus", softplus(v([0, 1, -1])), [3], [Math.LN2, Math.log(1 + e), Math.log(1 + 1 / e)]],
  ["silu", silu(v([0, 1, -1])), [3], [0, e / (e + 1), -1 / (e + 1)]],
  ["tanh", tanh(v([0.5, -1])), [2], [Math.tanh(0.5), Math.tanh(-1)]],
  ["sigmoid", sigmoid(v([0, 1, -1])), [3], [0.5, e / (e + 1), 1 / (e + 1)]],
  ["relu", relu(a), [2, 3], [1, 0, 3, 0, 5, 0]],
  ["greater", greater(v([1, 2, 3]), v([3, 2, 1])), [3], [0, 0, 1]],
  ["greater, broadcast", greater(a, v([1], [])), [2, 3], [0, 0, 1, 0, 1, 0]],
  ["where", where(v([1, 0, 1]), a, b), [2, 3], [1, 3, 3, -4, 11, -6]],
  ["where, by greater", where(greater(a, b), a, b), [2, 3], [2, 3, 5, 7, 11, 13]],
  ["matmul", matmul(a, transpose(b)), [2, 2], [11, 24, -23, -51]],
  ["affine", affine(a, transpose(b), v([1, -1])), [2, 2], [12, 23, -22, -52]],
  ["matmul, with leading axes", matmul(cube, v([1, 0, 0, 2], [2, 2])), [2, 2, 2], [1, 4, 3, 8, 5, 12, 7, 16]],
  ["matmul, pair by pair", matmul(v([1, 2, 3, 4], [2, 1, 2]), cube), [2, 1, 2], [7, 10, 43, 50]],
  ["softmax", softmax(v([1, 0, 0, 1], [2, 2])), [2, 2], [e / (e + 1), 1 / (e + 1), 1 / (e + 1), e / (e + 1)]],
  ["softmax, along axis 0", softmax(v([1, 0, 0, 0], [2, 2]), 0), [2, 2], [e / (e + 1), 0.5, 1 / (e + 1), 0.5]],
  ["logSumExp", logSumExp(v([0, 0, 1, 1], [2, 2])), [2], [Math.LN2, 1 + Math.LN2]],
  ["logSumExp, along axis 0", logSumExp(v([0, 1, 0, 1], [2, 2]), 0), [2], [Math.LN2, 1 + Math.LN2]],
  ["logSumExp, kept", logSumExp(v([0, 0], [1, 2]), -1, { keepDimensions: true }), [1, 1], [Math.LN2]],
  ["softmaxCrossEntropy", softmaxCrossEntropy(v([0, 0, 7, 7], [2, 2]), [0, 1]), [2], [Math.LN2, Math.LN2]],
  ["transpose", transpose(a), [3, 2], [1, -4, -2, 5, 3, -6]],
  ["transpose, by axes", transpose(cube, [2, 0, 1]), [2, 2, 2], [1, 3, 5, 7, 2, 4, 6, 8]],
  ["transpose, counted back", transpose(cube, [-1, -3, 1]), [2, 2, 2], [1, 3, 5, 7, 2, 4, 6, 8]],
  ["transpose, of a scalar", transpose(v([5], []), []), [], [5]],
  ["shared", shared(a), [2, 3], [1, -2, 3, -4, 5, -6]],
  ["reshape", reshape(transpose(a), [6]), [6], [1, -4, -2, 5, 3, -6]],
  ["broadcastTo", broadcastTo(v([1, 2], [2, 1]), [2, 2, 2]), [2, 2, 2], [1, 1, 2, 2, 1, 1, 2, 2]],
  ["sumTo", sumTo(a, [2, 1]), [2, 1], [2, -5]],
  ["sumTo, of a square", sumTo(v([1, 2, 3, 4], [2, 2]), [1, 2]), [1, 2], [4, 6]],
  ["sum", sum(a), [], [-3]],
  ["sum, over axis 0", sum(a, 0), [3], [-3, 3, -3]],
  ["sum, over axis -1", sum(a, -1), [2], [2, -5]],
  ["sum, over two axes", sum(cube, [0, 2]), [2], [14, 22]],
  ["sum, over none", sum(a, []), [2, 3], [1, -2, 3, -4, 5, -6]],
  ["sum, kept", sum(a, 1, { keepDimensions: true }), [2, 1], [2, -5]],
  ["sum, over all, kept", sum(a, undefined, { keepDimensions: true }), [1, 1], [-3]],
  ["mean", mean(cube), [], [4.5]],
  ["mean, over axis 0", mean(b, 0), [3], [4.5, 7, 9]],
  ["mean, kept", mean(cube, [1, -1], { keepDimensions: true }), [2, 1, 1], [2.5, 6.5]],
  ["slice", slice(b, 1, 2), [1, 3], [7, 11, 13]],
  ["slice, along axis 1", slice(b, 1, 3, 1), [2, 2], [3, 5, 11, 13]],
  ["slice, from the end", slice(b, -3, -1, 1), [2, 2], [2, 3, 7, 11]],
  ["at", at(b, 1), [3], [7, 11, 13]],
  ["at, from the end", at(b, -2), [3], [2, 3, 5]],
  ["at, along axis -1", at(b, 1, -1), [2], [3, 11]],
  ["take", take(b, [1, 0, 1]), [3, 3], [7, 11, 13, 2, 3, 5, 7, 11, 13]],
  ["take, along axis 1", take(b, [2, 2, 0], 1), [2, 3], [5, 5, 2, 13, 13, 7]],
  ["concat", concat([a, v([7, 8, 9], [1, 3])]), [3, 3], [1, -2, 3, -4, 5, -6, 7, 8, 9]],
  ["scatterAdd", scatterAdd(v([1, 2, 4]), [1, 3, 1], 4), [4], [0, 5, 0, 2]],
  ["scatterAdd, along axis 1", scatterAdd(a, [0, 0, 1], 2, 1), [2, 2], [-1, 3, 1, -6]],
  ["unstack", unstack(b)[1], [3], [7, 11, 13]],
  ["unstack, along axis 1", unstack(b, 1)[2], [2], [5, 13]],
  [
    "concat, along axis -1",
    concat([v([1, 2], [2, 1]), transpose(v([3, 4, 5, 6], [2, 2]))], -1),
    [2, 3],
    [1, 3, 5, 2, 4, 6],
  ],
  ["stack", stack([v([1, 2]), v([3, 4])]), [2, 2], [1, 2, 3, 4]],
  ["stack, along axis -1", stack([v([1, 2]), v([3, 4]), v([5, 6])], -1), [2, 3], [1, 3, 5, 2, 4, 6]],
  ["stack, of scalars", stack([v([1], []), v([2], [])]), [2], [1, 2]],
  ["sign", sign(v([-2, 0, 3])), [3], [-1, 0, 1]],
  ["abs", abs(v([-2, 0, 3])), [3], [2, 0, 3]],
  ["maximum", maximum(a, v([0, 1, 2])), [2, 3], [1, 1, 3, 0, 5, 2]],
  ["minimum", minimum(a, v([0, 1, 2])), [2, 3], [0, -2, 2, -4, 1, -6]],
  ["max", max(a), [], [5]],
  ["max, over axis 1", max(a, 1), [2], [3, 5]],
  ["max, kept", max(cube, [0, -1], { keepDimensions: true }), [1, 2, 1], [6, 8]],
  ["min", min(a), [], [-6]],
  ["min, over axis 0", min(a, 0), [3], [-4, -2, -6]],
  ["norm", norm(v([3, 4])), [], [5]],
  ["norm, over axis 1, kept", norm(v([3, 4, 6, 8], [2, 2]), 1, { keepDimensions: true }), [2, 1], [5, 10]],
  ["pow", pow(v([-2, 0, 3]), 3), [3], [-8, 0, 27]],
  ["pow, to 0", pow(v([-2, 0, 3]), 0), [3], [1, 1, 1]],
  ["pow, to -1", pow(v([-2, 4]), -1), [2], [-0.5, 0.25]],
  ["pow, to 0.5", pow(v([4, 2, 0]), 0.5), [3], [2, Math.SQRT2, 0]],
  ["pow, to 1.5", pow(v([2, 0]), 1.5), [2], [2 * Math.SQRT2, 0]],
  ["pow, to variables", pow(v([2, 2, 0, 0]), v([0.5, -1.5, 0, 2])), [4], [Math.SQRT2, Math.SQRT2 / 4, 1, 0]],
  ["prod", prod(a), [], [-720]],
  ["prod, over axis 0", prod(a, 0), [3], [-4, -10, -18]],
  ["prod, of nothing, kept", prod(v([], [0, 2]), 0, { keepDimensions: true }), [1, 2], [1, 1]],
  ["cumsum", cumsum(v([1, 2, 3])), [3], [1, 3, 6]],
  ["cumsum, along axis 1", cumsum(b, 1), [2, 3], [2, 5, 10, 7, 18, 31]],
  ["cumsum, of nothing", cumsum(v([])), [0], []],
  ["cumprod", cumprod(v([2, 0, 3])), [3], [2, 0, 0]],
  ["cumprod, along axis 0", cumprod(b, 0), [2, 3], [2, 3, 5, 14, 33, 65]],
  ["flip", flip(v([1, 2, 3])), [3], [3, 2, 1]],
  ["flip, both axes", flip(b, [0, 1]), [2, 3], [13, 11, 7, 5, 3, 2]],
  ["pad", pad(v([1, 2]), [[1, 2]]), [5], [0, 1, 2, 0, 0]],
  ["pad, reflected", pad(v([1, 2, 3]), [[2, 1]], { mode: "reflect" }), [6], [3, 2, 1, 2, 3, 2]],
  ["gather", gather(b, { data: [2, 0, 1, 1], shape: [2, 2] }), [2, 2], [5, 2, 11, 11]],
  ["gather, along axis 0", gather(b, { data: [1, 0, 1], shape: [1, 3] }, 0), [1, 3], [7, 3, 13]],
  ["diagonal", diagonal(b), [2], [2, 11]],
  ["diagonal, of matrices", diagonal(cube), [2, 2], [1, 4, 5, 8]],
  ["diagonal, of a vector", diagonal(v([2, 3])), [2, 2], [2, 0, 0, 3]],
  ["oneHot", oneHot(a, [1, 0], 3), [2, 3], [0, 1, 0, 1, 0, 0]],
  ["tensordot", tensordot(a, b, [[1], [1]]), [2, 2], [11, 24, -23, -51]],
  [
    "tensordot, over all",
    tensordot(a, b, [
      [0, 1],
      [0, 1],
    ]),
    [],
    [-40],
  ],
  ["einsum", einsum("ij,kj->ik", a, b), [2, 2], [11, 24, -23, -51]],
  ["einsum, outer", einsum("i,j->ji", v([1, 2]), v([3, 5])), [2, 2], [3, 6, 5, 10]],
  ["einsum, of three", einsum("ij,ij,j->", a, b, v([1, 0, 1])), [], [-89]],
  ["einsum, a trace of each", einsum("bii->b", cube), [2], [5, 13]],
  ["triangularSolve", triangularSolve(v([2, 9, 1, 4], [2, 2]), v([2, 9])), [2], [1, 2]],
  [
    "triangularSolve, upper, transposed",
    triangularSolve(v([2, 1, 9, 4], [2, 2]), v([2, 9]), { lower: false, transposed: true }),
    [2],
    [1, 2],
  ],
  ["solve", solve(v([0, 2, 1, 0], [2, 2]), v([4, 6, 3, 5], [2, 2])), [2, 2], [3, 5, 2, 3]],
  ["inverse", inverse(v([0, 2, 4, 0], [2, 2])), [2, 2], [0, 0.25, 0.5, 0]],
  ["cholesky", cholesky(v([4, 2, 2, 10], [2, 2])), [2, 2], [2, 0, 1, 3]],
  ["determinant", determinant(v([0, 2, 0, 3, 0, 0, 0, 0, 4], [3, 3])), [], [-24]],
  ["determinant, of a singular matrix", determinant(v([1, 2, 2, 4], [2, 2])), [], [0]],
  ["determinant, of nothing", determinant(v([], [0, 0])), [], [1]],
  ["logDeterminant", logDeterminant(v([0, 2, 4, 0], [2, 2])), [], [3 * Math.LN2]],
];

describe("values", () => {
  test.each(cases)("of %s", (_, found, shape, expected) => {
    expect(found.shape).toEqual(shape);
    // The exact ones are exact; those of functions are within an ulp or two of what is written.
    numbers(found).forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(Number.isInteger(expected[i] * 8) ? 0 : 2 ** -51);
    });
    expect(numbers(found)).toHaveLength(expected.length);
  });
});

describe("every operation that there is", async () => {
  /** What operations are made of. */
  const foundations = [
    "factorisation.ts",
    "matrix-transpose.ts",
    "operand-rules.ts",
    "shape.ts",
    "terms.ts",
    "values.ts",
  ];
  const folder = new URL("../src/operations/", import.meta.url);
  const files = readdirSync(folder).filter((file) => !foundations.includes(file));
  const families = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<object>));
  const names = families.flatMap((family) => Object.keys(family)).sort();
  const first = (name: string) => name.split(",")[0];

  test("has its value tested", () => {
    expect([...new Set(cases.map(([name]) => first(name)))].sort()).toEqual(names);
  });

  test("is in the table of rules, but for greater, which has none", () => {
    expect([...new Set([...operations.map(({ name }) => first(name)), "greater"])].sort()).toEqual(names);
  });
});
