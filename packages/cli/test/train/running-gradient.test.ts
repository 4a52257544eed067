import { type Arithmetic, float32, float64 } from "@gradproof/arithmetic";
import { backward, forward, liftProblem } from "@gradproof/rnn";
import { adding, embeddedReber, type Task, type TrainingSettings, textTask, trainer } from "@gradproof/training";
import { describe, expect, test } from "vitest";
import { type Captured, capture, firstSequences, horizonOf, judgeRunning } from "../../src/train/running-gradient.ts";

const settings: TrainingSettings = {
  seed: 2,
  hidden: 6,
  batch: 3,
  optimiser: { kind: "adam" },
  learningRate: 0.01,
};
const tasks: [string, Task][] = [
  ["adding", adding(6)],
  ["ragged classes", embeddedReber()],
  ["a text in the middle", textTask("so it goes on and on. ".repeat(20), { steps: 6 })],
];

function captured<S>(A: Arithmetic<S>, task: Task, given = settings): Captured {
  const training = trainer(A, task, given);
  let last: Captured | undefined;
  for (let step = 0; step < 4; step++) {
    training.next((inside) => {
      last = capture(A, inside);
    });
  }
  return last as Captured;
}

describe.each(tasks)("on %s", (_, task) => {
  test("the running gradient matches, in float32 and float64, and a wrong one does not", () => {
    for (const seen of [captured(float32, task), captured(float64, task)]) {
      const A = seen.problem.parameters.Whh.data.every((w) => Math.fround(w) === w) ? float32 : float64;
      const judged = judgeRunning(A as Arithmetic<never>, seen, { truncated: false, seed: 1 });
      expect([judged.judgement.verdict, judged.sequences]).toEqual(["match", 3]);
      const Whh = {
        ...seen.gradient.Whh,
        data: seen.gradient.Whh.data.map((value, i) => (i === 7 ? value * 1.01 + 1e-5 : value)),
      };
      const wrong = { ...seen, gradient: { ...seen.gradient, Whh } };
      expect(judgeRunning(A as Arithmetic<never>, wrong, { truncated: false, seed: 1 }).judgement.verdict).toBe(
        "mismatch",
      );
    }
  });

  test("the first sequences of a problem are its first sequences", () => {
    const { problem } = captured(float64, task);
    const whole = forward(float64, liftProblem(float64, problem));
    const part = forward(float64, liftProblem(float64, firstSequences(problem, 2)));
    const [T = 0, B = 0, H = 0] = whole.preactivations.shape;
    const [all, first] = [float64.lower(whole.preactivations), float64.lower(part.preactivations)];
    for (let t = 0; t < T; t++) {
      expect(first.subarray(t * 2 * H, (t + 1) * 2 * H)).toEqual(all.subarray(t * B * H, (t * B + 2) * H));
    }
  });
});

test("a truncated gradient is not the gradient: the whole one is judged in its place", () => {
  const truncation = { to: "chunks", steps: 2 } as const;
  const seen = captured(float64, adding(6), { ...settings, truncation });
  expect(judgeRunning(float64, seen, { truncated: true, seed: 1 }).judgement.verdict).toBe("match");
  expect(judgeRunning(float64, seen, { truncated: false, seed: 1 }).judgement.verdict).toBe("mismatch");
});

test("the horizon is that of the gradient of the first sequence, cut where 95 % are reached", () => {
  const { problem } = captured(float64, adding(9), { ...settings, gain: 0.3 });
  const one = liftProblem(float64, firstSequences(problem, 1));
  const trajectory = forward(float64, one);
  const full = float64.lower(backward(float64, one, trajectory).Whh);
  expect(Math.hypot(...full)).toBeGreaterThan(1e-6);
  const horizon = horizonOf(float64, problem);
  expect(horizon).toBeGreaterThanOrEqual(1);
  expect(horizon).toBeLessThan(8);
});
