import {
  at,
  type PrimeField,
  primeField,
  type Random,
  random,
  slice,
  type Tensor,
  transpose,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { bptt, type Equations } from "../src/bptt.ts";
import { forward } from "../src/forward.ts";
import { lagContributions } from "../src/lag-contributions.ts";
import { type LinearTarget, mapProblem, type RnnGradient, type RnnProblem } from "../src/problem.ts";
import { type Constraints, problemShape, residueProblem } from "./arbitraries.ts";
import { type GradientName, gradientEntries } from "./arrays.ts";
import {
  copyOfTensor,
  expectSame,
  expectSameGradient,
  isZero,
  permuteUnits,
  problemEntries,
  scaled,
  sequenceOf,
  sequenceProblem,
  stepsOf,
  sumOf,
} from "./tensors.ts";

type Residues = Tensor<Float64Array>;
type Problem = RnnProblem<Residues>;
type Gradient = RnnGradient<Residues>;
type Derivation = Equations<Float64Array>;

/** What a law is checked on: a problem of uniformly random residues, and more of them to draw. */
interface Setting {
  readonly F: PrimeField;
  readonly problem: Problem;
  readonly source: Random;
  readonly equations: Derivation;
  readonly gradientOf: (problem: Problem) => Gradient;
}

/** A law over the prime field, where equality is exact, and a replaced equation that breaks it. */
interface Law {
  readonly name: string;
  readonly constraints: Constraints;
  readonly check: (setting: Setting) => void;
  readonly mistake: string;
  readonly control: Partial<Derivation>;
}

let calls = 0;
const laws: readonly Law[] = [
  {
    name: "is linear in the cotangent",
    constraints: { fixed: { loss: "linear" } },
    check: checkLinear,
    mistake: "an error of the output that is squared",
    control: {
      outputError(A, segment) {
        bptt<Float64Array>().outputError(A, segment);
        if (segment.outputError) A.unary(op.square, segment.outputError, segment.outputError);
      },
    },
  },
  {
    name: "of a batch is the sum over its sequences",
    constraints: { least: { B: 2 } },
    check: checkBatch,
    mistake: "∂J/∂W_xh of the first sequence alone",
    control: {
      Wxh(A, { problem, start, end, delta }, dWxh, mode) {
        for (let t = start; t < end; t++) {
          const [d, x] = [slice(at(delta, t - start), 0, 1), slice(at(problem.x, t), 0, 1)];
          A.gemm(dWxh, transpose(d), x, t === start ? mode : "accumulate");
        }
      },
    },
  },
  {
    name: "of a batch padded to one length is that of its sequences, and 0 for the padding",
    constraints: { least: { T: 2 }, fixed: { mask: true, reduction: "sum" } },
    check: checkPadding,
    mistake: "an error of the output without the mask",
    control: {
      outputError(A, segment) {
        bptt<Float64Array>().outputError(A, { ...segment, problem: { ...segment.problem, mask: undefined } });
      },
    },
  },
  {
    name: "does not care for the order of the hidden units",
    constraints: { least: { H: 2 } },
    check: checkPermutation,
    mistake: "no f' for the first unit",
    control: {
      throughActivation(A, segment, t) {
        bptt<Float64Array>().throughActivation(A, segment, t);
        const unit = (tensor: Residues) => at(transpose(at(tensor, t - segment.start)), 0);
        A.copy(unit(segment.delta), unit(segment.stateError));
      },
    },
  },
  {
    name: "with respect to W_hh is the sum of its contributions by lag",
    constraints: { fixed: { O: 2 } },
    check: checkLags,
    mistake: "a step back in time without the weights",
    control: {
      stepBack(A, { start, stateError, delta }, t) {
        const [error, behind] = [at(stateError, t - start), at(delta, t + 1 - start)];
        A.binary(op.add, error, error, behind);
      },
    },
  },
  {
    name: "leaves problem and trajectory as they are",
    constraints: {},
    check: checkUntouched,
    mistake: "1 - h² where h stands",
    control: {
      throughActivation(A, { trajectory, start, stateError, delta }, t) {
        const h = at(trajectory.states, t + 1);
        A.unary(op.square, h, h);
        A.unary(op.oneMinus, h, h);
        A.binary(op.multiply, at(delta, t - start), h, at(stateError, t - start));
      },
    },
  },
  {
    name: "called twice gives the same",
    constraints: {},
    check({ F, problem, gradientOf }) {
      expectSameGradient(F, "called twice", gradientOf(problem), gradientOf(problem));
    },
    mistake: "a gradient that goes on from the last call",
    control: {
      h0(A, { problem, delta }, dh0) {
        A.copy(dh0, A.ratio(calls++, 1));
        A.gemm(dh0, at(delta, 0), problem.parameters.Whh, "accumulate");
      },
    },
  },
];

describe.each(laws)("the gradient $name", ({ name, constraints, check, mistake, control }) => {
  const property = (equations: Derivation) =>
    fc.property(problemShape(constraints), fc.nat(), (shape, seed) => {
      const F = primeField(seed);
      const source = random(seed);
      const problem = residueProblem(F, shape, source);
      const gradientOf = (p: Problem) => backward(F, p, forward(F, p), equations);
      // Under relu a network may be dead: a gradient that is 0 obeys every law.
      fc.pre(!isZero(F, gradientOf(problem).Whh));
      check({ F, problem, source, equations, gradientOf });
    });

  test("holds, exactly", () => {
    fc.assert(property(bptt()), runs(80));
  });
  test(`refuses ${mistake}`, () => {
    const wrong = property({ ...bptt(), ...control });
    expect(() => fc.assert(wrong, { ...runs(20), endOnFailure: true })).toThrow(name.slice(0, 12));
  });
});

function checkLinear({ F, problem, source, gradientOf }: Setting): void {
  if (problem.loss !== "linear") return;
  const { outputs, states } = problem.target;
  const other: LinearTarget<Residues> = {
    outputs: outputs && F.uniform(outputs.shape),
    states: states && F.uniform(states.shape),
  };
  const [a, b] = [F.ratio(source.integer(2, 1000), 1), F.uniform([])];
  const combine = (x: Residues, y: Residues) => sumOf(F, scaled(F, a, x), scaled(F, b, y));
  const combined: LinearTarget<Residues> = {
    outputs: outputs && other.outputs && combine(outputs, other.outputs),
    states: states && other.states && combine(states, other.states),
  };
  const [first, second] = [gradientOf(problem), gradientOf({ ...problem, target: other })];
  const whole = gradientOf({ ...problem, target: combined });
  for (const [name, value] of gradientEntries(whole)) {
    expectSame(F, "is linear in the cotangent", name, value, combine(partOf(first, name), partOf(second, name)));
  }
}

function checkBatch({ F, problem, gradientOf }: Setting): void {
  const B = problem.h0.shape[0];
  // The mean of a batch divides by B times as much as that of a sequence.
  const weight = F.ratio(1, problem.reduction === "mean" ? B : 1);
  const whole = gradientOf(problem);
  const alone = Array.from({ length: B }, (_, b) => gradientOf(sequenceProblem(F, problem, b)));
  for (const [name, value] of gradientEntries(whole)) {
    if (name === "h0" || name === "x") {
      alone.forEach((gradient, b) => {
        const own = name === "h0" ? slice(value, b, b + 1) : sequenceOf(F, value, b);
        expectSame(F, "of a batch is", `${name} of ${b}`, own, scaled(F, weight, gradient[name]));
      });
    } else {
      const total = alone.map((gradient) => partOf(gradient, name)).reduce((sum, part) => sumOf(F, sum, part));
      expectSame(F, "of a batch is", name, value, scaled(F, weight, total));
    }
  }
}

function checkPadding({ F, problem, source, gradientOf }: Setting): void {
  const [T, B] = problem.x.shape;
  const lengths = Array.from({ length: B }, (_, b) => source.integer(1, b === 0 ? T - 1 : T));
  const mask = copyOfTensor(F, problem.mask as Residues);
  lengths.forEach((length, b) => {
    for (let t = length; t < T; t++) F.copy(at(at(mask, t), b), F.ratio(0, 1));
  });
  const padded: Problem = { ...problem, mask };
  const whole = gradientOf(padded);
  const alone = lengths.map((length, b) => {
    const sequence = sequenceProblem(F, padded, b);
    return gradientOf(stepsOf(sequence, 0, length, sequence.h0));
  });
  const law = "of a batch padded";
  for (const [name, value] of gradientEntries(whole)) {
    if (name === "h0") {
      alone.forEach((gradient, b) => {
        expectSame(F, law, `h0 of ${b}`, slice(value, b, b + 1), gradient.h0);
      });
    } else if (name === "x") {
      alone.forEach((gradient, b) => {
        const own = sequenceOf(F, value, b);
        expectSame(F, law, `x of ${b}`, slice(own, 0, lengths[b]), gradient.x);
        if (!isZero(F, slice(own, lengths[b], T))) throw new Error(`${law}: x of ${b} is not 0 in the padding`);
      });
    } else {
      const total = alone.map((gradient) => partOf(gradient, name)).reduce((sum, part) => sumOf(F, sum, part));
      expectSame(F, law, name, value, total);
    }
  }
}

function checkPermutation({ F, problem, source, gradientOf }: Setting): void {
  // A rotation by at least one: no unit keeps its place.
  const H = problem.h0.shape[1];
  const turn = source.integer(1, H - 1);
  const order = Array.from({ length: H }, (_, i) => (i + turn) % H);
  const permuted = gradientOf(mapProblem(problem, (value, name) => permuteUnits(F, value, name, order)));
  for (const [name, value] of gradientEntries(gradientOf(problem))) {
    expectSame(F, "does not care", name, permuteUnits(F, value, name, order), partOf(permuted, name));
  }
}

function checkLags({ F, problem, gradientOf }: Setting): void {
  const contributions = [...lagContributions(F, problem, forward(F, problem))];
  expect(contributions.length).toBe(problem.x.shape[0]);
  const total = contributions.reduce((sum, part) => sumOf(F, sum, part));
  expectSame(F, "with respect to W_hh", "Whh", gradientOf(problem).Whh, total);
}

function checkUntouched({ F, problem, equations }: Setting): void {
  const { preactivations, states, outputs, loss } = forward(F, problem);
  const all = [
    ...problemEntries(problem),
    ...Object.entries({ preactivations, states, loss, ...(outputs && { outputs }) }),
  ];
  const copies = all.map(([, value]) => copyOfTensor(F, value));
  backward(F, problem, { preactivations, states, outputs, loss }, equations);
  all.forEach(([name, value], i) => {
    expectSame(F, "leaves problem", name, value, copies[i]);
  });
}

function partOf(gradient: Gradient, name: GradientName): Residues {
  return gradient[name] as Residues;
}
