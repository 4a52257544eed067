import { resolve } from "node:path";
import { expect, test } from "vitest";
import { bundleSize } from "../src/bundle/bundle-size.ts";

// A package that has both among its dependencies.
const root = resolve(import.meta.dirname, "../../../packages/verification");
const oneGradient = () =>
  bundleSize(root, {
    "@gradproof/arithmetic": ["float64"],
    "@gradproof/autodiff": ["grad", "matmul", "add", "tanh", "sum", "variable"],
  });

test("a bundle of grad, matmul, add, tanh and sum with float64 leaves the rest out", async () => {
  const { gzipped, minified, code } = await oneGradient();
  console.log(`grad, matmul, add, tanh and sum with float64: ${gzipped} bytes gzipped, ${minified} minified`);
  expect(gzipped).toBeLessThan(5000);
  for (const absent of [
    "import",
    "Float32Array",
    "checkpoint",
    "einsum",
    "cholesky",
    "digraph",
    "primeField",
    "Math.sin",
    "sumOfProducts",
    "softmax",
  ]) {
    expect(code).not.toContain(absent);
  }
});

test("and has what a gradient needs: that of Σ tanh(x w + b) is its central difference", async () => {
  const { code } = await oneGradient();
  const { add, float64, grad, matmul, sum, tanh, variable } = (await import(
    `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  )) as typeof import("@gradproof/arithmetic") & typeof import("@gradproof/autodiff");
  const x = variable(float64, [0.5, -1, 2, 0.25, 1, -0.5], [3, 2]);
  const b = variable(float64, [0.125]);
  const loss = (w: typeof x) => sum(tanh(add(matmul(x, w), b)));
  const w = [-0.5, 0.75];
  const gradient = float64.lower(grad(loss)(variable(float64, w, [2, 1])).value);
  const h = 2 ** -16;
  const lossAt = (i: number, step: number) => {
    const moved = w.map((wj, j) => (j === i ? wj + step : wj));
    const [value = Number.NaN] = float64.lower(loss(variable(float64, moved, [2, 1])).value);
    return value;
  };
  // The error of the difference: h² f‴ / 6 and the rounding of f over h.
  gradient.forEach((slope, i) => {
    expect(Math.abs(slope - (lossAt(i, h) - lossAt(i, -h)) / (2 * h))).toBeLessThan(1e-9);
  });
  expect(Math.min(...gradient.map(Math.abs))).toBeGreaterThan(0.5);
});

test("and one of everything is larger, so that the measure can tell", async () => {
  const { gzipped } = await bundleSize(root, {
    "@gradproof/autodiff": ["einsum", "cholesky", "grad", "jvp", "mermaid"],
  });
  const { gzipped: small } = await bundleSize(root, { "@gradproof/autodiff": ["grad"] });
  expect(gzipped).toBeGreaterThan(2 * small);
});
