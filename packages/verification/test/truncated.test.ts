import { primeField, random } from "@gradproof/arithmetic";
import { forward, truncatedToChunks, truncatedToWindow } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { stoppedGradient, windows } from "../src/proof/stopped-gradient.ts";
import { drawShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { differencesOf } from "./partial-gradients.ts";
import { problems, seed } from "./settings.ts";

test("the two truncations are different gradients, and a window one step off is refused", () => {
  const source = random(seed);
  let apart = 0;
  for (let i = 0; i < problems / 4; i++) {
    const shape = { ...drawShape(source), T: 5, mask: false };
    const from = source.uint32();
    const F = primeField(from);
    const { problem } = uniformProblem(F, shape, random(from));
    const trajectory = forward(F, problem);
    for (const h of [2, 3, 4]) {
      const window = truncatedToWindow(F, problem, trajectory, h);
      expect(differencesOf(F, window, truncatedToChunks(F, problem, trajectory, h))).not.toEqual([]);
      expect(differencesOf(F, window, stoppedGradient(F, problem, windows(5, h - 1)))).not.toEqual([]);
      apart++;
    }
  }
  expect(apart).toBeGreaterThan(0);
});
