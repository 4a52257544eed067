import { primeField, random, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  forward,
  type RnnGradient,
  type RnnProblem,
  type Trajectory,
  truncatedToChunks,
  truncatedToWindow,
} from "@gradproof/rnn";
import { expect, test } from "vitest";
import { describeShape, drawShape } from "../src/proof-shape.ts";
import { differencesOf, elementsOf } from "../src/prove-roads.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { printRow, problems, seed } from "./settings.ts";
import { chunks, type Piece, stoppedGradient, windows } from "./truncated-gradient.ts";

type Truncated = <S>(
  A: Parameters<typeof forward<S>>[0],
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  h: number,
) => RnnGradient<Tensor<S>>;

const kinds: readonly [string, Truncated, (T: number, h: number) => Piece[]][] = [
  ["window of h steps back from every loss", truncatedToWindow, windows],
  ["chunks of h steps", truncatedToChunks, chunks],
];

test.each(kinds)(
  "%s: autodiff with the gradient stopped there, for h = 1, 2, T - 1, T and T + 1",
  (name, truncated, cut) => {
    const source = random(seed);
    let elements = 0;
    let shorter = 0;
    for (let i = 0; i < problems; i++) {
      const drawn = drawShape(source);
      const shape = { ...drawn, T: 1 + ((drawn.T - 1) % 6) };
      const from = source.uint32();
      const F = primeField(from);
      const { problem } = uniformProblem(F, shape, random(from));
      const trajectory = forward(F, problem);
      const whole = backward(F, problem, trajectory);
      const { T } = shape;
      for (const h of new Set([1, 2, T - 1, T, T + 1].filter((steps) => steps >= 1))) {
        const place = `${describeShape(shape)}, seed ${from}, h ${h}`;
        const gradient = truncated(F, problem, trajectory, h);
        elements += elementsOf(gradient);
        expect(differencesOf(F, gradient, stoppedGradient(F, problem, cut(T, h))), place).toEqual([]);
        // The control: the gradient without a stop, which is the same where nothing is cut off and never else.
        if (h < T) shorter++;
        expect(differencesOf(F, gradient, whole).length > 0, place).toBe(h < T);
      }
    }
    printRow(name, problems, elements, shorter, 0);
    expect(shorter).toBeGreaterThan(problems);
  },
);

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
