import { simd } from "@gradproof/arithmetic/simd";
import { echo, trainer } from "@gradproof/training";

/**
 * A million training steps of a small network (B 1, T 10, H 8; optimiser, clipping and schedule included): the memory of the
 * process, of the JavaScript heap after a collection and of the arithmetic at every tenth of them. Flat: the heap at the end at
 * most 10 % above what it was after the first tenth, and the process at most 10 % above half-way: until then the system's
 * allocator settles.
 */
const [, , count = "1000000"] = process.argv;
const steps = Number(count);
const A = simd("float32");
const training = trainer(A, echo(4, { steps: 10 }), {
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
for (let part = 1; part <= 10; part++) {
  let loss = 0;
  for (let step = 0; step < steps / 10; step++) loss = training.next().smoothedLoss;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const megabytes = [rss, heapUsed, A.memoryBytes()].map((bytes) => (bytes / 2 ** 20).toFixed(1));
  processes.push(rss);
  heaps.push(heapUsed);
  console.log(
    `${String(training.step).padStart(7)}${megabytes[0].padStart(14)}${megabytes[1].padStart(11)}${megabytes[2].padStart(17)}${loss.toExponential(1).padStart(9)}`,
  );
}
const [heap, size] = [heaps[9] / heaps[0], processes[9] / processes[4]];
const flat = heap <= 1.1 && size <= 1.1;
const since = `the heap is ${heap.toFixed(3)} times what it was after a tenth, the process ${size.toFixed(3)} times half-way's`;
console.log(`${flat ? "flat" : "not flat"}: ${since}`);
process.exitCode = flat ? 0 : 1;
