import { primeField, random } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { backward, bptt, forward } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { mistakes } from "../../src/mistakes/mistakes.ts";
import { firstWrongEquation } from "../../src/proof/first-wrong-equation.ts";
import { describeShape, drawShape } from "../../src/proof-shape.ts";
import { uniformProblem } from "../../src/uniform-problem.ts";
import { problems, seed } from "../settings.ts";

/** Where the order of a sweep, or how it joins and carries, can show first. */
const ofSweep = ["stepBack", "throughActivation", "carry", "Why", "by", "Whh", "Wxh", "bxh", "bhh", "x", "h0"];

test("the first equation that is wrong is one that the mistake replaces, for every mistake that shows", () => {
  const source = random(seed);
  const named = new Set<string>();
  let shown = 0;
  for (let i = 0; i < problems / 8; i++) {
    const shape = drawShape(source);
    const F = primeField(source.uint32());
    const { problem, facts } = uniformProblem(F, shape, source);
    const trajectory = forward(F, problem);
    expect(firstWrongEquation(F, problem, trajectory, bptt())).toBeUndefined();
    for (const mistake of mistakes) {
      const replaced = mistake.equations<Float64Array>();
      const first = firstWrongEquation(F, problem, trajectory, { ...bptt<Float64Array>(), ...replaced });
      const place = `${mistake.name} on ${describeShape(shape)}`;
      // A mistake that does not show in the gradient may still compute something else on the way.
      if (!mistake.inert(shape, facts)) expect(first, place).toBeDefined();
      if (!first) continue;
      const allowed = Object.keys(replaced).flatMap((name) => (name === "sweep" ? ofSweep : [name]));
      expect(allowed, place).toContain(first.equation);
      named.add(mistake.name);
      shown++;
    }
  }
  console.log(`${shown} mistakes traced to an equation that they replace; ${named.size} of ${mistakes.length} showed`);
  expect(named.size).toBeGreaterThan(0.9 * mistakes.length);
});

test("a wrong step is named with its time, sequence and unit, and what it should be", () => {
  const F = primeField(seed);
  const shape = { ...drawShape(random(seed)), T: 5, B: 2, H: 3, nonlinearity: "tanh" as const, mask: false };
  const { problem } = uniformProblem(F, shape, random(seed));
  const trajectory = forward(F, problem);
  const { throughActivation } = bptt<Float64Array>();
  const wrongAtThree = {
    ...bptt<Float64Array>(),
    throughActivation(A: typeof F, segment: Parameters<typeof throughActivation>[1], t: number) {
      throughActivation(A, segment, t);
      const element = {
        ...segment.delta,
        offset: segment.delta.offset + (t - segment.start) * 6 + 4,
        shape: [],
        strides: [],
      };
      if (t === 2) A.unary(op.negate, element, element);
    },
  } as ReturnType<typeof bptt<Float64Array>>;
  const first = firstWrongEquation(F, problem, trajectory, wrongAtThree);
  expect(first).toMatchObject({ equation: "throughActivation", quantity: "δ_3", index: [1, 1] });
  expect(first?.given).toBe(-(first?.right ?? 0));
  expect(F.same(backward(F, problem, trajectory, wrongAtThree).Whh, backward(F, problem, trajectory).Whh)).toBe(false);
});
