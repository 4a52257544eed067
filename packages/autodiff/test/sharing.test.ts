import { type Arithmetic, float64, primeField, random, type Tensor } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { affine } from "../src/operations/affine.ts";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { matmul } from "../src/operations/matmul.ts";
import { sum } from "../src/operations/reduction.ts";
import { shared } from "../src/operations/sharing.ts";
import { jvp } from "../src/transforms/forward.ts";
import { grad, vjp } from "../src/transforms/reverse.ts";
import { type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const source = random(seed);
const normals = (count: number) => Float64Array.from({ length: count }, () => source.normal());

/** Indices of n terms in segments of max(64, √n), the last first, ascending inside; or in another order. */
function order(n: number, canonical = true): number[] {
  const length = Math.max(64, Math.ceil(Math.sqrt(n)));
  const parts: number[][] = [];
  for (let start = 0; start < n; start += length) {
    parts.push([...new Array<number>(Math.min(length, n - start)).keys()].map((i) => start + i));
  }
  return (canonical ? parts.reverse() : parts).flat();
}

/** An arithmetic that is told of, and the operations that it was asked for, by name and shape of the output. */
function counted(): { readonly A: Arithmetic<Float64Array>; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const note = (name: string, { shape }: Tensor<Float64Array>) =>
    calls.set(`${name} [${shape}]`, (calls.get(`${name} [${shape}]`) ?? 0) + 1);
  const A: Arithmetic<Float64Array> = {
    ...float64,
    gemm(out, a, b, mode) {
      note("gemm", out);
      float64.gemm(out, a, b, mode);
    },
    binary(operation, out, a, b) {
      note(operation.name, out);
      float64.binary(operation, out, a, b);
    },
  };
  return { A, calls };
}

describe("the cotangent of what is used n times", () => {
  const counts = [1, 2, 64, 65, 130, 5000];
  // One row a use is put side by side and multiplied at once, nine rows a use are multiplied one by one.
  const cases = counts.flatMap((n) => [1, 9].map((rows) => [n, rows] as const)).filter(([n, rows]) => n * rows <= 5000);

  test.each(cases)("a matrix, %i times %i rows: the bits of a loop in the canonical order", (n, rows) => {
    const [inner, width] = [8, 8];
    const xs = Array.from({ length: n }, () => normals(rows * inner));
    const cts = Array.from({ length: n }, () => normals(rows * width));
    const f = (w: Floats) => {
      const W = shared(w);
      return xs
        .map((x, i) =>
          sum(multiply(matmul(variable(float64, x, [rows, inner]), W), variable(float64, cts[i], [rows, width]))),
        )
        .reduce(add);
    };
    const gradient = grad(f)(variable(float64, normals(inner * width), [inner, width]));
    const loop = (canonical: boolean) => {
      const expected = new Float64Array(inner * width);
      for (const i of order(n, canonical)) {
        for (let row = 0; row < rows; row++) {
          for (let k = 0; k < inner; k++) {
            for (let j = 0; j < width; j++) expected[k * width + j] += xs[i][row * inner + k] * cts[i][row * width + j];
          }
        }
      }
      return [...expected];
    };
    expect(numbers(gradient)).toEqual(loop(true));
    if (n > 64) expect(numbers(gradient)).not.toEqual(loop(false));
  });

  test.each(counts)("a bias, %i times: the bits of a loop in the canonical order", (n) => {
    const [rows, width] = [3, 2];
    const cts = Array.from({ length: n }, () => normals(rows * width));
    const f = (b: Floats) => {
      const often = shared(b);
      return cts
        .map((ct) => {
          const weights = variable(float64, ct, [rows, width]);
          return sum(multiply(add(weights, often), weights));
        })
        .reduce(add);
    };
    const loop = (canonical: boolean) => {
      const expected = new Float64Array(width);
      for (const i of order(n, canonical)) {
        for (let place = 0; place < rows * width; place++) expected[place % width] += cts[i][place];
      }
      return [...expected];
    };
    const gradient = numbers(grad(f)(variable(float64, normals(width))));
    expect(gradient).toEqual(loop(true));
    if (n > 64) expect(gradient).not.toEqual(loop(false));
  });

  test("takes a product for each segment, and no sum of matrices, where that is not shared", () => {
    const steps = (mark: (w: Floats) => Floats) => {
      const { A, calls } = counted();
      const f = (w: Floats) => {
        const own = mark(w);
        let h = wrap(A, A.round(normals(6), [1, 6]));
        for (let t = 0; t < 130; t++) h = matmul(h, own);
        return sum(h);
      };
      grad(f)(wrap(A, A.round(normals(36), [6, 6])));
      return Object.fromEntries(calls);
    };
    // 130 steps forward, 129 back, and 64, 64 and 2 of them at once.
    expect(steps(shared)).toEqual({ "gemm [1,6]": 259, "gemm [6,6]": 3 });
    expect(steps((w) => w)).toEqual({ "gemm [1,6]": 259, "gemm [6,6]": 130, "add [6,6]": 129 });
  });
});

test("second derivatives through the sums are the same residues in every mix of modes, used by products and otherwise", () => {
  const F = primeField(seed);
  const uniform = (...shape: number[]) => wrap(F, F.uniform(shape));
  const [x, c] = [uniform(2, 2), uniform(2)];
  const f = (own: readonly Floats[]) => {
    const [w, b] = own.map(shared);
    let h = x;
    for (let t = 0; t < 5; t++) h = add(square(affine(h, w, b)), multiply(w, b));
    return sum(multiply(h, c));
  };
  const inputs = [uniform(2, 2), uniform(2)];
  const direction = [uniform(2, 2), uniform(2)];
  const pair = (f: (x: readonly Floats[]) => Floats) => (own: readonly Floats[]) => grad(f)(own);
  const inner = (a: readonly Floats[], b: readonly Floats[]) =>
    a.map((part, i) => sum(multiply(part, b[i]))).reduce(add);
  const along = (x: readonly Floats[]) => jvp(f, x, direction).tangent;
  const reverseOverReverse = grad((own: readonly Floats[]) => inner(pair(f)(own), direction))(inputs);
  const reverseOverForward = grad(along)(inputs);
  inputs.forEach((_, i) => {
    const forwardOverReverse = jvp((own: readonly Floats[]) => pair(f)(own)[i], inputs, direction).tangent;
    expect(F.same(reverseOverReverse[i].value, reverseOverForward[i].value)).toBe(true);
    expect(F.same(forwardOverReverse.value, reverseOverForward[i].value)).toBe(true);
    expect(F.lower(forwardOverReverse.value).some((residue) => residue !== 0)).toBe(true);
  });
  // A third one, through the rules of the sums' own rules.
  const third = grad((own: readonly Floats[]) => inner(grad(along)(own), direction))(inputs);
  const forward = grad((own: readonly Floats[]) => jvp(along, own, direction).tangent)(inputs);
  third.forEach((part, i) => {
    expect(F.same(part.value, forward[i].value)).toBe(true);
  });
});

test("a pullback may be called again: the sums of one call leave nothing for the next", () => {
  const x = variable(float64, [1, 2, 3, 4], [2, 2]);
  const { pullback } = vjp((w: Floats) => add(matmul(x, w), matmul(w, x)), x);
  const ct = variable(float64, [1, 0, 0, 1], [2, 2]);
  expect(numbers(pullback(ct))).toEqual([2, 6, 4, 8].map((_, i) => 2 * [1, 3, 2, 4][i]));
  expect(numbers(pullback(ct))).toEqual(numbers(pullback(ct)));
});
