import { type Arithmetic, float32 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import { type Task, type TrainingSettings, trainer } from "@gradproof/training";
import type { Contender, Gradients } from "./contender.ts";
import { findPython, prepared } from "./python.ts";

/** Only S1 is what min-char-rnn trains on. */
const leavesOut = ["S2", "S3", "S4", "S5"];

/**
 * A whole training step: the next characters as one-hot vectors, the state passed on, clipping by value and AdaGrad. Ours, and
 * min-char-rnn's loop in NumPy, where a Python has it.
 */
export function trainingSteps(): readonly Contender[] {
  const python = findPython("numpy");
  const threads = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return [
    trains("gradproof training step, simd", () => simd("float32")),
    trains("gradproof training step, portable", () => float32),
    ...(python === undefined
      ? []
      : [
          {
            name: "NumPy training step, min-char-rnn's loop",
            leavesOut,
            prepare: (problem: RnnProblem<NumericArray>) => prepared(python, "min-char-rnn", threads, problem),
          },
        ]),
  ];
}

function trains<S>(name: string, make: () => Arithmetic<S>): Contender {
  return {
    name,
    leavesOut,
    prepare(problem) {
      const A = make();
      const task = taskOf(problem);
      const settings: TrainingSettings = {
        seed: 1,
        hidden: problem.h0.shape[1],
        batch: problem.h0.shape[0],
        optimiser: { kind: "adagrad" },
        // So small that the problem stays what it is however many steps are timed.
        learningRate: 1e-6,
        // The loss is a mean over the steps: min-char-rnn's 5 for their sum.
        clip: { by: "value", threshold: 5 / problem.x.shape[0] },
      };
      const from = { ...trainer(A, task, settings).snapshot(), parameters: problem.parameters, state: problem.h0 };
      const training = trainer(A, task, settings, from);
      return {
        step: () => void training.next(),
        gradient() {
          let gradients: Gradients = {};
          training.next(({ gradient }) => {
            gradients = Object.fromEntries(
              Object.entries(gradient).flatMap(([part, tensor]) => (tensor ? [[part, A.lower(tensor)]] : [])),
            );
          });
          return gradients;
        },
      };
    },
  };
}

/** The problem's characters again and again, made into one-hot vectors at every step, as a text's are. */
function taskOf({ x, parameters: { Why }, ...rest }: RnnProblem<NumericArray>): Task {
  if (rest.loss !== "cross_entropy") throw new TypeError(`trainingSteps: the loss is ${rest.loss}; expected classes`);
  const { target } = rest;
  const [T, B, I] = x.shape;
  const classes = Array.from({ length: T * B }, (_, row) => x.data.subarray(row * I, (row + 1) * I).indexOf(1));
  return {
    name: "characters",
    source: "a shape for timing",
    inputs: I,
    outputs: Why?.shape[0] ?? 0,
    loss: rest.loss,
    baseline: Math.log(I),
    trivial: "each character as often",
    lag: T - 1,
    batch() {
      const data = new Float64Array(T * B * I);
      for (const [row, label] of classes.entries()) data[row * I + label] = 1;
      return { x: { shape: x.shape, data }, loss: "cross_entropy", reduction: "mean", target, continues: true };
    },
    heldOut: () => [],
  };
}
