import type { Arithmetic, Mode } from "./arithmetic.ts";
import { addAt, logSumExp, softmax } from "./composed.ts";
import { unfused } from "./fused.ts";
import { Noise, type Rounding, siteNumber } from "./noise.ts";
import * as op from "./operations.ts";
import { exactOperations } from "./stochastic.ts";
import { sizeOf, type Tensor } from "./tensor.ts";
import { rowLength } from "./walk.ts";

/** What multiplies the noise of each element of a product: the shared part, and the independent one. */
export interface GemmMagnitudes {
  readonly coherent: Float64Array;
  readonly independent: Float64Array;
}

/**
 * An arithmetic whose kernels err at random as another type's rounding does, once per result instead of once per
 * operation: a few products per gemm instead of noise at every addition, for problems too large for {@link stochastic}.
 *
 * A sum of K products p_k with partial sums s_k errs by Σ δ_k s_k + Σ δ'_k p_k. The part that nearly equal operations
 * share is u Σ (s_k + p_k), one more product with a's columns weighted; the independent part has the variance
 * u² Σ (s_k² + p_k²), taken as u² ((1 + K / 2) Σ p_k² + K / 3 (Σ p_k)²): partial sums that wander and that grow steadily.
 *
 * @param seed - any safe integer.
 * @param recorded - empty for the first run of a program, which fills it; further runs of the same program take the sizes of
 * their products' errors from it instead of computing them, and cost a third. To first order they are the same.
 */
export function stochasticKernels<S>(
  arithmetic: Arithmetic<S>,
  rounding: Rounding,
  seed: number,
  recorded?: GemmMagnitudes[],
): Arithmetic<S> {
  const A = arithmetic;
  let gemms = 0;
  const noise = new Noise(rounding.unitRoundoff, seed);
  const { smallestNormal } = rounding;

  /** A tensor of errors: scale × (u / √2) × (fresh, or the site's shared one). */
  function errors(shape: readonly number[], kernel: number, of: "fresh" | "shared" | "both"): Tensor<S> {
    const columns = shape.length === 0 ? 1 : shape[shape.length - 1];
    const shared = new Float64Array(columns);
    if (of !== "fresh") for (let n = 0; n < columns; n++) shared[n] = noise.sharedAt(kernel, n);
    const values = new Float64Array(sizeOf(shape));
    for (let i = 0; i < values.length; ) {
      for (let n = 0; n < columns; n++, i++) {
        values[i] = noise.scale * (of === "shared" ? shared[n] : noise.fresh() + shared[n]);
      }
    }
    return A.round(values, shape);
  }

  /** out ← out + magnitude ⊙ errors, and the absolute error of an underflow where out is not 0. */
  function perturb(out: Tensor<S>, magnitude: Tensor<S>, kernel: number, of: "fresh" | "shared" | "both"): void {
    const change = A.empty(out.shape);
    A.binary(op.multiply, change, magnitude, errors(out.shape, kernel, of));
    A.binary(op.add, out, out, change);
  }

  function underflow(out: Tensor<S>): void {
    if (smallestNormal === 0) return;
    const tiny = smallestNormal / rounding.unitRoundoff;
    const values = A.lower(out);
    let found = false;
    for (let i = 0; i < values.length; i++) {
      const isTiny = values[i] !== 0 && Math.abs(values[i]) < tiny;
      values[i] = isTiny ? smallestNormal * noise.fresh() : 0;
      found ||= isTiny;
    }
    if (found) A.binary(op.add, out, out, A.round(values, out.shape));
  }

  function each(out: Tensor<S>, kernel: string): void {
    A.scope(() => {
      perturb(out, out, siteNumber(kernel, rowLength(out.shape)), "both");
      underflow(out);
    });
  }

  function gemm(out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void {
    A.scope(() => {
      const start = A.empty(out.shape);
      A.copy(start, mode === "accumulate" ? out : A.ratio(0, 1));
      A.gemm(out, a, b, mode);

      const { coherent, independent } = magnitudes(a, b, start, out);
      const kernel = siteNumber("gemm", rowLength(out.shape));
      const columns = rowLength(out.shape);
      const shared = Float64Array.from({ length: columns }, (_, n) => noise.sharedAt(kernel, n));
      const change = new Float64Array(independent.length);
      for (let i = 0; i < change.length; ) {
        for (let n = 0; n < columns; n++, i++) {
          change[i] = noise.scale * (independent[i] * noise.fresh() + coherent[i] * shared[n]);
        }
      }
      A.binary(op.add, out, out, A.round(change, out.shape));
      underflow(out);
    });
  }

  /** What multiplies the noise of out ← start + a b. */
  function magnitudes(a: Tensor<S>, b: Tensor<S>, start: Tensor<S>, out: Tensor<S>): GemmMagnitudes {
    const known = recorded?.[gemms++];
    if (known) return known;
    const inner = a.shape[1];

    // Σ_k (s_k + p_k) = K c_0 + Σ_k (K + 1 − k) p_k, k from 0
    const weights = A.lift(
      Float64Array.from({ length: inner }, (_, k) => inner + 1 - k),
      [1, inner],
    );
    const weighted = A.empty(a.shape);
    A.binary(op.multiply, weighted, a, weights);
    const coherent = A.empty(out.shape);
    A.binary(op.multiply, coherent, start, A.ratio(inner, 1));
    A.gemm(coherent, weighted, b, "accumulate");

    const [aSquared, bSquared] = [A.empty(a.shape), A.empty(b.shape)];
    A.unary(op.square, aSquared, a);
    A.unary(op.square, bSquared, b);
    const variance = A.empty(out.shape);
    A.gemm(variance, aSquared, bSquared, "write");
    A.binary(op.multiply, variance, variance, A.ratio(2 + inner, 2));
    addScaledSquare(variance, out, A.ratio(inner, 3));
    addScaledSquare(variance, start, A.ratio(inner, 1));
    A.unary(op.sqrt, variance, variance);
    const found = { coherent: A.lower(coherent), independent: A.lower(variance) };
    recorded?.push(found);
    return found;
  }

  /** out ← out + factor t² */
  function addScaledSquare(out: Tensor<S>, t: Tensor<S>, factor: Tensor<S>): void {
    const square = A.empty(t.shape);
    A.unary(op.square, square, t);
    A.binary(op.multiply, square, square, factor);
    A.binary(op.add, out, out, square);
  }

  return {
    ...unfused(A),
    name: `stochasticKernels(${A.name})`,
    unitRoundoff: rounding.unitRoundoff,
    gemm,
    unary(operation, out, a) {
      A.unary(operation, out, a);
      if (!exactOperations.has(operation.name)) each(out, operation.name);
    },
    binary(operation: op.Binary, out, a, b) {
      A.binary(operation, out, a, b);
      if (!exactOperations.has(operation.name)) each(out, operation.name);
    },

    /** As gemm with ones; the shared part as of equal terms, (n + 1) / 2 times the sum. */
    sum(out, a, mode) {
      A.scope(() => {
        const inner = sizeOf(a.shape) / Math.max(1, sizeOf(out.shape));
        A.sum(out, a, mode);
        const squares = A.empty(a.shape);
        A.unary(op.square, squares, a);
        const variance = A.empty(out.shape);
        A.sum(variance, squares, "write");
        A.binary(op.multiply, variance, variance, A.ratio(1 + inner, 2));
        addScaledSquare(variance, out, A.ratio(inner, 3));
        A.unary(op.sqrt, variance, variance);
        const coherent = A.empty(out.shape);
        A.binary(op.multiply, coherent, out, A.ratio(inner + 1, 2));
        const site = siteNumber("sum", rowLength(out.shape));
        perturb(out, variance, site, "fresh");
        perturb(out, coherent, site, "shared");
        underflow(out);
      });
    },

    softmax(out, a) {
      A.scope(() => {
        const spread = spreadOf(A, a);
        softmax(A, out, a);
        const magnitude = A.empty(out.shape);
        A.binary(op.multiply, magnitude, out, spread);
        perturb(out, magnitude, siteNumber("softmax", rowLength(out.shape)), "both");
        underflow(out);
      });
    },

    logSumExp(out, a) {
      logSumExp(A, out, a);
      A.scope(() => {
        const magnitude = A.empty(out.shape);
        const sizes = A.lower(out).map((value) => Math.abs(value) + 1 + Math.log(a.shape[a.shape.length - 1]));
        A.copy(magnitude, A.round(sizes, out.shape));
        perturb(out, magnitude, siteNumber("logSumExp", rowLength(out.shape)), "both");
      });
    },

    addAt(out, rows, a) {
      addAt(A, out, rows, a);
      each(out, "addAt");
    },
  };
}

/** Rounding errors in one softmax element: of z − max, grown by its size, of exp, of the sum and of the quotient. */
function spreadOf<S>(A: Arithmetic<S>, a: Tensor<S>): Tensor<S> {
  const values = A.lower(a);
  const length = a.shape[a.shape.length - 1];
  for (let i = 0; i < values.length; i += length) {
    const row = values.subarray(i, i + length);
    const largest = row.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
    values.set(
      row.map((value) => 3 + Math.sqrt(length) + (largest - value)),
      i,
    );
  }
  return A.round(values, a.shape);
}
