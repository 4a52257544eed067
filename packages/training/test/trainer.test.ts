import { type Arithmetic, float32, float64 } from "@gradproof/arithmetic";
import { backward, bptt, forward, omega, parameterNames, type RnnProblem } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import type { Batch } from "../src/batch.ts";
import { DivergenceError } from "../src/divergence.ts";
import { optimiserKinds } from "../src/optimiser-settings.ts";
import { type Snapshot, SnapshotError } from "../src/snapshot.ts";
import type { Task } from "../src/task.ts";
import { adding } from "../src/tasks/adding.ts";
import { copy } from "../src/tasks/copy.ts";
import { delayedXor } from "../src/tasks/delayed-xor.ts";
import { echo } from "../src/tasks/echo.ts";
import { embeddedReber } from "../src/tasks/embedded-reber.ts";
import { temporalOrder } from "../src/tasks/temporal-order.ts";
import { textTask } from "../src/text/text-task.ts";
import { type StepReport, type Trainer, trainer } from "../src/trainer.ts";
import type { TrainingSettings } from "../src/training-settings.ts";

const settings: TrainingSettings = {
  seed: 7,
  hidden: 12,
  batch: 4,
  optimiser: { kind: "adam" },
  learningRate: 0.01,
  clip: { by: "norm", threshold: 0.5 },
  schedule: { kind: "inverse-square-root", every: 50, warmUp: 5 },
};
const text = textTask("the rain in spain stays mainly in the plain. ".repeat(20), { steps: 7 });

function take<S>(training: Trainer<S>, steps: number): StepReport[] {
  return Array.from({ length: steps }, () => training.next());
}

/** A snapshot after passing through text, as through a file. */
function bits(snapshot: Snapshot): string {
  return JSON.stringify(snapshot, (_, value) => (value instanceof Float64Array ? Array.from(value) : value));
}

const runs: [string, Task, TrainingSettings][] = [
  ...optimiserKinds.map((kind): [string, Task, TrainingSettings] => [
    kind,
    adding(6),
    { ...settings, optimiser: { kind } },
  ]),
  ["ragged", embeddedReber(), settings],
  ["stateful", text, settings],
  ["stateful, window", text, { ...settings, truncation: { to: "window", steps: 3 } }],
  ["stateful, chunks", text, { ...settings, truncation: { to: "chunks", steps: 3 } }],
  ["regularised", temporalOrder(10), { ...settings, omega: 2 }],
  ["accumulated", text, { ...settings, accumulate: 3 }],
  ["value, relu", delayedXor(1), { ...settings, nonlinearity: "relu", clip: { by: "value", threshold: 0.1 } }],
];

describe.each(runs)("%s", (_, task, given) => {
  test.each([
    ["float32", float32],
    ["float64", float64],
  ] as [string, Arithmetic<never>][])(
    "a run in %s is the same twice, and goes on from any snapshot with the same bits",
    (_name, A) => {
      const whole = trainer(A, task, given);
      const reports = take(whole, 9);
      const first = trainer(A, task, given);
      take(first, 4);
      const second = trainer(A, task, given, first.snapshot());
      expect(second.step).toBe(4);
      expect(take(second, 5)).toEqual(reports.slice(4));
      expect(bits(second.snapshot())).toBe(bits(whole.snapshot()));
      // The control: a run that forgot one of the things that a snapshot holds is another run.
      const { optimiser, state } = first.snapshot();
      const fresh = trainer(A, task, given).snapshot();
      const forgetful: Snapshot[] = [{ ...first.snapshot(), step: 3 }];
      if (Object.keys(optimiser.memory).length > 0) forgetful.push({ ...first.snapshot(), optimiser: fresh.optimiser });
      if (task === text) forgetful.push({ ...first.snapshot(), state: { ...state, data: state.data.map(() => 0.5) } });
      for (const wrong of forgetful) {
        const other = trainer(A, task, given, wrong);
        take(other, 5);
        expect(bits(other.snapshot())).not.toBe(bits(whole.snapshot()));
      }
    },
  );
});

test.each([
  ["adding 10", adding(10), 1000],
  ["copy 3", copy(3, { symbols: 3, length: 2 }), 600],
  ["temporal order 10", temporalOrder(10), 400],
  ["delayed XOR 1", delayedXor(1), 400],
] as const)("%s is learnt: below a tenth of the baseline, on sequences never trained on too", (_, task, steps) => {
  const training = trainer(float32, task, { ...settings, hidden: 24, batch: 16, clip: { by: "norm", threshold: 1 } });
  const before = training.evaluate(task.heldOut(200));
  const last = take(training, steps).at(-1) as StepReport;
  expect(before).toBeGreaterThan(0.5 * task.baseline);
  expect(last.smoothedLoss).toBeLessThan(0.1 * task.baseline);
  expect(training.evaluate(task.heldOut(200))).toBeLessThan(0.1 * task.baseline);
});

test("a step that is too small to bend goes down by what the gradient says", () => {
  const task = echo(2, { steps: 8 });
  const rate = 2 ** -12;
  const training = trainer(float64, task, {
    seed: 1,
    hidden: 5,
    batch: 3,
    optimiser: { kind: "sgd" },
    learningRate: rate,
  });
  const { loss, clip } = training.next();
  // The same batch again: J(w − η g) = J(w) − η ‖g‖² + O(η²).
  const after = training.evaluate([task.batch(1, 0, 3)]);
  expect((loss - after) / (rate * clip.norm ** 2)).toBeCloseTo(1, 2);
});

test("accumulated over n batches, a step is that of one batch of them all", () => {
  const task = adding(5);
  const pieces = [0, 1, 2].map((draw) => task.batch(7, draw, 4));
  const joined = join(pieces);
  const asOne: Task = { ...task, batch: () => joined };
  const plain: TrainingSettings = { seed: 7, hidden: 6, batch: 4, optimiser: { kind: "sgd" }, learningRate: 0.5 };
  const [three, one] = [
    trainer(float64, task, { ...plain, accumulate: 3 }),
    trainer(float64, asOne, { ...plain, batch: 12 }),
  ];
  expect(three.next().loss).toBeCloseTo(one.next().loss, 14);
  for (const name of parameterNames) {
    const [a, b] = [three, one].map(({ parameters }) => float64.lower(parameters[name] as typeof parameters.Whh));
    // Sums of 12 sequences' terms in two orders, all of order one.
    for (const [i, value] of a.entries()) expect(Math.abs(value - b[i])).toBeLessThan(1e-14);
  }
});

/** Batches of squared errors beside one another, each as heavy as the others. */
function join(pieces: Batch[]): Batch {
  const [{ x, loss, reduction }] = pieces;
  const [T, B, I] = x.shape;
  const beside = (arrays: Float64Array[], width: number) => {
    const rows = Array.from({ length: T }, (_, t) =>
      arrays.flatMap((data) => [...data.subarray(t * B * width, (t + 1) * B * width)]),
    );
    return Float64Array.from(rows.flat());
  };
  const numbers = (of: (piece: Batch) => Float64Array, width: number) => beside(pieces.map(of), width);
  const target = (piece: Batch) => (piece.loss === "mse" ? piece.target.data : new Float64Array());
  const B3 = pieces.length * B;
  return {
    loss: loss as "mse",
    reduction,
    x: { shape: [T, B3, I], data: numbers((piece) => piece.x.data, I) },
    target: { shape: [T, B3, 1], data: numbers(target, 1) },
    mask: {
      shape: [T, B3],
      data: numbers((piece) => piece.mask?.data as Float64Array, 1).map((w) => w / pieces.length),
    },
  };
}

test("padding changes nothing: a ragged batch's gradient is that of its sequences, each alone", () => {
  const task = embeddedReber();
  const lengths = new Set<number>();
  const gradients: number[][] = [];
  const plain: TrainingSettings = { seed: 3, hidden: 5, batch: 3, optimiser: { kind: "sgd" }, learningRate: 0.1 };
  const batch = task.batch(3, 0, 3);
  trainer(float64, task, plain).next(({ gradient }) => gradients.push([...float64.lower(gradient.Whh)]));
  const sum = new Float64Array(25);
  for (let b = 0; b < 3; b++) {
    const alone = sequenceOf(batch, b);
    lengths.add(alone.x.shape[0]);
    trainer(float64, { ...task, batch: () => alone }, { ...plain, batch: 1 }).next(({ gradient }) => {
      for (const [i, value] of float64.lower(gradient.Whh).entries()) sum[i] += value;
    });
  }
  expect(lengths.size).toBeGreaterThan(1);
  for (const [i, value] of sum.entries()) expect(Math.abs(value - gradients[0][i])).toBeLessThan(1e-15);
});

/** One sequence of a batch of classes, cut where its mask ends. */
function sequenceOf(batch: Batch, b: number): Batch {
  const [T, B, I] = batch.x.shape;
  const steps = Array.from({ length: T }, (_, t) => t).filter((t) => batch.mask?.data[t * B + b] !== 0);
  const pick = (data: ArrayLike<number>, width: number) =>
    steps.flatMap((t) => Array.from({ length: width }, (_, i) => data[(t * B + b) * width + i]));
  if (batch.loss !== "cross_entropy") throw new TypeError("expected classes");
  return {
    loss: batch.loss,
    reduction: batch.reduction,
    x: { shape: [steps.length, 1, I], data: Float64Array.from(pick(batch.x.data, I)) },
    mask: { shape: [steps.length, 1], data: Float64Array.from(pick(batch.mask?.data as Float64Array, 1)) },
    target: Int32Array.from(pick(batch.target, 1)),
  };
}

test("the state goes on from piece to piece of a text, and begins again with it", () => {
  const training = trainer(float64, text, settings);
  const pieces = Math.floor((Math.floor(text.training.length / 4) - 1) / 7);
  let last = new Float64Array();
  const starts: ("zero" | "on" | "other")[] = [];
  for (let step = 0; step <= pieces; step++) {
    training.next(({ problem, trajectory }) => {
      const h0 = float64.lower(problem.h0);
      starts.push(h0.every((h) => h === 0) ? "zero" : h0.every((h, i) => h === last[i]) ? "on" : "other");
      last = float64.lower(trajectory.states).slice(-h0.length);
    });
  }
  expect(starts).toEqual(["zero", ...new Array(pieces - 1).fill("on"), "zero"]);
});

test.each(["window", "chunks"] as const)(
  "truncated to a %s of T or more steps a run is the untruncated one's gradient",
  (to) => {
    const seen: Float64Array[] = [];
    for (const truncation of [undefined, { to, steps: 7 }, { to, steps: 2 }]) {
      const { truncation: _, ...plain } = settings;
      const training = trainer(float64, text, truncation ? { ...plain, truncation } : plain);
      training.next(({ gradient }) => seen.push(float64.lower(gradient.Whh)));
    }
    const [whole, long, short] = seen;
    const distance = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    expect(distance(whole, long)).toBeLessThan(1e-15);
    expect(distance(whole, short)).toBeGreaterThan(1e-6);
  },
);

describe("diverging", () => {
  test("a network that overflows is stopped at the first number that is not finite, its weights as before", () => {
    const relu: TrainingSettings = {
      seed: 1,
      hidden: 6,
      batch: 2,
      nonlinearity: "relu",
      initialisation: "identity",
      gain: 1e30,
      optimiser: { kind: "sgd" },
      learningRate: 0.1,
    };
    const training = trainer(float32, adding(6), relu);
    const before = bits(training.snapshot());
    let thrown: unknown;
    try {
      training.next();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DivergenceError);
    const { place, step, message } = thrown as DivergenceError;
    expect([step, place.quantity]).toEqual([0, "preactivations"]);
    expect(message).toMatch(
      /^train: step 0 diverges: preactivations\[\d, \d, \d\] is (Infinity|-Infinity|NaN); expected finite/,
    );
    expect(bits(training.snapshot())).toBe(before);
    // The place is the first: no step before it has one.
    const A = float32;
    let first = -1;
    A.scope(() => {
      const batch = adding(6).batch(1, 0, 2) as Batch & { loss: "mse" };
      const problem = {
        ...batch,
        nonlinearity: "relu",
        parameters: training.parameters,
        x: A.round(batch.x.data, batch.x.shape),
        target: A.round(batch.target.data, batch.target.shape),
        mask: undefined,
        h0: A.lift(new Float64Array(12), [2, 6]),
      } as unknown as RnnProblem<ReturnType<typeof A.empty>>;
      first = A.lower(forward(A, problem).preactivations).findIndex((u) => !Number.isFinite(u));
    });
    expect(Math.floor(first / 12)).toBe(place.index[0]);
  });

  test("a learning rate that throws the weights out of the numbers is stopped a step later, with the weight's name", () => {
    const wild = {
      ...settings,
      optimiser: { kind: "sgd" },
      learningRate: 1e308,
      clip: { by: "norm", threshold: 1e5 },
    } as const;
    const { schedule: _, ...plain } = wild;
    const training = trainer(float64, adding(4), plain);
    expect(() => take(training, 3)).toThrow(/^train: step [12] diverges: (Wxh|Whh|Why|bxh|bhh|by)\[/);
  });
});

test("the regulariser pushes W_hh alone, and with it the errors' ratios towards 1", () => {
  const plain: TrainingSettings = {
    seed: 2,
    hidden: 8,
    batch: 4,
    optimiser: { kind: "sgd" },
    learningRate: 1e-3,
    gain: 0.7,
  };
  const task = temporalOrder(12);
  const value = (omegaAlpha: number) => {
    const training = trainer(float64, task, omegaAlpha > 0 ? { ...plain, omega: omegaAlpha } : plain);
    let before = Number.NaN;
    training.next(({ problem, trajectory }) => {
      before = float64.lower(omega(float64, problem, trajectory).value)[0];
    });
    const parameters = training.snapshot().parameters;
    let after = Number.NaN;
    const again = trainer(float64, { ...task, batch: () => task.batch(2, 0, 4) }, plain, training.snapshot());
    again.next(({ problem, trajectory }) => {
      after = float64.lower(omega(float64, problem, trajectory).value)[0];
    });
    return { before, after, parameters };
  };
  const [without, with_] = [value(0), value(2)];
  expect(with_.before).toBe(without.before);
  expect(with_.after).toBeLessThan(without.after);
  for (const name of parameterNames) {
    const same = with_.parameters[name]?.data.every((w, i) => w === without.parameters[name]?.data[i]);
    expect(same, name).toBe(name !== "Whh");
  }
});

test("what looks on sees the gradient of the very problem, before it is clipped", () => {
  const training = trainer(float64, adding(5), settings);
  let [norm, equal] = [0, false];
  const { clip } = training.next(({ problem, trajectory, gradient }) => {
    const again = backward(float64, problem, trajectory, bptt());
    equal = parameterNames.every((name) =>
      float64.same(again[name] as typeof again.Whh, gradient[name] as typeof again.Whh),
    );
    norm = Math.hypot(...parameterNames.flatMap((name) => [...float64.lower(gradient[name] as typeof again.Whh)]));
  });
  expect(equal).toBe(true);
  expect(clip.norm).toBeCloseTo(norm, 12);
});

test.each<[Partial<TrainingSettings>, string]>([
  [{ hidden: 0 }, "trainer: hidden is 0; expected an integer at least 1"],
  [{ batch: 1.5 }, "trainer: batch is 1.5; expected an integer at least 1"],
  [{ learningRate: -1 }, "trainer: learningRate is -1; expected a number above 0"],
  [{ clip: { by: "norm", threshold: 0 } }, "clip: threshold is 0; expected a number above 0"],
  [{ truncation: { to: "window", steps: 0 } }, "trainer: truncation.steps is 0; expected an integer at least 1"],
  [{ optimiser: { kind: "adam", beta1: 1 } }, "optimiser: beta1 is 1; expected a number at least 0 and below 1"],
  [{ optimiser: { kind: "sgdx" } as never }, 'trainer: optimiser.kind is "sgdx"; expected sgd, momentum'],
])("%j is refused before anything is drawn", (wrong, message) => {
  expect(() => trainer(float64, adding(5), { ...settings, ...wrong })).toThrow(message);
});

test("a snapshot of another network, or of another precision, is refused with the name of what does not fit", () => {
  const snapshot = trainer(float64, adding(5), settings).snapshot();
  const restore = (A: Arithmetic<never>, changes: Partial<TrainingSettings>) => () =>
    trainer(A, adding(5), { ...settings, ...changes }, snapshot);
  expect(restore(float64 as never, { hidden: 13 })).toThrow("the snapshot's Wxh has shape [12, 2]; expected [13, 2]");
  expect(restore(float64 as never, { optimiser: { kind: "momentum" } })).toThrow("the snapshot has no velocity of Wxh");
  expect(restore(float32 as never, {})).toThrow(SnapshotError);
});
