import { at, primeField, random, transpose } from "@gradproof/arithmetic";
import { backward, errorShares, forward } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { describeShape, drawShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { problems, seed } from "./settings.ts";

test(`contributions (t, k) sum to the gradient on ${problems} random shapes, exactly, and without the oldest they do not`, () => {
  const source = random(seed);
  let short = 0;
  for (let i = 0; i < problems; i++) {
    const shape = drawShape(source);
    const F = primeField(source.uint32());
    const { problem } = uniformProblem(F, shape, source);
    const trajectory = forward(F, problem);
    const [sum, withoutOldest] = [0, 0].map(() => F.lift(new Float64Array(shape.H * shape.I), [shape.H, shape.I]));
    for (let t = 1; t <= shape.T; t++) {
      for (const { k, share } of errorShares(F, problem, trajectory, t)) {
        for (const out of t - k < shape.T - 1 ? [sum, withoutOldest] : [sum]) {
          F.gemm(out, transpose(share), at(problem.x, k - 1), "accumulate");
        }
      }
    }
    const { Wxh } = backward(F, problem, trajectory);
    expect(F.same(sum, Wxh), describeShape(shape)).toBe(true);
    if (!F.same(withoutOldest, Wxh)) short++;
  }
  expect(short).toBeGreaterThan(0.8 * problems);
});
