import { type SimdStore, simd } from "@gradproof/arithmetic/simd";
import { expect, test } from "vitest";
import { type CallList, kernelText } from "../../src/compile/call.ts";
import { withoutDead } from "../../src/compile/plan/liveness.ts";
import { planned } from "../../src/compile/plan/plan.ts";
import { recordingOf } from "../../src/compile/recording.ts";
import { gradientOf, inputsOf, type Network, networks } from "./networks.ts";

/** It has the fused kernels. */
const A = simd("float64");

function recordingFor(network: Network) {
  const f = gradientOf<SimdStore>(network) as (...inputs: readonly unknown[]) => unknown;
  return recordingOf(A, f, [inputsOf(A, network, 1)]);
}

/** How often each kernel is called. */
function kernelsOf<S>({ calls }: CallList<S>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kernel } of calls) counts[kernelText(kernel)] = (counts[kernelText(kernel)] ?? 0) + 1;
  return counts;
}

test("a loop of 70 steps has the products of the derivation by hand, and all its steps are two calls", () => {
  const network = networks.find(({ name }) => name.includes("more steps than a segment"))!;
  const recording = recordingFor(network);
  const counts = kernelsOf(planned(recording, true));
  console.log(`${withoutDead(recording).calls.length} calls; planned: ${JSON.stringify(counts)}`);
  expect(counts.recurrence).toBe(2);
  // Forward: the inputs, the first step and the readout. Back: through the readout, the last step, to x and h0, and the
  // sums of W_x, W_o and b, over two segments each, and of W_h, whose first term is that of h0.
  expect((counts["gemm write"] ?? 0) + (counts["gemm accumulate"] ?? 0)).toBeLessThan(16);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBeLessThan(50);
  // Without that kernel a step is two calls, forward and back.
  const steps = kernelsOf(planned(recording));
  expect([steps.tanh, steps.recurrence]).toEqual([70, undefined]);
});

test("a program that is one long chain stays what it is", () => {
  const network = networks.find(({ name }) => name.startsWith("gated"))!;
  const recording = recordingFor(network);
  expect(kernelsOf(planned(recording)).sigmoid).toBe(kernelsOf(withoutDead(recording)).sigmoid);
});
