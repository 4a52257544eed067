import { primeField, random } from "@gradproof/arithmetic";
import { backward, bptt, forward } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { mistakes } from "../src/mistakes/mistakes.ts";
import { drawShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { along, drawDirection, forwardMode } from "./forward-mode.ts";

const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);
const problems = Math.round(200 * Number(process.env.GRADPROOF_RUNS ?? 1));

test("along random directions BPTT, autodiff and forward mode by dual numbers give the same residues", () => {
  const source = random(seed);
  let caught = 0;
  for (let i = 0; i < problems; i++) {
    const F = primeField(source.uint32());
    const { problem } = uniformProblem(F, drawShape(source), source);
    const trajectory = forward(F, problem);
    const hand = backward(F, problem, trajectory);
    const direction = drawDirection(F, hand);
    const expected = forwardMode(F, problem, direction);
    expect(F.same(along(F, hand, direction), expected)).toBe(true);
    expect(F.same(along(F, autodiffGradient(F, problem).gradient, direction), expected)).toBe(true);
    const mistake = mistakes[i % mistakes.length];
    const wrong = backward(F, problem, trajectory, { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() });
    if (!F.same(along(F, wrong, direction), expected)) caught++;
  }
  console.log(`seed ${seed}: ${problems} problems agree three ways, ${caught} mistakes refused (the others are inert)`);
  expect(caught).toBeGreaterThan(problems / 2);
});
