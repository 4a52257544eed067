import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { float64 } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { tanh } from "../src/operations/functions.ts";
import { matmul } from "../src/operations/matmul.ts";
import { sum } from "../src/operations/reduction.ts";
import { checkpoint } from "../src/transforms/checkpoint.ts";
import { jvp } from "../src/transforms/forward.ts";
import { hvp } from "../src/transforms/jacobian.ts";
import { grad } from "../src/transforms/reverse.ts";
import { type ScanOptions, scan } from "../src/transforms/scan.ts";
import { node, type Variable, variable } from "../src/variable.ts";

type Floats = Variable<Float64Array>;
const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are still in use: the heap and the memory of typed arrays. */
function inUse(): number {
  collect();
  // Typed arrays are swept beside the program; a second collection waits for the sweep of the first.
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const loss = (w: Floats) => sum(square(tanh(matmul(v([1, -2, 0.5, 1], [2, 2]), w))));

test("memory after 10,000 gradients, and after Hessian-vector products and jvps, is what it was", () => {
  let w = v([0.5, -0.25], [2, 1]);
  const rate = v([-(2 ** -10)], []);
  const step = () => {
    w = add(w, multiply(rate, add(grad(loss)(w), hvp(loss, w, w))));
    return jvp(loss, w, w).tangent;
  };
  for (let i = 0; i < 1000; i++) step();
  const before = inUse();
  for (let i = 0; i < 10_000; i++) step();
  const grown = inUse() - before;
  console.log(`after 10,000 gradients, products and jvps: ${(grown / 1024).toFixed(0)} KiB more in use`);
  // One graph of these, kept each time, would be 10,000 times some kilobytes.
  expect(grown).toBeLessThan(2 ** 20);
  expect([w.inputs, w.order, w.dual]).toEqual([[], 0, undefined]);
});

/** The largest memory in use in the backward sweep of a scan, looked at eight times, less that before. */
function peakOf(steps: number, options: ScanOptions): number {
  const width = 64;
  const numbers = (count: number) => Float64Array.from({ length: count }, (_, i) => ((i * 7) % 11) / 64 - 0.078125);
  const weights = variable(float64, numbers(width * width), [width, width]);
  const xs = variable(float64, numbers(steps), [steps, 1, 1]);
  const start = variable(float64, numbers(width), [1, width]);
  let [peak, rules] = [0, 0];
  const before = inUse();
  const watched = (ct: Floats) => {
    if (rules++ % (steps / 8) === 0) peak = Math.max(peak, inUse() - before);
    return ct;
  };
  const cell = (h: Floats, x: Floats, w: Floats) => {
    const next = tanh(add(matmul(h, w), x));
    return { carry: node(float64, "watched", next.value, [next], [watched], []), output: sum(next) };
  };
  grad((w: Floats) => sum(scan(cell, start, xs, w, options).outputs))(weights);
  expect(rules).toBeGreaterThanOrEqual(steps - 1);
  return peak;
}

test("what a scan keeps for its gradient: linear in T, and far less with segments of √T steps", () => {
  const kept = [256, 1024].map((steps) => peakOf(steps, {}));
  const segmented = [256, 1024].map((steps) => peakOf(steps, { segment: Math.sqrt(steps) }));
  const kibibytes = (bytes: readonly number[]) => bytes.map((count) => (count / 1024).toFixed(0)).join(" and ");
  console.log(`kept for 256 and 1,024 steps: ${kibibytes(kept)} KiB; in segments of √T: ${kibibytes(segmented)} KiB`);
  expect(kept[1] / kept[0]).toBeLessThan(6);
  expect(segmented[1]).toBeLessThan(kept[1] / 4);
});

test("a checkpoint of a chain keeps its ends: 100 links of 100 nodes", () => {
  let alive = 0;
  const link = (x: Floats) => {
    let y = x;
    for (let i = 0; i < 100; i++) {
      y = tanh(y);
      if (y.order > 0) alive++;
    }
    return y;
  };
  const chain = (f: (x: Floats) => Floats) => (x: Floats) => {
    let y = x;
    for (let i = 0; i < 100; i++) y = f(y);
    // Nodes with a history, made while the value was computed.
    expect(alive).toBe(f === link ? 10_000 : 0);
    return y;
  };
  const x = v([0.5], []);
  const plain = grad(chain(link))(x);
  alive = 0;
  const recomputed = grad(chain(checkpoint(link)))(x);
  expect(float64.same(plain.value, recomputed.value)).toBe(true);
  expect(alive).toBe(10_000);
});
