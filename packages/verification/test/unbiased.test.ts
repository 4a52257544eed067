import { at, dense, doubleDouble, type PrimeField, primeField, random, type Tensor } from "@gradproof/arithmetic";
import {
  artbp,
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
import { describeShape, drawShape } from "../src/proof-shape.ts";
import { differencesOf, elementsOf } from "../src/prove-roads.ts";
import type { PartialGradient } from "../src/roads.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { Mean } from "./mean.ts";
import { printRow, problems, seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;

/** Every pattern of that many bits. */
function* patterns(bits: number): Generator<boolean[]> {
  for (let code = 0; code < 2 ** bits; code++) yield Array.from({ length: bits }, (_, i) => ((code >> i) & 1) === 1);
}

const signOf = (bit: boolean) => (bit ? 1 : -1);

/** T·H <= 6, so that there are at most 64 patterns of signs, which all sequences of the batch share. */
function* smallProblems() {
  const source = random(seed);
  for (let i = 0; i < problems; i++) {
    const drawn = drawShape(source);
    const H = 1 + ((drawn.H - 1) % 3);
    const shape = { ...drawn, H, T: 1 + ((drawn.T - 1) % [6, 3, 2][H - 1]) };
    const from = source.uint32();
    const F = primeField(from);
    const { problem } = uniformProblem(F, shape, random(from));
    const expected = autodiffGradient(F, problem).gradient;
    yield {
      F,
      shape,
      problem,
      trajectory: forward(F, problem),
      expected,
      place: `${describeShape(shape)}, seed ${from}`,
    };
  }
}

/** The quantities of the mean that are not those expected. */
function meanDifferences(F: PrimeField, mean: Mean<Float64Array>, expected: PartialGradient<Float64Array>): string[] {
  return differencesOf(F, mean.gradient, expected);
}

describe("the mean over everything that chance can do is the gradient, exactly", () => {
  test("UORO over all signs, for arbitrary scales; not where two signs are always the same", () => {
    const control = { refused: 0, inert: 0 };
    let elements = 0;
    for (const { F, shape, problem, trajectory, expected, place } of smallProblems()) {
      const { T, B, H } = shape;
      const scales = { carried: F.uniform([T, B]), fresh: F.uniform([T, B]) };
      const [all, bound] = [new Mean(F), new Mean(F)];
      for (const pattern of patterns(T * H)) {
        const signs = F.empty([T, B, H]);
        const values = F.lift(pattern.map(signOf), [T, 1, H]);
        F.copy(signs, values);
        const estimate = uoro(F, problem, trajectory, { signs, scales });
        all.add(estimate, F.ratio(1, 2 ** (T * H)));
        if (pattern[0] === pattern[T * H - 1]) bound.add(estimate, F.ratio(1, 2 ** (T * H - 1)));
      }
      elements += elementsOf(all.gradient);
      expect(meanDifferences(F, all, expected), place).toEqual([]);
      if (T * H === 1) control.inert++;
      else if (meanDifferences(F, bound, expected).length > 0) control.refused++;
    }
    printRow("UORO, mean over all signs", problems, elements, control.refused, control.inert);
    expect(control.refused + control.inert).toBe(problems);
    expect(control.refused).toBeGreaterThan(problems / 2);
  });

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
        mean.add(uoro(F, problem, forward(F, problem), { signs, scales }), F.ratio(1, 64));
      }
      expect(meanDifferences(F, mean, autodiffGradient(F, problem).gradient)).toEqual([]);
    }
  });

  test("ARTBP over all truncations, for arbitrary probabilities; not without the factor 1 / (1 - c)", () => {
    const control = { refused: 0, inert: 0 };
    let elements = 0;
    for (const { F, shape, problem, trajectory, expected, place } of smallProblems()) {
      const T = shape.T;
      const kept = F.uniform([T - 1]);
      const ones = F.lift(new Float64Array(T - 1).fill(1), [T - 1]);
      const [reweighted, plain] = [new Mean(F), new Mean(F)];
      for (const truncated of patterns(T - 1)) {
        const probability = probabilityOf(F, truncated, kept);
        reweighted.add(artbp(F, problem, trajectory, { truncated, kept }), probability);
        plain.add(artbp(F, problem, trajectory, { truncated, kept: ones }), probability);
      }
      elements += elementsOf(reweighted.gradient);
      expect(meanDifferences(F, reweighted, expected), place).toEqual([]);
      if (T === 1) control.inert++;
      else if (meanDifferences(F, plain, expected).length > 0) control.refused++;
    }
    printRow("ARTBP, mean over all truncations", problems, elements, control.refused, control.inert);
    expect(control.refused + control.inert).toBe(problems);
    expect(control.refused).toBeGreaterThan(problems / 2);
  });
});

/** Π_t (1 − c_t) where step t is kept, c_t where it is left out. */
function probabilityOf(F: PrimeField, truncated: readonly boolean[], kept: Residues): Residues {
  const probability = F.lift([1], []);
  const left = F.empty([]);
  truncated.forEach((cut, t) => {
    F.copy(left, at(kept, t));
    if (cut) F.unary("oneMinus", left, left);
    F.binary("multiply", probability, probability, left);
  });
  return probability;
}

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
