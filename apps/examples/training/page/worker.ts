import { simd } from "@gradproof/arithmetic/simd";
import { adding, trainer } from "@gradproof/training";

// In a worker, so that the page stays responsive: a report every fifty steps.
const task = adding(10);
const training = trainer(simd("float32"), task, {
  seed: 1,
  hidden: 32,
  batch: 16,
  optimiser: { kind: "adam" },
  learningRate: 0.003,
  clip: { by: "norm", threshold: 1 },
});
let { step, smoothedLoss } = training.next();
while (smoothedLoss > 0.1 * task.baseline && step < 2000) {
  ({ step, smoothedLoss } = training.next());
  if (step % 50 === 0) postMessage({ step, share: smoothedLoss / task.baseline });
}
postMessage({ step, share: smoothedLoss / task.baseline, done: true });
