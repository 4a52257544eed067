import { type Arithmetic, float32, float64 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { parameterNames } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import type { Task } from "../src/task.ts";
import { adding } from "../src/tasks/adding.ts";
import { embeddedReber } from "../src/tasks/embedded-reber.ts";
import { multiplication } from "../src/tasks/multiplication.ts";
import { temporalOrder } from "../src/tasks/temporal-order.ts";
import { trainer } from "../src/trainer.ts";
import type { TrainingSettings } from "../src/training-settings.ts";

const plain: TrainingSettings = {
  seed: 6,
  hidden: 19,
  batch: 5,
  optimiser: { kind: "adam" },
  learningRate: 0.01,
  clip: { by: "norm", threshold: 0.3 },
};

/** A run of 25 steps: its losses, and every weight at its end. */
function bits<S>(A: Arithmetic<S>, task: Task, settings: TrainingSettings): string {
  const training = trainer(A, task, settings);
  const losses = Array.from({ length: 25 }, () => training.next().loss);
  const { parameters } = training.snapshot();
  return JSON.stringify([losses, parameterNames.map((name) => [...(parameters[name]?.data ?? [])])]);
}

const runs: [string, Task, TrainingSettings][] = [
  ["relu, squared error", adding(70), { ...plain, nonlinearity: "relu", initialisation: "identity" }],
  ["ragged, adamw", multiplication(10), { ...plain, nonlinearity: "relu", optimiser: { kind: "adamw" } }],
  [
    "clipped by value, accumulated",
    adding(9),
    { ...plain, nonlinearity: "relu", clip: { by: "value", threshold: 0.05 }, accumulate: 2 },
  ],
];

describe.each([
  ["float32", float32 as Arithmetic<never>],
  ["float64", float64 as Arithmetic<never>],
] as const)("in %s", (format, portable) => {
  test.each(runs)("%s: SIMD's deterministic mode trains to the bits of the portable kernels", (_, task, settings) => {
    const expected = bits(portable, task, settings);
    expect(bits(simd(format, { deterministic: true }), task, settings)).toBe(expected);
    expect(bits(portable, task, { ...settings, seed: 7 })).not.toBe(expected);
  });

  test.each([
    ["tanh", temporalOrder(12)],
    ["tanh, cross entropy, ragged", embeddedReber()],
  ])("%s: SIMD has elementary functions of its own; it trains as well, and the same twice", (_, task) => {
    const [once, again] = [1, 2].map(() => bits(simd(format, { deterministic: true }), task, plain));
    expect(once).toBe(again);
    const last = (text: string) => (JSON.parse(text) as [number[]])[0].at(-1) as number;
    // 25 steps of Adam amplify differences of the last bit by far less than 10^4.
    const unit = format === "float32" ? 2 ** -24 : 2 ** -53;
    expect(Math.abs(last(once) / last(bits(portable, task, plain)) - 1)).toBeLessThan(1e4 * unit);
  });
});
