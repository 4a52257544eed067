import { type Arithmetic, float32, float64, type Random, random, sizeOf } from "@gradproof/arithmetic";
import { lossAndGradient, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { benchesOf } from "../src/benches.ts";
import { judgeOn } from "../src/judge.ts";
import type { GivenGradient, GradientVerdict } from "../src/judgement.ts";
import type { GradientName } from "../src/spread.ts";
import { seed } from "./settings.ts";

const problems = 6;

/** Gain 2.5: errors grow from step to step; 60 to 90 steps. Multiples of 2^-12, which float32 holds. */
function drawChaotic(source: Random): RnnProblem<NumericArray> {
  const [T, B, I, H, O] = [source.integer(60, 90), source.integer(1, 2), 2, source.integer(8, 12), 2];
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.round(scale * source.normal() * 4096) / 4096),
  });
  return {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "sum",
    parameters: {
      Wxh: normal(1 / Math.sqrt(I), H, I),
      Whh: normal(2.5 / Math.sqrt(H), H, H),
      Why: normal(1 / Math.sqrt(H), O, H),
      bxh: normal(0.25, H),
    },
    x: normal(1, T, B, I),
    h0: normal(0.5, B, H),
    target: normal(1, T, B, O),
  };
}

function gradientsIn<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>, dtype: "F64" | "F32"): GivenGradient[] {
  const { gradient } = lossAndGradient(A, problem);
  return Object.entries(gradient).map(([of, { shape, data }]: [string, NumericArray]) => {
    return { name: of, of: of as GradientName, dtype, shape, data };
  });
}

/** The gradients with one element, where rounding moves the tensor's elements most, off by a share of the largest element. */
function withMistake(gradients: readonly GivenGradient[], n: number, share: number, sigma: Float64Array) {
  const data = gradients[n].data.slice();
  const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  data[sigma.indexOf(Math.max(...sigma))] += share * largest;
  return gradients.map((gradient, i) => (i === n ? { ...gradient, data } : gradient));
}

test.each([
  ["float64", "F64", float64],
  ["float32", "F32", float32],
] as const)(
  "%s: a mistake of a millionth of a chaotic gradient is found where the stated resolution says so, and one of the resolution is",
  (name, dtype, A) => {
    const source = random(seed);
    const counts = { tensors: 0, millionthFound: 0, millionthBelow: 0, resolutionFound: 0, tenthPassed: 0 };
    let [finest, coarsest] = [Number.POSITIVE_INFINITY, 0];
    for (let i = 0; i < problems; i++) {
      const problem = drawChaotic(source);
      const gradients = gradientsIn(A as Arithmetic<unknown>, problem, dtype);
      const benches = benchesOf(problem, { seed: seed + i });
      const { verdict, gradients: verdicts } = judgeOn(benches, gradients);
      expect(verdict).toBe("match");
      for (const [n, { of, resolution = Number.POSITIVE_INFINITY }] of verdicts.entries()) {
        const sigma = benches.at(dtype).spread.gradient[of] as Float64Array;
        const verdictOn = (share: number): GradientVerdict["verdict"] =>
          judgeOn(benches, withMistake(gradients, n, share, sigma), { explain: false }).gradients[n].verdict;
        [finest, coarsest] = [Math.min(finest, resolution), Math.max(coarsest, resolution)];
        counts.tensors++;
        if (resolution > 1e-6) counts.millionthBelow++;
        else if (verdictOn(1e-6) === "mismatch") counts.millionthFound++;
        if (verdictOn(1.001 * resolution) === "mismatch") counts.resolutionFound++;
        if (verdictOn(0.1 * resolution) === "match") counts.tenthPassed++;
      }
    }
    console.log(
      `${name}: ${counts.tensors} tensors, resolution ${finest.toExponential(1)} to ${coarsest.toExponential(1)}; a millionth found in ${counts.millionthFound}, below the resolution in ${counts.millionthBelow}; the resolution itself found in ${counts.resolutionFound}, a tenth of it passed in ${counts.tenthPassed}`,
    );
    expect(counts.millionthFound + counts.millionthBelow).toBe(counts.tensors);
    expect(counts.resolutionFound).toBe(counts.tensors);
    // The resolution is no pretext: a tenth of it, 5.5 σ, is what rounding does.
    expect(counts.tenthPassed).toBe(counts.tensors);
    if (dtype === "F64") expect(counts.millionthFound).toBeGreaterThan(counts.tensors / 2);
    else expect(counts.millionthBelow).toBeGreaterThan(0);
  },
  120_000,
);
