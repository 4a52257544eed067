import { readFileSync } from "node:fs";
import { join } from "node:path";
import { float64 } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { descend, initialState } from "../src/optimiser.ts";
import { type OptimiserKind, optimiser, optimiserKinds } from "../src/optimiser-settings.ts";

interface OptimiserSteps {
  readonly rate: number;
  readonly start: number[];
  readonly gradients: number[][];
  readonly points: Record<OptimiserKind, number[][]>;
}

const file = join(import.meta.dirname, "fixtures/optimiser-steps.json");
const { rate, start, gradients, points }: OptimiserSteps = JSON.parse(readFileSync(file, "utf8"));
const shape = [start.length, 1];

/** Largest distance from PyTorch's points over all steps. */
function distance(kind: OptimiserKind, of: OptimiserKind): number {
  const A = float64;
  const parameters = { Wxh: A.lift(start, shape), Whh: A.lift([0], [1, 1]) };
  const rule = optimiser(A, { kind });
  const state = initialState(A, rule, parameters);
  let largest = 0;
  for (const [step, numbers] of gradients.entries()) {
    const gradient = { Wxh: A.lift(numbers, shape), Whh: A.lift([0], [1, 1]) };
    descend(A, rule, parameters, gradient, state, A.round([rate], []));
    const values = A.lower(parameters.Wxh);
    largest = Math.max(largest, ...values.map((value, i) => Math.abs(value - points[of][step][i])));
  }
  return largest;
}

// 40 steps of at most 20 rounded operations on numbers below 8, whose quotients are well conditioned: 40 · 20 · 8 · 2⁻⁵³.
const bound = 6400 * 2 ** -53;

test.each(optimiserKinds)("%s with its defaults goes where PyTorch's goes, and no other rule does", (kind) => {
  expect(distance(kind, kind)).toBeLessThan(bound);
  for (const other of optimiserKinds) if (other !== kind) expect(distance(other, kind), other).toBeGreaterThan(1e-4);
});
