import {
  at,
  broadcastTo,
  type PrimeField,
  primeField,
  type Random,
  random,
  slice,
  type Tensor,
} from "@gradproof/arithmetic";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { bptt, type Equations } from "../src/bptt.ts";
import { forward } from "../src/forward.ts";
import type { RnnGradient, RnnProblem } from "../src/problem.ts";
import { type Constraints, problemShape, residueProblem } from "./arbitraries.ts";
import { copyOfTensor, expectSame, expectSameGradient, isZero, sequenceProblem, stepsOf, sumOf } from "./tensors.ts";

type Residues = Tensor<Float64Array>;
type Problem = RnnProblem<Residues>;
type Derivation = Equations<Float64Array>;

interface Model {
  readonly lossOf: (problem: Problem) => Residues;
  readonly gradientOf: (problem: Problem) => RnnGradient<Residues>;
}

/** A law about steps that do not count in the loss, and a model that breaks it. */
interface Law {
  readonly name: string;
  readonly constraints: Constraints;
  readonly check: (F: PrimeField, problem: Problem, source: Random, model: Model) => void;
  readonly mistake: string;
  readonly control: (F: PrimeField) => Model;
}

function modelOf(F: PrimeField, equations: Derivation = bptt()): Model {
  return {
    lossOf: (problem) => forward(F, problem).loss,
    gradientOf: (problem) => backward(F, problem, forward(F, problem), equations),
  };
}

const laws: readonly Law[] = [
  {
    name: "the gradient of the losses up to a step is causal: no later input has a part in it, or a gradient",
    constraints: { least: { T: 2 }, fixed: { mask: true } },
    check: checkCausal,
    mistake: "∂J/∂x_t from δ of the step before",
    control: (F) =>
      modelOf(F, {
        ...bptt(),
        x(A, { problem, start, end, delta }, dx) {
          A.copy(slice(dx, start, end), A.ratio(0, 1));
          for (let t = start + 1; t < end; t++)
            A.gemm(at(dx, t), at(delta, t - 1 - start), problem.parameters.Wxh, "write");
        },
      }),
  },
  {
    name: "the loss of a batch padded to one length is the sum over its sequences, whatever the padding holds",
    constraints: { least: { T: 2 }, fixed: { mask: true, reduction: "sum" } },
    check: checkPadding,
    mistake: "a loss without the mask",
    control: (F) => ({ ...modelOf(F), lossOf: (problem) => forward(F, { ...problem, mask: undefined }).loss }),
  },
];

describe.each(laws)("$name", ({ name, constraints, check, mistake, control }) => {
  const property = (model: (F: PrimeField) => Model) =>
    fc.property(problemShape(constraints), fc.nat(), (shape, seed) => {
      const F = primeField(seed);
      const source = random(seed);
      const problem = residueProblem(F, shape, source);
      // Under relu a network may be dead: a gradient that is 0 obeys every law.
      fc.pre(!isZero(F, modelOf(F).gradientOf(problem).Whh));
      check(F, problem, source, model(F));
    });

  test("holds, exactly", () => {
    fc.assert(property(modelOf), runs(80));
  });
  test(`refuses ${mistake}`, () => {
    expect(() => fc.assert(property(control), { ...runs(20), endOnFailure: true })).toThrow(name.slice(0, 12));
  });
});

function checkCausal(F: PrimeField, problem: Problem, source: Random, { gradientOf }: Model): void {
  const [T] = problem.x.shape;
  const counted = source.integer(1, T - 1);
  const mask = copyOfTensor(F, problem.mask as Residues);
  F.copy(slice(mask, counted, T), F.ratio(0, 1));
  const x = copyOfTensor(F, problem.x);
  F.copy(slice(x, counted, T), F.uniform(slice(x, counted, T).shape));
  const [before, after] = [gradientOf({ ...problem, mask }), gradientOf({ ...problem, mask, x })];
  const law = "the gradient of the losses up to a step";
  expectSameGradient(F, law, before, after);
  const later = slice(before.x, counted, T);
  expectSame(F, law, `x behind step ${counted}`, later, broadcastTo(F.ratio(0, 1), later.shape));
}

function checkPadding(F: PrimeField, problem: Problem, source: Random, { lossOf }: Model): void {
  const [T, B] = problem.x.shape;
  const lengths = Array.from({ length: B }, (_, b) => source.integer(1, b === 0 ? T - 1 : T));
  const mask = copyOfTensor(F, problem.mask as Residues);
  const x = copyOfTensor(F, problem.x);
  lengths.forEach((length, b) => {
    for (let t = length; t < T; t++) {
      F.copy(at(at(mask, t), b), F.ratio(0, 1));
      F.copy(at(at(x, t), b), F.uniform([x.shape[2]]));
    }
  });
  const alone = lengths.map((length, b) => {
    const sequence = sequenceProblem(F, { ...problem, mask }, b);
    return lossOf(stepsOf(sequence, 0, length, sequence.h0));
  });
  const law = "the loss of a batch padded";
  const total = alone.reduce((sum, part) => sumOf(F, sum, part));
  expectSame(F, law, "J", lossOf({ ...problem, mask }), total);
  expectSame(F, law, "J with other padding", lossOf({ ...problem, mask, x }), total);
}
