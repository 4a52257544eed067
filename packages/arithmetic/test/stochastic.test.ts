import { describe, expect, test } from "vitest";
import type { Arithmetic } from "../src/arithmetic.ts";
import { dense } from "../src/dense.ts";
import { doubleDouble } from "../src/double-double.ts";
import type { Field } from "../src/field.ts";
import { float32, float64 } from "../src/float.ts";
import { float64Field } from "../src/float64-field.ts";
import { type Rounding, roundingOf } from "../src/noise.ts";
import * as op from "../src/operations.ts";
import { random } from "../src/random.ts";
import { stochastic } from "../src/stochastic.ts";
import { type GemmMagnitudes, stochasticKernels } from "../src/stochastic-kernels.ts";
import type { Tensor } from "../src/tensor.ts";
import { seed } from "./seed.ts";

type Noisy = (seed: number) => Arithmetic<Float64Array>;
type Program = <S>(A: Arithmetic<S>) => Tensor<S>;

/** Root mean square of the noisy results' deviation from the exact ones, element by element. */
function sigmaOf(noisy: Noisy, program: Program, runs: number): Float64Array {
  const exact = float64.lower(program(float64));
  const squares = new Float64Array(exact.length);
  for (let run = 0; run < runs; run++) {
    const A = noisy(seed + run);
    A.lower(program(A)).forEach((value, i) => {
      squares[i] += (value - exact[i]) ** 2 / runs;
    });
  }
  return squares.map(Math.sqrt);
}

const perOperation: Noisy = (own) => dense(stochastic(float64Field, roundingOf.float32, own));
const perKernel: Noisy = (own) => stochasticKernels(float64, roundingOf.float32, own);
/** Without sites nothing is shared: half of the variance is missing. */
const independent: Noisy = (own) => {
  const { site: _, ...field } = stochastic(float64Field, roundingOf.float32, own);
  return dense(field as Field<Float64Array>);
};

/** Multiples of 2^-20: float32 holds them, but not their products. */
function numbers(count: number, own: number): Float64Array {
  const source = random(own);
  return Float64Array.from({ length: count }, () => source.integer(-(2 ** 20), 2 ** 20) / 2 ** 20);
}

const product =
  (rows: number, inner: number, columns: number): Program =>
  (A) => {
    const out = A.empty([rows, columns]);
    const a = A.lift(numbers(rows * inner, 1), [rows, inner]);
    A.gemm(out, a, A.lift(numbers(inner * columns, 2), [inner, columns]), "write");
    return out;
  };

const sumOfEqualTerms =
  (count: number, term: number): Program =>
  (A) => {
    const out = A.empty([1]);
    A.sum(out, A.lift(new Float64Array(count).fill(term), [count]), "write");
    return out;
  };

describe("σ", () => {
  test("follows the bound of one rounding: u / √3 of a sum, whose fresh and shared half have that variance together", () => {
    const sum: Program = (A) => {
      const out = A.empty([1]);
      A.binary(op.add, out, A.lift([1], [1]), A.lift([0.5], [1]));
      return out;
    };
    for (const noisy of [perOperation, perKernel]) {
      const [sigma] = sigmaOf(noisy, sum, 4000);
      // 4,000 runs know a standard deviation to 1.1 %: 6 % is beyond five of them.
      expect(sigma / (1.5 * (2 ** -24 / Math.sqrt(3)))).toBeCloseTo(1, 1);
    }
  });

  test("covers the errors that float32 makes in products, by operation and by kernel, without being vain", () => {
    for (const [rows, inner, columns] of [
      [3, 1, 4],
      [2, 7, 5],
      [4, 64, 3],
      [2, 500, 4],
    ] as const) {
      const program = product(rows, inner, columns);
      const errors = float32
        .lower(program(float32))
        .map((value, i) => Math.abs(value - float64.lower(program(float64))[i]));
      const byOperation = sigmaOf(perOperation, program, 64);
      const byKernel = sigmaOf(perKernel, program, 64);
      errors.forEach((error, i) => {
        expect(error / byOperation[i]).toBeLessThan(8);
        expect(error / byKernel[i]).toBeLessThan(8);
        // The kernel's variance is an estimate; with 64 runs each, a factor of 3 either way.
        expect(byKernel[i] / byOperation[i]).toBeGreaterThan(1 / 3);
        expect(byKernel[i] / byOperation[i]).toBeLessThan(3);
      });
      const rms = (values: Float64Array) =>
        Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
      expect(rms(byOperation) / rms(errors)).toBeLessThan(20);
    }
  });

  test("by kernel with recorded magnitudes is what it is with computed ones", () => {
    const program = product(4, 64, 3);
    const exact = float64.lower(program(float64));
    const recorded: GemmMagnitudes[] = [];
    program(stochasticKernels(float64, roundingOf.float32, seed, recorded));
    expect(recorded).toHaveLength(1);
    const run = (own: number, magnitudes?: GemmMagnitudes[]) => {
      const A = stochasticKernels(float64, roundingOf.float32, own, magnitudes);
      return float64.lower(program(A)).map((value, i) => value - exact[i]);
    };
    const computed = run(seed + 1);
    const replayed = run(seed + 1, recorded);
    expect(recorded).toHaveLength(1);
    // Magnitudes of two runs differ by the noise itself, some 64 u of a sum that may cancel.
    computed.forEach((error, i) => {
      expect(Math.abs(replayed[i] / error - 1)).toBeLessThan(1e-3);
    });
    const doubled = recorded.map(({ coherent, independent }) => ({
      coherent: coherent.map((size) => 2 * size),
      independent: independent.map((size) => 2 * size),
    }));
    run(seed + 1, doubled).forEach((error, i) => {
      expect(error / computed[i]).toBeCloseTo(2, 2);
    });
  });

  test("covers 10,000 equal terms, whose errors are alike; independent noise would call them wrong", () => {
    const term = Math.fround(0.7);
    const program = sumOfEqualTerms(10_000, term);
    const error = Math.abs(float32.lower(program(float32))[0] - float64.lower(program(float64))[0]);
    const [shared] = sigmaOf(perOperation, program, 16);
    const [alone] = sigmaOf(independent, program, 16);
    expect(error / shared).toBeLessThan(8);
    expect(error / (Math.SQRT2 * alone)).toBeGreaterThan(20);
  });

  test("is that of one rounding for a function of one element, sigmoid among them", () => {
    for (const operation of ["tanh", "sigmoid", "exp", "sqrt"] as const) {
      const program: Program = (A) => {
        const out = A.empty([1]);
        A.unary(op[operation], out, A.lift([0.75], [1]));
        return out;
      };
      const [value] = float64.lower(program(float64));
      for (const noisy of [perOperation, perKernel]) {
        // 1,000 runs know a standard deviation to 2.2 %.
        const [sigma] = sigmaOf(noisy, program, 1000);
        expect(Math.abs(sigma / (value * (2 ** -24 / Math.sqrt(3))) - 1), operation).toBeLessThan(0.15);
      }
    }
  });

  test("covers underflow: an absolute error of the smallest normal number where a result is small, none where it is 0", () => {
    const program =
      (factor: number): Program =>
      (A) => {
        const out = A.empty([1]);
        A.binary(op.multiply, out, A.lift([2 ** -80], [1]), A.lift([factor], [1]));
        return out;
      };
    for (const noisy of [perOperation, perKernel]) {
      const [sigma] = sigmaOf(noisy, program(2 ** -60), 64);
      expect(float32.lower(program(2 ** -60)(float32))[0]).toBe(2 ** -140);
      expect(sigma / 2 ** -126).toBeGreaterThan(0.3);
      expect(sigmaOf(noisy, program(0), 64)[0]).toBe(0);
    }
  });
});

test("over double-double the noise of float64 is seen whole: mean 0 and u / √3, where doubles would move one in four", () => {
  const u = 2 ** -53;
  const deviations = Array.from({ length: 4000 }, (_, run) => {
    const field = stochastic(doubleDouble, roundingOf.float64, seed + run);
    const store = field.store(2);
    field.lift(store, 0, 1.75);
    field.site?.(1, 1);
    field.binary("multiply")(store, 1, store, 0, store, 0);
    doubleDouble.binary("multiply")(store, 0, store, 0, store, 0);
    doubleDouble.binary("subtract")(store, 0, store, 1, store, 0);
    return doubleDouble.lower(store, 0) / (1.75 * 1.75);
  });
  const mean = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
  const rms = Math.sqrt(deviations.reduce((sum, value) => sum + value * value, 0) / deviations.length);
  expect(Math.abs(mean) / u).toBeLessThan(0.05);
  expect(rms / (u / Math.sqrt(3))).toBeCloseTo(1, 1);
  expect(new Set(deviations).size).toBeGreaterThan(3990);
});

test("the same seed gives the same errors; exact operations make none", () => {
  const program = product(3, 5, 2);
  const rounding: Rounding = roundingOf.float32;
  const run = (own: number) => float64.lower(program(dense(stochastic(float64Field, rounding, own))));
  expect(run(3)).toEqual(run(3));
  expect(run(3)).not.toEqual(run(4));
  for (const noisy of [perOperation(1), perKernel(1)]) {
    const a = noisy.lift([-2, 0, 3], [3]);
    for (const operation of ["negate", "relu", "step"] as const) {
      const [out, expected] = [noisy.empty([3]), float64.empty([3])];
      noisy.unary(op[operation], out, a);
      float64.unary(op[operation], expected, a);
      expect(noisy.lower(out)).toEqual(float64.lower(expected));
    }
  }
});
