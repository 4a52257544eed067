import { expect, test } from "vitest";
import { lyapunovSpectrum } from "../../src/flow/lyapunov-spectrum.ts";
import { productNorms } from "../../src/flow/product-norms.ts";

/** h_t = tanh(w h_{t−1}): its derivatives, and where it ends. */
function neuron(w: number, start: number, steps: number) {
  const data = new Float64Array(steps);
  let h = start;
  for (let t = 0; t < steps; t++) {
    h = Math.tanh(w * h);
    data[t] = (1 - h * h) * w;
  }
  return { jacobians: { shape: [steps, 1, 1], data }, end: h };
}

test.each([
  [1.1, 0.821755855882, -0.1963],
  [1.5, 0.394313025499, -0.9306],
  [2, 0.166372087752, -1.7935],
  [3, 0.030512846048, -3.4896],
])("w = %d: the multiplier at its fixed point, below 1 although |w| is above", (w, multiplier, exponent) => {
  const { exponents } = lyapunovSpectrum(neuron(w, 0.5, 600).jacobians, { burnIn: 400 });
  expect(Math.abs(Math.exp(exponents[0]) - multiplier)).toBeLessThan(1e-12);
  expect(Math.abs(exponents[0] - exponent)).toBeLessThan(6e-5);
});

test("w = 1.5 from h = 0.5: the product after 1 to 6 steps", () => {
  const expected = [
    0.89487871242199724, 0.60524982031614805, 0.32013500478275558, 0.14479417366130043, 0.060530520517883657,
    0.024443084230009061,
  ];
  expected.forEach((value, i) => {
    const { norm } = productNorms(neuron(1.5, 0.5, i + 1).jacobians);
    // Six factors, their logarithms and one exponential.
    expect(Math.abs(Math.exp(norm[i + 1]) - value)).toBeLessThan(1e-14);
  });
});

test("w = 1: a power law, t^(−3/2), not an exponential", () => {
  const t = 1e6;
  const { jacobians, end } = neuron(1, 0.5, t);
  const { exponents } = lyapunovSpectrum(jacobians);
  expect(Math.abs(end * Math.sqrt((2 * t) / 3) - 0.999996)).toBeLessThan(1e-6);
  expect(Math.abs(Math.exp(exponents[0] * t + 1.5 * Math.log(t)) - 14.322557)).toBeLessThan(1e-5);
});

test("from h = 0 exactly, w > 1 explodes: the product is wᵗ", () => {
  const { norm, upperBound } = productNorms(neuron(1.5, 0, 2000).jacobians);
  expect(Math.abs(norm[2000] - 2000 * Math.log(1.5))).toBeLessThan(1e-9);
  expect(upperBound[2000]).toBeCloseTo(norm[2000], 9);
});
