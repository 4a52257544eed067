import { random } from "@gradproof/arithmetic";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { adjointConsistency } from "../../src/flow/adjoint-consistency.ts";
import { determinantBalance } from "../../src/flow/determinant-balance.ts";
import type { FlowArray } from "../../src/flow/jacobians.ts";
import { lyapunovSpectrum } from "../../src/flow/lyapunov-spectrum.ts";
import { matrixFacts, singularValues } from "../../src/flow/matrix-facts.ts";
import { productNorms } from "../../src/flow/product-norms.ts";
import { productSingularValues } from "../../src/flow/product-singular-values.ts";
import { gaussian, multipliedOut, tanhNetwork } from "./tanh-network.ts";

/** Networks whose matrices do not commute: n ≥ 2, several steps, gains from 1/4 to 3. */
const network = (longest: number) =>
  fc
    .record({
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
      n: fc.integer({ min: 2, max: 6 }),
      steps: fc.integer({ min: 3, max: longest }),
      eighths: fc.integer({ min: 2, max: 24 }),
      drive: fc.constantFrom(0, 0.5),
    })
    .map(({ eighths, ...rest }) => tanhNetwork({ ...rest, gain: eighths / 8 }));

/** A_T ⋯ A_1 as it is written, and the same factors in the opposite order. */
function product({ shape: [T, n], data }: FlowArray): { ordered: Matrix; reversed: Matrix } {
  let [ordered, reversed] = [Matrix.eye(n), Matrix.eye(n)];
  for (let t = 0; t < T; t++) {
    const A = Matrix.from1DArray(n, n, data.subarray(t * n * n, (t + 1) * n * n));
    [ordered, reversed] = [A.mmul(ordered), reversed.mmul(A)];
  }
  return { ordered, reversed };
}

const logNorm = (matrix: Matrix) =>
  Math.log(singularValues({ shape: [matrix.rows, matrix.columns], data: Float64Array.from(matrix.to1DArray()) })[0]);

/** A random orthogonal matrix: the eigenvectors of a symmetric one would do as well; here by Gram-Schmidt in plain loops. */
function rotation(seed: number, n: number): Matrix {
  const source = random(seed);
  const rows: number[][] = [];
  while (rows.length < n) {
    let row = Array.from({ length: n }, () => source.normal());
    for (let pass = 0; pass < 3; pass++) {
      for (const other of rows) {
        const inner = row.reduce((sum, value, k) => sum + value * other[k], 0);
        row = row.map((value, k) => value - inner * other[k]);
      }
    }
    const length = Math.hypot(...row);
    rows.push(row.map((value) => value / length));
  }
  return new Matrix(rows);
}

test("the norm of a product is that of the matrices multiplied out; in the opposite order it is another", () => {
  let different = 0;
  let all = 0;
  fc.assert(
    fc.property(network(12), (net) => {
      const dense = multipliedOut(net);
      const [T] = dense.shape;
      const { ordered, reversed } = product(dense);
      for (const data of [net, dense]) {
        const { norm, frobenius, slack, upperBound } = productNorms(data);
        // Both products err by the slack, as a share of the bound, and the decompositions by a few n ε of the norm.
        // The norm itself is found by iteration.
        const allowed = 4 * slack[T] * Math.exp(upperBound[T] - norm[T]) + 1e-6;
        expect(Math.abs(norm[T] - logNorm(ordered))).toBeLessThan(allowed);
        expect(Math.abs(frobenius[T] - Math.log(ordered.norm()))).toBeLessThan(allowed);
        if (Math.abs(norm[T] - logNorm(reversed)) > 100 * allowed) different++;
        all++;
      }
    }),
    runs(60),
  );
  expect(different).toBeGreaterThan(0.9 * all);
});

test("norms compose: no longer than the product of the norms of two parts", () => {
  fc.assert(
    fc.property(network(12), fc.double({ min: 0.2, max: 0.8, noNaN: true }), (net, share) => {
      const [T] = net.slopes.shape;
      const middle = Math.round(share * T);
      const [late, early, whole] = [
        productNorms(net, { lags: T - middle }).norm.at(-1) as number,
        productNorms(net, { to: middle }).norm.at(-1) as number,
        productNorms(net).norm[T],
      ];
      expect(whole).toBeLessThan(late + early + 1e-10);
    }),
    runs(40),
  );
});

test("Pascanu's bounds hold within rounding; the spectral radius in place of σ₁ is no bound", () => {
  let tighter = 0;
  fc.assert(
    fc.property(network(30), (net) => {
      const { norm, upperBound, weightBound = new Float64Array(), lowerBound, slack } = productNorms(net);
      for (let d = 0; d < norm.length; d++) {
        expect(norm[d]).toBeLessThanOrEqual(upperBound[d] + slack[d]);
        expect(upperBound[d]).toBeLessThanOrEqual(weightBound[d] + 1e-12 * (1 + d));
        expect(norm[d] - lowerBound[d]).toBeGreaterThan(-1e-9 * (1 + d));
      }
      if (upperBound[norm.length - 1] - norm[norm.length - 1] > Math.LN2) tighter++;
    }),
    runs(60),
  );
  expect(tighter).toBeGreaterThan(40);
  const weights = { shape: [2, 2], data: Float64Array.of(0.9, 5, 0, 0.9) };
  const linear = { weights, slopes: { shape: [100, 2], data: new Float64Array(200).fill(1) } };
  const { norm, weightBound = new Float64Array() } = productNorms(linear);
  expect(norm[9]).toBeGreaterThan(9 * Math.log(0.9) + 3.9);
  expect(norm[9]).toBeLessThan(weightBound[9]);
});

test("a matrix that is not normal grows 19-fold before it decays", () => {
  const weights = { shape: [2, 2], data: Float64Array.of(0.9, 5, 0, 0.9) };
  const { norm } = productNorms({ weights, slopes: { shape: [100, 2], data: new Float64Array(200).fill(1) } });
  const sizes = norm.map(Math.exp);
  expect(sizes.indexOf(Math.max(...sizes))).toBe(9);
  expect(Math.abs(sizes[9] - 19.379)).toBeLessThan(5e-4);
  expect(Math.abs(sizes[100] - 0.0148)).toBeLessThan(5e-5);
});

test("Σ λ T is the determinant's logarithm; with other slopes it is not", () => {
  fc.assert(
    fc.property(network(200), (net) => {
      const [T, n] = net.slopes.shape;
      const spectrum = lyapunovSpectrum(net);
      // Past that, what is left of a vector is rounding.
      fc.pre(spectrum.resolved === n && net.slopes.data.every((slope) => slope > 1e-7));
      const { total, weights = 0, slopes = 0, residual = Number.NaN } = determinantBalance(net, spectrum);
      // Of each R_ii, rounding is n ε of the vector that it is left of: 10⁷ n ε of itself at most.
      expect(Math.abs(residual)).toBeLessThan(T * n * n * 1e7 * Number.EPSILON);
      expect(weights + slopes).toBe(total);
      expect(Math.abs(determinantBalance(multipliedOut(net)).total - total)).toBeLessThan(1e-6 * T * n);
      const wrong = { ...net, logSlopes: { ...net.logSlopes, data: net.logSlopes.data.map((value) => value / 2) } };
      expect(Math.abs(determinantBalance(wrong, spectrum).residual as number)).toBeGreaterThan(0.01 * Math.abs(slopes));
    }),
    runs(60),
  );
});

test("the spectrum is that of the Jacobians in another orthonormal basis, if Q₀ turns with them", () => {
  fc.assert(
    fc.property(network(40), fc.integer(), (net, seed) => {
      const dense = multipliedOut(net);
      const [T, n] = dense.shape;
      const P = rotation(seed, n);
      const data = new Float64Array(T * n * n);
      for (let t = 0; t < T; t++) {
        const A = Matrix.from1DArray(n, n, dense.data.subarray(t * n * n, (t + 1) * n * n));
        data.set(P.mmul(A).mmul(P.transpose()).to1DArray(), t * n * n);
      }
      // Q₀ = I turned: its rows are the columns of P.
      const start = { shape: [n, n], data: Float64Array.from(P.transpose().to1DArray()) };
      const axes = { shape: [n, n], data: Float64Array.from(Matrix.eye(n).to1DArray()) };
      const plain = lyapunovSpectrum(dense, { start: axes });
      const turned = lyapunovSpectrum({ shape: [T, n, n], data }, { start });
      fc.pre(plain.resolved === n && plain.exponents[n - 1] > -6);
      plain.exponents.forEach((value, i) => {
        expect(Math.abs(value - turned.exponents[i])).toBeLessThan(1e-7);
      });
      const unturned = lyapunovSpectrum({ shape: [T, n, n], data }, { start: axes });
      expect(unturned.exponents.some((value, i) => Math.abs(value - plain.exponents[i]) > 1e-6)).toBe(true);
    }),
    runs(40),
  );
});

test("singular values of a product that holds them in its factors alone", () => {
  // A_t = P_t diag(s) P_{t−1}ᵀ: the product is P_T diag(s^T) P_0ᵀ, with singular values s_i^T exactly.
  const [n, T] = [6, 400];
  const logs = [-0.5, -0.75, -1.0, -1.25, -1.5, -2.0];
  const frames = Array.from({ length: T + 1 }, (_, t) => rotation(t + 1, n));
  const D = Matrix.diag(logs.map(Math.exp));
  const data = new Float64Array(T * n * n);
  for (let t = 0; t < T; t++) data.set(frames[t + 1].mmul(D).mmul(frames[t].transpose()).to1DArray(), t * n * n);
  const jacobians = { shape: [T, n, n], data };
  const found = productSingularValues(jacobians);
  expect(found.converged).toBe(true);
  logs.forEach((value, i) => {
    expect(Math.abs(found.logs[i] - T * value)).toBeLessThan(1e-9 * T);
  });
  expect(Math.abs(productNorms(jacobians).norm[T] - T * logs[0])).toBeLessThan(1e-9 * T);
  // Of the product multiplied out, nothing is left below σ₁ 2⁻⁵².
  const naive = product(jacobians).ordered;
  const collapsed = singularValues({ shape: [n, n], data: Float64Array.from(naive.to1DArray()) });
  for (let i = 1; i < n; i++) expect(Math.abs(Math.log(collapsed[i]) - T * logs[i])).toBeGreaterThan(20);
});

test("an orthogonal matrix keeps every singular value at 1 for a thousand steps", () => {
  const weights = { shape: [5, 5], data: Float64Array.from(rotation(7, 5).to1DArray()) };
  const slopes = { shape: [1000, 5], data: new Float64Array(5000).fill(1) };
  const { logs } = productSingularValues({ weights, slopes });
  for (const value of logs) expect(Math.abs(value)).toBeLessThan(3e-13);
});

test("errors carried back in time fit the Jacobians, and where they do not, the step is named", () => {
  fc.assert(
    fc.property(network(20), fc.integer(), (net, seed) => {
      const dense = multipliedOut(net);
      const [T, n] = net.slopes.shape;
      const source = random(seed);
      const cotangents = { shape: [T, n], data: Float64Array.from({ length: T * n }, () => source.normal()) };
      const errors = { shape: [T, n], data: adjoint(dense, cotangents.data) };
      const right = adjointConsistency(net, errors, { cotangents });
      expect(right.brokenAt).toBeUndefined();
      const step = source.integer(1, T);
      const bent = errors.data.slice();
      bent[(step - 1) * n + source.integer(0, n - 1)] *= 1 + 1e-6;
      const wrong = adjointConsistency(dense, { ...errors, data: bent }, { cotangents });
      // The step before it does not follow from it any more either.
      expect(wrong.brokenAt).toBe(step);
      expect(wrong.broken).toEqual(step > 1 ? [step, step - 1] : [1]);
      const transposed = { shape: [T, n], data: adjoint(transposedOf(dense), cotangents.data) };
      expect(adjointConsistency(net, transposed, { cotangents }).brokenAt).toBe(T - 1);
    }),
    runs(60),
  );
});

/** λ_t = c_t + A_{t+1}ᵀ λ_{t+1}, element by element. */
function adjoint({ shape: [T, n], data }: FlowArray, cotangents: Float64Array): Float64Array {
  const errors = cotangents.slice();
  for (let t = T - 2; t >= 0; t--) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) errors[t * n + j] += data[((t + 1) * n + i) * n + j] * errors[(t + 1) * n + i];
    }
  }
  return errors;
}

function transposedOf({ shape, data }: FlowArray): FlowArray {
  const [, n] = shape;
  return {
    shape,
    data: data.map((_, p) => data[p - (p % (n * n)) + (p % n) * n + Math.floor((p % (n * n)) / n)]),
  };
}

test("random gaussian matrices: matrixFacts' parts agree with each other", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 8 }), (seed, n) => {
      const weights = gaussian(random(seed), n, 1);
      const { spectralRadius, largestSingularValue, smallestSingularValue, logDeterminant, nonNormality } =
        matrixFacts(weights);
      expect(spectralRadius).toBeLessThanOrEqual(largestSingularValue * (1 + 1e-12));
      expect(spectralRadius).toBeGreaterThanOrEqual(smallestSingularValue * (1 - 1e-12));
      const logs = singularValues(weights).reduce((sum, value) => sum + Math.log(value), 0);
      expect(Math.abs(logs - logDeterminant)).toBeLessThan(1e-9);
      expect(nonNormality).toBeGreaterThan(0);
      expect(nonNormality).toBeLessThan(1);
      const ofRotation = matrixFacts({ shape: [n, n], data: Float64Array.from(rotation(seed, n).to1DArray()) });
      expect(ofRotation.nonNormality).toBeLessThan(1e-6);
      expect(Math.abs(ofRotation.spectralRadius - 1)).toBeLessThan(1e-10);
      // Gelfand: ρ is the limit of ‖Wᵏ‖^(1/k).
      const power = { weights, slopes: { shape: [400, n], data: new Float64Array(400 * n).fill(1) } };
      const { norm } = productNorms(power);
      expect(Math.abs((norm[400] - norm[200]) / 200 - Math.log(spectralRadius))).toBeLessThan(0.03);
    }),
    runs(25),
  );
});
