import { expect, test } from "vitest";
import { determinantBalance } from "../../src/flow/determinant-balance.ts";
import { lyapunovSpectrum } from "../../src/flow/lyapunov-spectrum.ts";
import { meanField } from "../../src/flow/mean-field.ts";
import { henon, logistic, lorenz, skewTent } from "./known-systems.ts";
import { tanhNetwork } from "./tanh-network.ts";

const off = (found: number, expected: number) => Math.abs(found - expected);

test("logistic map: ln 2, to what an orbit of that length gives", () => {
  // What 10³ to 10⁶ steps from 0.1234 give in double precision, to the digits known.
  for (const [steps, expected, digits] of [
    [1e3, 0.69194, 5],
    [1e4, 0.693189, 6],
    [1e5, 0.693139, 6],
  ]) {
    const { exponents } = lyapunovSpectrum(logistic(steps));
    expect(off(exponents[0], expected)).toBeLessThan(0.51 * 10 ** -digits);
  }
  const { exponents, standardErrors, dimension, entropy } = lyapunovSpectrum(logistic(2e5));
  expect(off(exponents[0], Math.LN2)).toBeLessThan(5 * (standardErrors[0] as number));
  expect(standardErrors[0]).toBeLessThan(0.002);
  expect([dimension, entropy]).toEqual([1, exponents[0]]);
});

test("skew tent map: its entropy", () => {
  const exact = -0.3 * Math.log(0.3) - 0.7 * Math.log(0.7);
  expect(off(exact, 0.610864302)).toBeLessThan(1e-9);
  const { exponents, standardErrors } = lyapunovSpectrum(skewTent(0.3, 2e5));
  expect(off(exponents[0], exact)).toBeLessThan(5 * (standardErrors[0] as number));
});

test("cat map: ± ln((3 + √5) / 2) to 12 digits", () => {
  const steps = 400;
  const data = Float64Array.from({ length: 4 * steps }, (_, i) => [2, 1, 1, 1][i % 4]);
  const { exponents, standardErrors } = lyapunovSpectrum({ shape: [steps, 2, 2], data }, { burnIn: 100 });
  const exact = Math.log((3 + Math.sqrt(5)) / 2);
  expect(off(exponents[0], exact)).toBeLessThan(1e-12);
  expect(off(exponents[1], -exact)).toBeLessThan(1e-12);
  expect(standardErrors[0]).toBeLessThan(1e-12);
});

test("Hénon map: exponents, their exact sum ln 0.3, and the dimension", () => {
  const data = henon(1e5);
  const spectrum = lyapunovSpectrum(data);
  const [first, second] = spectrum.exponents;
  // The values known are of another orbit of 10⁵ steps, whose standard error is that of this one.
  expect(off(first, 0.41949)).toBeLessThan(6 * (spectrum.standardErrors[0] as number));
  expect(off(second, -1.62346)).toBeLessThan(6 * (spectrum.standardErrors[1] as number));
  expect(off(first + second, Math.log(0.3))).toBeLessThan(1e-12);
  // Sums of 10⁵ terms of one sign err by less than 10⁵ u of the sum.
  const { total, residual = Number.NaN } = determinantBalance(data, spectrum);
  expect(Math.abs(residual)).toBeLessThan(2 * 1e5 * 2 ** -53 * Math.abs(total));
  expect(off(spectrum.dimension as number, 1 + first / -second)).toBeLessThan(1e-14);
});

test("Lorenz's flow: exponents per time, and the exact sum of its divergence", () => {
  const [dt, steps] = [0.01, 1e5];
  for (const { parameters, exponents, sum, within } of [
    { parameters: [10, 28, 8 / 3], exponents: [0.9056, 0, -14.57], sum: -41 / 3, within: 0.03 },
    // Wolf et al. 1985: 2.16, 0, −32.4 bits a second.
    { parameters: [16, 45.92, 4], exponents: [2.16, 0, -32.4].map((bits) => bits * Math.LN2), sum: -21, within: 0.06 },
  ] as const) {
    const spectrum = lyapunovSpectrum(lorenz(parameters[0], parameters[1], parameters[2], dt, steps), { burnIn: 1000 });
    const found = Array.from(spectrum.exponents, (value) => value / dt);
    exponents.forEach((expected, i) => {
      expect(off(found[i], expected), `exponent ${i + 1}`).toBeLessThan(within);
    });
    // Runge-Kutta of order 4 errs by O(dt⁴) in the volume too: 2e-4 of −13.67 was seen elsewhere at this dt.
    expect(off(found[0] + found[1] + found[2], sum)).toBeLessThan(0.002);
  }
});

test("random tanh networks: near the mean field, from below at finite width", () => {
  const found = [0.5, 2, 3].map((gain) => {
    const values = [1, 2, 3].map((seed) => {
      const data = tanhNetwork({ seed, n: 100, steps: 400, gain, settle: 200 });
      return lyapunovSpectrum(data, { count: 1, burnIn: 100 }).exponents[0];
    });
    return { gain, mean: (values[0] + values[1] + values[2]) / 3 };
  });
  for (const { gain, mean } of found) expect(off(mean, meanField(gain).exponent), `g = ${gain}`).toBeLessThan(0.12);
  expect(found.map(({ mean }) => mean > 0)).toEqual([false, true, true]);
});

test("the whole spectrum of a driven network: the free product of matrix and slopes", () => {
  const n = 100;
  const data = tanhNetwork({ seed: 4, n, steps: 260, gain: 1.5, drive: 1, settle: 50 });
  const { exponents } = lyapunovSpectrum(data, { burnIn: 60 });
  const { exponentAt, exponent } = meanField(1.5, { drive: 1 });
  expect(off(exponents[0], exponent)).toBeLessThan(0.06);
  for (const share of [0.25, 0.5, 0.75]) {
    expect(off(exponents[share * n - 1], exponentAt(share - 0.5 / n)), `${share}`).toBeLessThan(0.06);
  }
});

test("a vector that nothing is left of: −Infinity, and how many exponents are resolved", () => {
  // The second unit is off at every third step.
  const slopes = { shape: [30, 3], data: Float64Array.from({ length: 90 }, (_, i) => (i % 9 === 1 ? 0 : 1)) };
  const weights = { shape: [3, 3], data: Float64Array.of(1, 0.5, 0, 0, 1, 0.5, 0.5, 0, 1) };
  const { exponents, resolved } = lyapunovSpectrum({ slopes, weights });
  expect(resolved).toBe(2);
  expect(exponents[2]).toBe(Number.NEGATIVE_INFINITY);
  expect(Number.isFinite(exponents[1])).toBe(true);
  expect(determinantBalance({ slopes, weights }, { exponents, steps: 30, resolved })).toMatchObject({
    total: Number.NEGATIVE_INFINITY,
    residual: undefined,
  });
});

test("too few steps for blocks: no standard error, rather than a wrong one", () => {
  expect(lyapunovSpectrum(logistic(31)).standardErrors).toEqual([undefined]);
  expect(lyapunovSpectrum(logistic(32)).standardErrors[0]).toBeGreaterThan(0);
});

test("what cannot be analysed is refused by name", () => {
  const jacobians = logistic(5);
  expect(() => lyapunovSpectrum({ shape: [5, 2, 1], data: jacobians.data })).toThrow(
    "lyapunovSpectrum: jacobians have shape [5, 2, 1]; expected [T, n, n]",
  );
  expect(() => lyapunovSpectrum(jacobians, { burnIn: 5 })).toThrow("burnIn is 5; expected an integer from 0 to 4");
  expect(() => lyapunovSpectrum(jacobians, { count: 2 })).toThrow("count is 2; expected an integer from 1 to 1");
  const broken = { ...jacobians, data: jacobians.data.slice().fill(Number.NaN, 2, 4) };
  expect(() => lyapunovSpectrum(broken)).toThrow(
    "jacobians have 2 numbers that are not finite, the first, NaN, at [2, 0, 0]; expected finite numbers",
  );
});
