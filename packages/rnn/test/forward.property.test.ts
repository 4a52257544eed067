import {
  type Arithmetic,
  at,
  broadcastTo,
  float64,
  primeField,
  random,
  slice,
  type Tensor,
  transpose,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forward, type Trajectory } from "../src/forward.ts";
import { liftProblem, mapProblem, type RnnProblem } from "../src/problem.ts";
import { anyFloatProblem, type Constraints, problemShape, residueProblem } from "./arbitraries.ts";
import { array, copyOf } from "./arrays.ts";
import { plainRun } from "./plain-model.ts";
import { copyOfTensor, expectSame, permuteUnits, problemEntries, sequenceOf, sequenceProblem } from "./tensors.ts";

type Forward = <S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>) => Trajectory<S>;

/** A law, and a forward pass that breaks it. */
interface Law {
  readonly name: string;
  readonly runs: number;
  readonly property: (run: Forward) => fc.IRawProperty<unknown>;
  readonly mistake: string;
  readonly control: Forward;
}

let calls = 0;
const laws: readonly Law[] = [
  {
    name: "agrees with the model on plain numbers",
    runs: 150,
    property: (run) => fc.property(anyFloatProblem(), (problem) => checkPlain(run, problem)),
    mistake: "W_hh for its transpose",
    control(A, problem) {
      const Whh = copyOfTensor(A, transpose(problem.parameters.Whh));
      return forward(A, { ...problem, parameters: { ...problem.parameters, Whh } });
    },
  },
  {
    name: "is causal: a change of x_s leaves the bits of h_t for t < s",
    runs: 150,
    property: (run) =>
      fc.property(anyFloatProblem({ least: { T: 2 } }), fc.nat(), (problem, n) => checkCausal(run, problem, n)),
    mistake: "Eq. 1 of the notes as written, which sums the inputs of all steps",
    control(A, problem) {
      const [, B, I] = problem.x.shape;
      const total = A.empty([1, B, I]);
      A.sum(total, problem.x, "write");
      return forward(A, { ...problem, x: copyOfTensor(A, broadcastTo(total, problem.x.shape)) });
    },
  },
  {
    name: "of a batch is that of its sequences one by one, bit for bit",
    runs: 100,
    property: (run) => fc.property(anyFloatProblem({ least: { B: 2 } }), (problem) => checkBatch(run, problem)),
    mistake: "the initial state of the first sequence for all",
    control(A, problem) {
      const first = broadcastTo(slice(problem.h0, 0, 1), problem.h0.shape);
      return forward(A, { ...problem, h0: copyOfTensor(A, first) });
    },
  },
  {
    name: "does not care for the order of the hidden units, exactly",
    runs: 60,
    property: (run) =>
      onResidues({ least: { H: 2 } }, (F, problem, source) => checkPermutation(F, run, problem, source)),
    mistake: "no initial state for the first unit",
    control(A, problem) {
      const h0 = copyOfTensor(A, problem.h0);
      A.copy(at(transpose(h0), 0), A.ratio(0, 1));
      return forward(A, { ...problem, h0 });
    },
  },
  {
    name: "leaves its inputs as they are",
    runs: 50,
    property: (run) => fc.property(anyFloatProblem(), (problem) => checkUntouched(run, problem)),
    mistake: "x squared where it stands",
    control(A, problem) {
      A.unary(op.square, problem.x, problem.x);
      return forward(A, problem);
    },
  },
  {
    name: "called twice gives the same bits",
    runs: 50,
    property: (run) => fc.property(anyFloatProblem(), (problem) => checkTwice(run, problem)),
    mistake: "an initial state that is carried over from call to call",
    control(A, problem) {
      const h0 = copyOfTensor(A, problem.h0);
      A.binary(op.add, h0, h0, A.ratio(calls++, 1));
      return forward(A, { ...problem, h0 });
    },
  },
];

describe.each(laws)("forward $name", ({ name, runs: count, property, mistake, control }) => {
  test("holds", () => {
    fc.assert(property(forward), runs(count));
  });
  test(`refuses ${mistake}`, () => {
    expect(() => fc.assert(property(control), { ...runs(20), endOnFailure: true })).toThrow(name.slice(0, 8));
  });
});

test("a change of an input does change the states behind it", () => {
  let changed = 0;
  fc.assert(
    fc.property(anyFloatProblem({ fixed: { nonlinearity: "tanh" } }), fc.nat(), (problem, n) => {
      const { before, after, step } = changeInput(forward, problem, n);
      if (!float64.same(at(before.states, step + 1), at(after.states, step + 1))) changed++;
    }),
    runs(50),
  );
  expect(changed).toBeGreaterThan(40);
});

function checkPlain(run: Forward, problem: Parameters<typeof plainRun>[0]): void {
  const plain = plainRun(problem);
  const { states, outputs, loss } = run(float64, liftProblem(float64, problem));
  const close = (quantity: string, found: number, expected: number, error: number) => {
    // Both sides have rounded.
    if (Math.abs(found - expected) <= 2 * error) return;
    throw new Error(`agrees with the model: ${quantity} is ${found}, plainly ${expected}, bound ${2 * error}`);
  };
  close("loss", float64.lower(loss)[0], plain.loss, plain.error);
  const compare = (quantity: string, tensor: Tensor<Float64Array>, rows: typeof plain.states) => {
    const found = float64.lower(tensor);
    rows.flat().forEach(({ values, errors }, row) => {
      values.forEach((value, i) => {
        close(`${quantity}[${row}, ${i}]`, found[row * values.length + i], value, errors[i]);
      });
    });
  };
  compare("h", slice(states, 1, states.shape[0]), plain.states);
  if (outputs) compare("ŷ", outputs, plain.outputs);
}

/** Two runs, the second with another input at one step of all sequences. */
function changeInput(run: Forward, problem: Parameters<typeof plainRun>[0], n: number) {
  const [T, B, I] = problem.x.shape;
  const step = n % T;
  const changed = copyOf(problem);
  for (let i = step * B * I; i < (step + 1) * B * I; i++) changed.x.data[i] += 1;
  const before = run(float64, liftProblem(float64, problem));
  const after = run(float64, liftProblem(float64, changed));
  return { before, after, step };
}

function checkCausal(run: Forward, problem: Parameters<typeof plainRun>[0], n: number): void {
  const { before, after, step } = changeInput(run, problem, n);
  for (let t = 0; t <= step; t++) {
    expectSame(
      float64,
      "is causal",
      `h_${t} after a change at step ${step + 1}`,
      at(before.states, t),
      at(after.states, t),
    );
  }
  for (let t = 0; before.outputs && after.outputs && t < step; t++) {
    expectSame(float64, "is causal", `ŷ_${t + 1}`, at(before.outputs, t), at(after.outputs, t));
  }
}

function checkBatch(run: Forward, numbers: Parameters<typeof plainRun>[0]): void {
  const problem = liftProblem(float64, numbers);
  const whole = run(float64, problem);
  for (let b = 0; b < problem.h0.shape[0]; b++) {
    const alone = run(float64, sequenceProblem(float64, problem, b));
    expectSame(float64, "of a batch", `h of ${b}`, sequenceOf(float64, whole.states, b), alone.states);
    if (!whole.outputs || !alone.outputs) continue;
    expectSame(float64, "of a batch", `ŷ of ${b}`, sequenceOf(float64, whole.outputs, b), alone.outputs);
  }
}

type Residues = ReturnType<typeof primeField>;

function onResidues(
  constraints: Constraints,
  check: (F: Residues, problem: RnnProblem<Tensor<Float64Array>>, source: ReturnType<typeof random>) => void,
) {
  return fc.property(problemShape(constraints), fc.nat(), (shape, seed) => {
    const F = primeField(seed);
    const source = random(seed);
    check(F, residueProblem(F, shape, source), source);
  });
}

function checkPermutation(
  F: Residues,
  run: Forward,
  problem: RnnProblem<Tensor<Float64Array>>,
  source: ReturnType<typeof random>,
): void {
  // A rotation by at least one: no unit keeps its place.
  const H = problem.h0.shape[1];
  const turn = source.integer(1, H - 1);
  const order = Array.from({ length: H }, (_, i) => (i + turn) % H);
  const permuted = mapProblem(problem, (value, name) => permuteUnits(F, value, name, order));
  const [before, after] = [run(F, problem), run(F, permuted)];
  expectSame(F, "does not care", "loss", before.loss, after.loss);
  expectSame(F, "does not care", "h", permuteUnits(F, before.states, "states", order), after.states);
  if (before.outputs && after.outputs) expectSame(F, "does not care", "ŷ", before.outputs, after.outputs);
}

function checkUntouched(run: Forward, numbers: Parameters<typeof plainRun>[0]): void {
  const problem = liftProblem(float64, numbers);
  run(float64, problem);
  const untouched = Object.fromEntries(problemEntries(liftProblem(float64, numbers)));
  for (const [name, value] of problemEntries(problem)) {
    expectSame(float64, "leaves its inputs", name, value, untouched[name]);
  }
}

function checkTwice(run: Forward, numbers: Parameters<typeof plainRun>[0]): void {
  const problem = liftProblem(float64, numbers);
  const [first, second] = [run(float64, problem), run(float64, problem)];
  expectSame(float64, "called twice", "h", first.states, second.states);
  expectSame(float64, "called twice", "u", first.preactivations, second.preactivations);
  expectSame(float64, "called twice", "loss", first.loss, second.loss);
}

test("x [1, 1, 1] and one unit by hand: h_1 = tanh(2 · 0.5 + 0.25 · 1), J = ½ (3 h_1 - 1)²", () => {
  const problem = liftProblem(float64, {
    nonlinearity: "tanh",
    loss: "half_squared_error",
    reduction: "sum",
    parameters: { Wxh: array([1, 1], [2]), Whh: array([1, 1], [0.25]), Why: array([1, 1], [3]) },
    x: array([1, 1, 1], [0.5]),
    h0: array([1, 1], [1]),
    target: array([1, 1, 1], [1]),
  });
  const { loss, states, outputs, preactivations } = forward(float64, problem);
  const h = Math.tanh(1.25);
  expect([...float64.lower(preactivations)]).toEqual([1.25]);
  expect([...float64.lower(states)]).toEqual([1, h]);
  expect(outputs && [...float64.lower(outputs)]).toEqual([3 * h]);
  expect(float64.lower(loss)[0]).toBe((3 * h - 1) ** 2 / 2);
});
