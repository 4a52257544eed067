import { float32, float64 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { expect, test } from "vitest";
import { bridgeShapes, crossBridge, kernelDefects } from "./integer-bridge.ts";

const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);

test.each([
  ["float64", () => crossBridge(float64, 53, seed)],
  ["float32", () => crossBridge(float32, 24, seed)],
  ["simd float64", () => crossBridge(simd("float64"), 53, seed)],
  ["simd float32", () => crossBridge(simd("float32"), 24, seed)],
] as const)("%s BPTT and autodiff are bit-equal to the integers on every shape", (name, cross) => {
  const run = cross();
  const share = (100 * run.nonZero).toFixed(0);
  console.log(
    `${name}: ${run.problems} problems of ${bridgeShapes.length} shapes, ${run.numbers} numbers equal, ${share} % not 0, largest ${run.largest}, seed ${seed}`,
  );
  expect(run.differences).toEqual([]);
  expect(run.nonZero).toBeGreaterThan(0.4);
});

test("the bridge sees every planted defect of a kernel", () => {
  for (const { name, apply } of kernelDefects) {
    const { differences } = crossBridge(apply(float64), 53, seed);
    console.log(`${name}: seen in ${differences.length} results`);
    expect(differences.length, name).toBeGreaterThan(0);
  }
});
