import { simd } from "@gradproof/arithmetic/simd";
import { sequenceTask, trainer } from "@gradproof/training";
import { Command } from "commander";

const parts = 10;
/** What memory may grow by once it has settled, as a share. */
const limit = 1.1;

const program = new Command("experiments:memory")
  .description(
    `Takes training steps of a tiny network (B 1, T 10, I 4, H 8, O 2; squared error; optimiser, clipping and schedule included, in WebAssembly SIMD) and prints what memory they leave after each tenth of them.

Flat means that at the end the JavaScript heap holds at most 10 % more than after the first tenth, and the process at most 10 % more than half-way: until then the system's allocator settles. Exit status 0 if so, 1 if not.`,
  )
  .option("--steps <number>", `a multiple of ${parts}`, "1000000");
const { steps: text } = program.parse().opts<{ readonly steps: string }>();
const steps = Number(text);
if (!(Number.isInteger(steps / parts) && steps >= parts))
  program.error(`experiments:memory: --steps is ${text}; expected a multiple of ${parts}`);
if (!globalThis.gc) program.error("experiments:memory: Node collects no garbage on request; expected node --expose-gc");

/** Two of four inputs, said one and two steps late. */
const late = sequenceTask({
  name: "two late inputs",
  source: "a shape for timing and memory",
  inputs: 4,
  outputs: 2,
  loss: "mse",
  baseline: 1 / 12,
  trivial: "always 0",
  lag: 2,
  draw(source) {
    const T = 10;
    const x = Float64Array.from({ length: 4 * T }, () => source.unit() - 0.5);
    const target = Float64Array.from({ length: 2 * T }, (_, i) => {
      const [t, output] = [Math.floor(i / 2), i % 2];
      return t > output ? x[4 * (t - output - 1) + output] : 0;
    });
    return { x, target };
  },
});
const A = simd("float32");
const training = trainer(A, late, {
  seed: 1,
  hidden: 8,
  batch: 1,
  optimiser: { kind: "adam" },
  learningRate: 0.001,
  schedule: { kind: "inverse-square-root", every: 1000 },
  clip: { by: "norm", threshold: 1 },
});

const [processes, heaps]: [number[], number[]] = [[], []];
console.log("  steps   process, MB   heap, MB   arithmetic, MB   loss");
for (let part = 1; part <= parts; part++) {
  let loss = 0;
  for (let step = 0; step < steps / parts; step++) loss = training.next().smoothedLoss;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const megabytes = [rss, heapUsed, A.memoryBytes()].map((bytes) => (bytes / 2 ** 20).toFixed(1));
  processes.push(rss);
  heaps.push(heapUsed);
  console.log(
    `${String(training.step).padStart(7)}${megabytes[0].padStart(14)}${megabytes[1].padStart(11)}${megabytes[2].padStart(17)}${loss.toExponential(1).padStart(9)}`,
  );
}
const [heap, size] = [heaps[parts - 1] / heaps[0], processes[parts - 1] / processes[parts / 2 - 1]];
const flat = heap <= limit && size <= limit;
const since = `the heap is ${heap.toFixed(3)} times what it was after a tenth, the process ${size.toFixed(3)} times half-way's`;
console.log(`${flat ? "flat" : "not flat"}: ${since}`);
process.exitCode = flat ? 0 : 1;
