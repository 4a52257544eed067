import { float64, random, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  bptt,
  type Equations,
  forward,
  liftProblem,
  type NumericArray,
  type RnnProblem,
} from "@gradproof/rnn";
import { errorsOf, sigmaOf } from "../bench.ts";
import { benchesOf } from "../benches.ts";
import { compareInSigma, elementLimit, noiseMargin } from "../judge-tensor.ts";
import type { GivenGradient } from "../judgement.ts";
import { mistakes } from "../mistakes/mistakes.ts";
import { factsOf, shapeOf } from "../problem-shape.ts";
import type { GradientName } from "../spread.ts";
import { scoredLosses, scoreProblem } from "./score-problem.ts";

/** The gradient that one mistake gives. */
export interface MistakenGradient {
  readonly name: string;
  readonly gradients: readonly GivenGradient[];
  /** Whether it differs from the right one by more than rounding may explain, in some element of some tensor. */
  readonly shows: boolean;
}

/** A problem with its right gradient and the wrong ones of the mistakes that are no mistakes of rounding on it. */
export interface ScoreProblem {
  readonly problem: RnnProblem<NumericArray>;
  readonly right: readonly GivenGradient[];
  readonly wrong: readonly MistakenGradient[];
}

/** What checkers are scored on at one size of the weights. */
export interface ScoreTrials {
  readonly scale: number;
  readonly problems: readonly ScoreProblem[];
  /** Mistakes that change nothing on any of the problems, whatever the numbers. */
  readonly inert: readonly string[];
}

/** Sizes of the weights: of the smallest initialisation that tutorials use to saturation. */
export const weightScales: readonly number[] = [1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1];

/** Every mistake on one problem on which it is not inert, at each size of the weights; float64. */
export function scoreTrials(seed: number, scales: readonly number[] = weightScales): ScoreTrials[] {
  return scales.map((scale, i) => {
    const source = random(seed + i);
    const problems = scoredLosses.map((loss) => scoreProblem(source, scale, loss));
    const facts = problems.map((problem) => [shapeOf(problem), factsOf(problem)] as const);
    const placeOf = mistakes.map(({ inert }) => facts.findIndex(([shape, fact]) => !inert(shape, fact)));
    return {
      scale,
      problems: problems.map((problem, at) => {
        const names = mistakes.filter((_, k) => placeOf[k] === at).map(({ name }) => name);
        return trialsOf(problem, names);
      }),
      inert: mistakes.filter((_, k) => placeOf[k] < 0).map(({ name }) => name),
    };
  });
}

function trialsOf(problem: RnnProblem<NumericArray>, names: readonly string[]): ScoreProblem {
  const bench = benchesOf(problem).at("F64");
  const limit = elementLimit + 2 * noiseMargin;
  const wrong = mistakes
    .filter(({ name }) => names.includes(name))
    .map(({ name, equations }): MistakenGradient => {
      const gradients = gradientsOf(problem, { ...bptt<Float64Array>(), ...equations<Float64Array>() });
      const shows = gradients.some((gradient) => {
        if (!gradient.data.every(Number.isFinite)) return true;
        return compareInSigma(errorsOf(bench, gradient), sigmaOf(bench, gradient.of)).errorInSigma > limit;
      });
      return { name, gradients, shows };
    });
  return { problem, right: gradientsOf(problem, bptt()), wrong };
}

function gradientsOf(problem: RnnProblem<NumericArray>, equations: Equations<Float64Array>): GivenGradient[] {
  const lifted = liftProblem(float64, problem);
  const gradient = backward(float64, lifted, forward(float64, lifted), equations);
  return Object.entries(gradient).map(([name, tensor]: [string, Tensor<Float64Array>]) => ({
    name,
    of: name as GradientName,
    dtype: "F64",
    shape: tensor.shape,
    data: float64.lower(tensor),
  }));
}
