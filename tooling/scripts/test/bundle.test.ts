import { resolve } from "node:path";
import { expect, test } from "vitest";
import { bundleSize } from "../src/bundle/bundle-size.ts";

// A package that has both among its dependencies.
const root = resolve(import.meta.dirname, "../../../packages/verification");

test("a bundle of grad, matmul, add, tanh and sum with float64 leaves the rest out", async () => {
  const { gzipped, minified, code } = await bundleSize(root, {
    "@gradproof/arithmetic": ["float64"],
    "@gradproof/autodiff": ["grad", "matmul", "add", "tanh", "sum", "variable"],
  });
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

test("and one of everything is larger, so that the measure can tell", async () => {
  const { gzipped } = await bundleSize(root, {
    "@gradproof/autodiff": ["einsum", "cholesky", "grad", "jvp", "mermaid"],
  });
  const { gzipped: small } = await bundleSize(root, { "@gradproof/autodiff": ["grad"] });
  expect(gzipped).toBeGreaterThan(2 * small);
});
