import { simd } from "@gradproof/arithmetic/simd";
import { threaded } from "@gradproof/arithmetic/threads";
import { mapParameters } from "@gradproof/rnn";
import { expect, test, vi } from "vitest";
import { adding } from "../src/tasks/adding.ts";
import { trainer } from "../src/trainer.ts";
import type { TrainingSettings } from "../src/training-settings.ts";

const base: TrainingSettings = {
  seed: 3,
  hidden: 64,
  batch: 96,
  optimiser: { kind: "adam" },
  learningRate: 0.01,
  clip: { by: "norm", threshold: 1 },
};
const variants: Readonly<Record<string, TrainingSettings>> = {
  plain: base,
  "truncated to a window, two batches to a step": {
    ...base,
    truncation: { to: "window", steps: 4 },
    accumulate: 2,
    optimiser: { kind: "rmsprop" },
  },
  "with Ω, of relu": { ...base, omega: 0.1, nonlinearity: "relu", initialisation: "identity" },
};

/** What training on an arithmetic arrives at. */
function trained(A: ReturnType<typeof simd>, settings: TrainingSettings): { weights: string; heldOut: number } {
  const task = adding(12);
  const training = trainer(A, task, settings);
  for (let step = 0; step < 4; step++) training.next();
  const weights: string[] = [];
  mapParameters(training.parameters, (t) => weights.push(A.lower(t).join()));
  return { weights: weights.join(), heldOut: training.evaluate(task.heldOut(50)) };
}

test.each([false, true])("deterministic %s: the same bits on 1, 2 and 3 threads", async (deterministic) => {
  const crews = [1, 2, 3].map((threads) => threaded("float32", { threads, deterministic }));
  for (const A of crews) await vi.waitFor(() => expect(A.started).toBe(A.threads), { timeout: 20_000 });
  for (const [name, settings] of Object.entries(variants)) {
    const expected = trained(simd("float32", { deterministic }), settings);
    for (const A of crews) expect(trained(A, settings), `${name}, ${A.threads} threads`).toEqual(expected);
  }
  for (const A of crews) A.close();
});

test("products fused or not give other bits: what is compared rounds", () => {
  const [fused, apart] = [simd("float32"), simd("float32", { deterministic: true })];
  // Where the machine cannot fuse, both are the same.
  expect(trained(fused, base).weights === trained(apart, base).weights).toBe(fused.variant === "baseline");
});
