import { simd } from "@gradproof/arithmetic/simd";
import { echo, trainer } from "@gradproof/training";

/**
 * A million training steps of a small network (B 1, T 10, H 8; optimiser, clipping and schedule included): the memory of the
 * process and of the arithmetic at every tenth of them. Flat: at the end at most 10 % above what it was after the first tenth.
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

const sizes: number[] = [];
console.log("  steps   process, MB   heap, MB   arithmetic, MB   loss");
for (let part = 1; part <= 10; part++) {
  let loss = 0;
  for (let step = 0; step < steps / 10; step++) loss = training.next().smoothedLoss;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const megabytes = [rss, heapUsed, A.memoryBytes()].map((bytes) => (bytes / 2 ** 20).toFixed(1));
  sizes.push(rss);
  console.log(
    `${String(training.step).padStart(7)}${megabytes[0].padStart(14)}${megabytes[1].padStart(11)}${megabytes[2].padStart(17)}${loss.toExponential(1).padStart(9)}`,
  );
}
const growth = sizes[9] / sizes[0];
console.log(
  `${growth <= 1.1 ? "flat" : "not flat"}: the process is ${growth.toFixed(3)} times what it was after the first tenth`,
);
process.exitCode = growth <= 1.1 ? 0 : 1;
