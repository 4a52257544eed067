import { dense, doubleDouble, primeField, random, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  drawSigns,
  drawTruncations,
  forward,
  initialise,
  liftProblem,
  type RnnProblem,
  uoro,
} from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { Mean } from "../src/proof/mean.ts";
import { patterns } from "../src/proof/unbiased-estimates.ts";
import { drawShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { differencesOf } from "./partial-gradients.ts";
import { problems, seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;

const signOf = (bit: boolean) => (bit ? 1 : -1);

describe("the mean over everything that chance can do is the gradient, exactly", () => {
  test("UORO of sequences whose signs are drawn apart", () => {
    const source = random(seed);
    for (let i = 0; i < problems / 10; i++) {
      const shape = { ...drawShape(source), T: 3, B: 2, H: 1 };
      const F = primeField(source.uint32());
      const { problem } = uniformProblem(F, shape, source);
      const scales = { carried: F.uniform([3, 2]), fresh: F.uniform([3, 2]) };
      const mean = new Mean(F);
      for (const pattern of patterns(6)) {
        const signs = F.lift(pattern.map(signOf), [3, 2, 1]);
        mean.add({ ...uoro(F, problem, forward(F, problem), { signs, scales }) }, F.ratio(1, 64));
      }
      expect(differencesOf(F, mean.gradient, autodiffGradient(F, problem).gradient)).toEqual([]);
    }
  });
});

describe("UORO with the scales of the paper, in double-double", () => {
  const D = dense(doubleDouble);
  const [T, H] = [4, 2];
  const numbers = (...shape: number[]) => {
    const source = random(seed);
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, data: Float64Array.from({ length: size }, () => source.integer(-64, 64) / 64) };
  };
  const problem: RnnProblem<Tensor<Float64Array>> = liftProblem(D, {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "sum",
    parameters: initialise({ seed, I: 2, H, O: 1, gain: 0.5 }),
    x: numbers(T, 1, 2),
    h0: numbers(1, H),
    target: numbers(T, 1, 1),
  });
  const trajectory = forward(D, problem);
  const gradient = D.lower(backward(D, problem, trajectory).Whh);

  /** Mean and mean square of the estimate of ∂J/∂W_hh over all signs. */
  function moments(scales?: { carried: Residues; fresh: Residues }) {
    const [mean, square] = [new Float64Array(H * H), new Float64Array(H * H)];
    for (const pattern of patterns(T * H)) {
      const signs = D.lift(pattern.map(signOf), [T, 1, H]);
      const estimate = D.lower(uoro(D, problem, trajectory, { signs, scales }).Whh);
      estimate.forEach((value, i) => {
        mean[i] += value / 2 ** (T * H);
        square[i] += value ** 2 / 2 ** (T * H);
      });
    }
    return { mean, variance: square.reduce((sum, value, i) => sum + value - mean[i] ** 2, 0), square };
  }

  test("the mean over all signs is the gradient", () => {
    const { mean, square } = moments();
    // 256 doubles are summed, each off by 2^-53 of itself at most; the estimates themselves by 2^-90 or less.
    mean.forEach((value, i) => {
      expect(Math.abs(value - gradient[i])).toBeLessThan(257 * 2 ** -53 * Math.sqrt(square[i]));
    });
  });

  test("they vary less than with scales of 1", () => {
    const ones = D.lift(new Float64Array(T).fill(1), [T, 1]);
    const [scaled, unscaled] = [moments().variance, moments({ carried: ones, fresh: ones }).variance];
    console.log(`variance of UORO's ∂J/∂W_hh: ${scaled.toPrecision(3)}, with scales of 1: ${unscaled.toPrecision(3)}`);
    expect(scaled).toBeLessThan(unscaled);
  });

  test("drawn signs and truncations come as often as they should", () => {
    const signs = D.lower(drawSigns(D, { ...problem, x: D.empty([2000, 1, 2]) }, seed));
    expect(signs.every((sign) => sign === 1 || sign === -1)).toBe(true);
    // 4000 draws: four standard deviations of their mean are 4 / √4000; of the truncations' 4 √(c (1 − c) / 4000).
    expect(Math.abs(signs.reduce((sum, sign) => sum + sign, 0) / signs.length)).toBeLessThan(4 / Math.sqrt(4000));
    const cut = drawTruncations(4001, 0.25, seed).filter(Boolean).length / 4000;
    expect(Math.abs(cut - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 4000));
    expect(drawTruncations(4001, 0.25, seed)).toEqual(drawTruncations(4001, 0.25, seed));
    expect(drawTruncations(4001, 0.25, seed + 1)).not.toEqual(drawTruncations(4001, 0.25, seed));
  });
});
