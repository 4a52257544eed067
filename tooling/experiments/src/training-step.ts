import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { float32 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { type TrainingSettings, textTask, trainer } from "@gradproof/training";

/**
 * Training steps per second on characters, optimiser included (B 1, T 25, H 100, AdaGrad, clipped by value), against
 * min-char-rnn's loop in NumPy on the same text and machine: rounds in turn, least time of each, and the median of the
 * paired ratios.
 */
const limit = 3;
const [rounds, steps] = [15, 100];

const text = readFileSync(resolve(import.meta.dirname, "../../../packages/cli/texts/genesis.txt"), "utf8");
const task = textTask(text);
const settings: TrainingSettings = {
  seed: 1,
  hidden: 100,
  batch: 1,
  optimiser: { kind: "adagrad" },
  learningRate: 0.1,
  // The loss is a mean over 25 characters: min-char-rnn's 5 for their sum.
  clip: { by: "value", threshold: 5 / 25 },
};

const python = ["/usr/bin/python3", "python3"].find((path) => spawnSync(path, ["-c", "import numpy"]).status === 0);
const contenders = [
  { name: "simd", train: trainer(simd("float32"), task, settings) },
  { name: "simd, deterministic", train: trainer(simd("float32", { deterministic: true }), task, settings) },
  { name: "portable", train: trainer(float32, task, settings) },
].map(({ name, train }) => ({ name, run: async () => ours(() => train.next().loss) }));
const all = [...contenders, ...(python === undefined ? [] : [numpy(python)])];

const times = new Map<string, number[]>(all.map(({ name }) => [name, []]));
const losses = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const { name, run } of all) {
    const { seconds, loss } = await run();
    times.get(name)?.push(seconds);
    losses.set(name, loss);
  }
}
const [first] = contenders;
console.log("contender              least ms/step   median ratio to simd   loss, nats");
for (const { name } of all) {
  const own = times.get(name) ?? [];
  const ratios = own.map((time, round) => time / (times.get(first.name)?.[round] ?? Number.NaN)).sort((a, b) => a - b);
  const least = ((1000 * Math.min(...own)) / steps).toFixed(3);
  const ratio = ratios[Math.floor(ratios.length / 2)];
  console.log(
    `${name.padEnd(22)}${least.padStart(13)}${ratio.toFixed(2).padStart(23)}${(losses.get(name) ?? 0).toFixed(3).padStart(13)}`,
  );
  if (name === "NumPy") {
    console.log(ratio >= limit ? `at least ${limit} times NumPy's steps` : `less than ${limit} times NumPy's steps`);
    process.exitCode = ratio >= limit ? 0 : 1;
  }
}
if (python === undefined) console.log("no Python with NumPy here: nothing to compare with");

function ours(step: () => number): { seconds: number; loss: number } {
  const began = performance.now();
  let loss = 0;
  for (let i = 0; i < steps; i++) loss = step();
  return { seconds: (performance.now() - began) / 1000, loss };
}

/** The loop in a process of its own, which waits while others run. */
function numpy(path: string) {
  const script = join(import.meta.dirname, "character_rnn.py");
  // One thread, like the others.
  const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  const child: ChildProcess = spawn(path, [script, String(task.vocabulary.size)], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin?.write(`${task.training.join(" ")}\n`);
  child.unref();
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  let turns = 0;
  return {
    name: "NumPy",
    run: async () => {
      child.stdin?.write(`${steps}\n`);
      const { value } = await lines.next();
      if (++turns === rounds) child.stdin?.end();
      const [seconds, loss] = String(value).split(" ").map(Number);
      return { seconds, loss };
    },
  };
}
