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
import { mistakes } from "../src/mistakes/mistakes.ts";
import { factsOf, shapeOf } from "../src/problem-shape.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;

/** Compares derivations with autodiff on one problem: names of the gradients that differ; "loss" too. */
function comparison(problem: RnnProblem, field: PrimeField): (equations?: rnn.Equations<Float64Array>) => string[] {
  const lifted = rnn.liftProblem(field, problem);
  const trajectory = rnn.forward(field, lifted);
  const { loss, gradient } = autodiffGradient(field, lifted);
  const expected = gradient as unknown as Record<string, Residues>;
  return (equations) => {
    const hand = Object.entries(rnn.backward(field, lifted, trajectory, equations)) as [string, Residues][];
    const wrong = hand.filter(([name, value]) => !field.same(value, expected[name])).map(([name]) => name);
    return field.same(trajectory.loss, loss) ? wrong : ["loss", ...wrong];
  };
}

/** Whether the last step of every sequence counts in the loss, as the catalogue takes for granted. */
function lastStepCounts({ x, mask }: RnnProblem): boolean {
  return mask?.data.subarray(-x.shape[1]).every((weight) => weight !== 0) ?? true;
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
    for (const [i, problem] of problems.entries()) expect(comparison(problem, primeField(seed + i))()).toEqual([]);
  });

  test("every mistake of the catalogue shows on problems without blind spots, on those with tanh always", () => {
    const given = rnnProblem({ exclude: allBlindSpots, loss: ["cross_entropy", "mse", "half_squared_error"] });
    const counts = new Map(mistakes.map(({ name }) => [name, { tanh: [0, 0], relu: [0, 0] }]));
    for (const [i, problem] of sample(given, 60).filter(lastStepCounts).entries()) {
      const differences = comparison(problem, primeField(seed + i));
      const [shape, facts] = [shapeOf(problem), factsOf(problem)];
      for (const { name, inert, equations } of mistakes) {
        if (inert(shape, facts)) continue;
        const count = (counts.get(name) ?? { tanh: [0, 0], relu: [0, 0] })[problem.nonlinearity];
        const wrong = { ...rnn.bptt<Float64Array>(), ...equations<Float64Array>() };
        count[1]++;
        if (differences(wrong).length > 0) count[0]++;
      }
    }
    const report = [...counts].map(([name, { tanh, relu }]) => `${name} ${tanh.join("/")} ${relu.join("/")}`);
    console.log(`seed ${seed}: mistakes shown on problems without blind spots, tanh and relu: ${report.join(", ")}`);
    for (const [name, { tanh, relu }] of counts) {
      expect(tanh[0], name).toBe(tanh[1]);
      // Units that are off hide some of what is behind them.
      expect(relu[0], name).toBeGreaterThanOrEqual(0.5 * relu[1]);
    }
    const unseen = [...counts].filter(([, { tanh, relu }]) => tanh[0] + relu[0] === 0).map(([name]) => name);
    // These are about a loss that is given by its gradient.
    expect(unseen).toEqual(["state-cotangents-ignored", "final-state-cotangent-ignored"]);
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

test("problems of one seed are the same ones, of another others", () => {
  const at = random(seed).integer(1, 2 ** 30);
  const draw = (own: number) => fc.stringify(fc.sample(rnnProblem(), { seed: own, numRuns: 3 }));
  expect(draw(at)).toBe(draw(at));
  expect(draw(at)).not.toBe(draw(at + 1));
});
