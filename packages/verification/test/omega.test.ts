import { type PrimeField, primeField, random, type Tensor, transpose } from "@gradproof/arithmetic";
import { forward, omega, omegaGradient, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { omegaByAutodiff } from "../src/proof/omega-graph.ts";
import { describeShape, drawShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { along, drawDirection, forwardMode } from "./forward-mode.ts";
import { differencesOf, elementsOf } from "./partial-gradients.ts";
import { printRow, seed, problems as usual } from "./settings.ts";

type Residues = Tensor<Float64Array>;

/** A gradient of a gradient costs about four times as much. */
const problems = Math.ceil(usual / 3);

test(`Ω and both gradients are autodiff's and forward mode's on ${problems} random shapes, exactly`, () => {
  const source = random(seed);
  let [elements, refused, inert] = [0, 0, 0];
  for (let i = 0; i < problems; i++) {
    const drawn = drawShape(source);
    const shape = { ...drawn, T: 1 + (drawn.T % 6) };
    const F = primeField(source.uint32());
    const { problem } = uniformProblem(F, shape, source);
    const found = omegaGradient(F, problem, forward(F, problem));
    const expected = omegaByAutodiff(F, problem);
    expect(F.same(found.value, expected.value), describeShape(shape)).toBe(true);
    expect(F.same(found.immediate, expected.immediate), describeShape(shape)).toBe(true);
    expect(differencesOf(F, found.full, expected.full), describeShape(shape)).toEqual([]);
    elements += elementsOf(found.full);

    const direction = drawDirection(F, found.full);
    const forwards = forwardMode(F, problem, direction, (A, lifted) => omega(A, lifted, forward(A, lifted)).value);
    expect(F.same(along(F, found.full, direction), forwards), describeShape(shape)).toBe(true);

    const wrong = omegaGradient(F, withTransposed(F, problem), forward(F, problem));
    if (shape.H === 1) inert++;
    else {
      expect(F.same(wrong.immediate, expected.immediate), describeShape(shape)).toBe(false);
      refused++;
    }
    // The immediate gradient is the full one only where nothing bends: relu units at one step, and a loss that is linear.
    const bends = shape.nonlinearity === "tanh";
    if (bends) expect(F.same(found.immediate, found.full.Whh), describeShape(shape)).toBe(false);
  }
  printRow("Ω", problems, elements, refused, inert);
  expect(refused).toBeGreaterThan(problems / 2);
});

/** The problem with W_hhᵀ for W_hh, the forward pass as it was. */
function withTransposed(F: PrimeField, problem: RnnProblem<Residues>): RnnProblem<Residues> {
  const Whh = F.empty(problem.parameters.Whh.shape);
  F.copy(Whh, transpose(problem.parameters.Whh));
  return { ...problem, parameters: { ...problem.parameters, Whh } };
}
