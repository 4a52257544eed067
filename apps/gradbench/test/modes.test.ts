import { reshape } from "@gradproof/autodiff";
import { checkGradient } from "@gradproof/diagnostics";
import { describe, expect, it } from "vitest";
import { gradient, type Mode } from "../src/evals/descent.ts";
import { type Floats, floats, numbers } from "../src/evals/floats.ts";
import { miss } from "../src/evals/particle.ts";
import { highest } from "../src/evals/saddle.ts";
import { particleMiss } from "./references/objectives.ts";

const modes: readonly Mode[] = ["forward", "reverse"];
const mixes = modes.flatMap((outer) => modes.map((inner) => [outer, inner] as const));

describe("a gradient through gradients", () => {
  it.each(mixes)("%s over %s: of where the particle goes", (outer, inner) => {
    const slope = numbers(gradient(outer, (w: Floats) => miss(inner, reshape(w, [])))(floats([0.125])));
    expect(checkGradient(({ w }) => particleMiss(w[0]), { w: slope }, { w: Float64Array.of(0.125) }).verdict).toBe(
      "match",
    );
    const wrong = { w: [slope[0] * 1.001] };
    expect(checkGradient(({ w }) => particleMiss(w[0]), wrong, { w: Float64Array.of(0.125) }).verdict).toBe("mismatch");
  });

  it.each(mixes)("%s over %s: of the highest point, 2x", (outer, inner) => {
    const x = [0.5, -0.75];
    const slope = gradient(outer, (a: Floats) => highest(inner, a, floats([0.25, 0.5])))(floats(x));
    expect(numbers(slope)).toEqual(x.map((value) => 2 * value));
  });
});
