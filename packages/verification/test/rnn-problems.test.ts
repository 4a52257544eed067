import {
  allBlindSpots,
  blindSpots,
  type NumericArray,
  type RnnProblem,
  rnnProblem,
  vacuousSpots,
} from "@gradproof/arbitraries";
import { float64, type PrimeField, primeField, random, type Tensor } from "@gradproof/arithmetic";
import * as rnn from "@gradproof/rnn";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { type Mistake, mistakes } from "../src/mistakes.ts";
import type { ProofShape } from "../src/proof-shape.ts";
import type { ProblemFacts } from "../src/uniform-problem.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;

/** Names of the gradients that differ; "loss" too. */
function differences(problem: RnnProblem, field: PrimeField, equations = rnn.bptt<Float64Array>()): string[] {
  const lifted = rnn.liftProblem(field, problem);
  const trajectory = rnn.forward(field, lifted);
  const hand = Object.entries(rnn.backward(field, lifted, trajectory, equations)) as [string, Residues][];
  const { loss, gradient } = autodiffGradient(field, lifted);
  const expected = gradient as unknown as Record<string, Residues>;
  const wrong = hand.filter(([name, value]) => !field.same(value, expected[name])).map(([name]) => name);
  return field.same(trajectory.loss, loss) ? wrong : ["loss", ...wrong];
}

describe("problems of rnnProblem", () => {
  test("are what rnn takes, shrunk or not, and rnn's are what blindSpots takes", () => {
    let tried = 0;
    for (let run = 0; run < 60; run++) {
      let refused: unknown;
      // Every third problem counts as a counterexample, so that shrinking wanders through all the structure there is.
      const wandering = fc.property(rnnProblem({ exclude: [] }), (problem) => {
        const taken: rnn.RnnProblem<rnn.NumericArray> = problem;
        try {
          rnn.checkProblem(taken);
          blindSpots(taken as RnnProblem);
        } catch (error) {
          refused ??= error;
        }
        return ++tried % 3 !== 0;
      });
      fc.check(wandering, { seed: seed + run, numRuns: 20 });
      expect(refused).toBeUndefined();
    }
    expect(tried).toBeGreaterThan(600);
    const [problem] = sample(rnnProblem({ loss: ["mse"] }), 1);
    const wrong = { ...problem, h0: { shape: [9, 9], data: new Float64Array(81) } };
    expect(() => rnn.checkProblem(wrong)).toThrow(rnn.ProblemError);
  });

  test("BPTT is autodiff on every one of them, over the prime field", () => {
    const problems = sample(rnnProblem({ exclude: [], T: { min: 1, max: 8 } }), 300);
    for (const [i, problem] of problems.entries()) expect(differences(problem, primeField(seed + i))).toEqual([]);
  });

  test("every mistake of the catalogue shows on problems without blind spots, on those with tanh always", () => {
    const given = rnnProblem({ exclude: allBlindSpots, loss: ["cross_entropy", "mse", "half_squared_error"] });
    const counts = new Map(mistakes.map(({ name }) => [name, { tanh: [0, 0], relu: [0, 0] }]));
    for (const [i, problem] of sample(given, 60).entries()) {
      for (const mistake of mistakes) {
        if (isInert(mistake, problem)) continue;
        const { name, equations } = mistake;
        const count = (counts.get(name) ?? { tanh: [0, 0], relu: [0, 0] })[problem.nonlinearity];
        const wrong = { ...rnn.bptt<Float64Array>(), ...equations<Float64Array>() };
        count[1]++;
        if (differences(problem, primeField(seed + i), wrong).length > 0) count[0]++;
      }
    }
    const report = [...counts].map(([name, { tanh, relu }]) => `${name} ${tanh.join("/")} ${relu.join("/")}`);
    console.log(`seed ${seed}: mistakes shown on problems without blind spots, tanh and relu: ${report.join(", ")}`);
    for (const { tanh, relu } of counts.values()) {
      expect(tanh[0]).toBe(tanh[1]);
      expect(tanh[0] + relu[0]).toBeGreaterThan(0);
      // Units that are off hide some of what is behind them.
      expect(relu[0]).toBeGreaterThanOrEqual(0.5 * relu[1]);
    }
  });

  test("and on vacuous ones nothing can: every gradient but that of by is 0", () => {
    const vacuous = sample(rnnProblem({ exclude: [] }), 600).filter((problem) =>
      blindSpots(problem).some((spot) => vacuousSpots.some((other) => other === spot)),
    );
    expect(vacuous.length).toBeGreaterThan(30);
    const isZero = ({ data }: NumericArray) => data.every((x) => x === 0);
    for (const problem of vacuous) {
      const { by: _, ...gradient } = rnn.lossAndGradient(float64, problem).gradient;
      expect(Object.entries(gradient).filter(([, value]) => !isZero(value as NumericArray))).toEqual([]);
    }
    const [sighted] = sample(rnnProblem({ exclude: allBlindSpots }), 1);
    expect(isZero(rnn.lossAndGradient(float64, sighted).gradient.Whh)).toBe(false);
  });
});

/** Whether a mistake changes nothing on a problem, as far as the catalogue knows. */
function isInert({ inert }: Mistake, problem: RnnProblem): boolean {
  return inert(shapeOf(problem), factsOf(problem));
}

function shapeOf(problem: RnnProblem): ProofShape {
  const { parameters, nonlinearity, loss, reduction, mask, h0 } = problem;
  return {
    ...rnn.dimensions(problem),
    nonlinearity,
    loss,
    reduction,
    bxh: parameters.bxh !== undefined,
    bhh: parameters.bhh !== undefined,
    by: parameters.by !== undefined,
    mask: mask !== undefined,
    zeroState: h0.data.every((value) => value === 0),
  };
}

function factsOf(problem: RnnProblem): ProblemFacts {
  const [T, B] = problem.x.shape;
  const { preactivations } = rnn.forward(float64, rnn.liftProblem(float64, problem));
  const off = Array.from(float64.lower(preactivations), (u) => problem.nonlinearity === "relu" && u <= 0);
  const early = Array.from({ length: (T - 1) * B }, (_, step) => problem.mask?.data[step] !== 0);
  return {
    deadUnits: off.includes(true),
    laterDeadUnits: off.includes(true, off.length / T),
    earlyLoss: early.includes(true),
  };
}

test("problems of one seed are the same ones, of another others", () => {
  const at = random(seed).integer(1, 2 ** 30);
  const draw = (own: number) => fc.stringify(fc.sample(rnnProblem(), { seed: own, numRuns: 3 }));
  expect(draw(at)).toBe(draw(at));
  expect(draw(at)).not.toBe(draw(at + 1));
});
