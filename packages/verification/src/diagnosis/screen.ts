import { dimensions, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { type Bench, sigmaOf } from "../bench.ts";
import type { GivenGradient } from "../judgement.ts";
import type { GradientName } from "../spread.ts";
import { cut, effortOf } from "../sub-problem.ts";
import type { StepErrors } from "./location.ts";

/** A wrong gradient, and σ of the right one. */
export interface Wrong {
  readonly of: GradientName;
  readonly data: Float64Array;
  readonly sigma: Float64Array;
}

/** Where mistakes are looked for first: a problem, and what they have to come near there. */
export interface Screen {
  readonly problem: RnnProblem<NumericArray>;
  /** Wrong gradients; a mistake has to come near one of them. */
  readonly wrong: readonly Wrong[];
  /** Factors by which what a derivation gives on the screen may differ from what it gives on the whole problem. */
  readonly factors: readonly number[];
  /** The factor of the right derivation. */
  readonly rightFactor: number;
}

/**
 * The problem itself, or if running the catalogue on it would take long, its first sequences: the gradient of x of a sequence
 * is a function of that sequence alone, but for the number of sequences that a mean divides by.
 */
export function screenOf(
  bench: Bench,
  wrong: readonly GivenGradient[],
  errors: StepErrors | undefined,
  { evaluations, budget }: { readonly evaluations: number; readonly budget: number },
): Screen {
  const { problem } = bench;
  const x = wrong.find(({ of }) => of === "x");
  if (effortOf(problem) * evaluations <= budget || !x || !errors) {
    const all = wrong.map(({ of, data }) => ({ of, data, sigma: sigmaOf(bench, of) }));
    return { problem, wrong: all, factors: [1], rightFactor: 1 };
  }
  const sizes = dimensions(problem);
  const { T, B, I } = sizes;
  const sequences = errors.sequences[0] + 1;
  const first = (values: Float64Array) =>
    Float64Array.from({ length: T * sequences * I }, (_, i) => {
      const [t, rest] = [Math.floor(i / (sequences * I)), i % (sequences * I)];
      return values[t * B * I + rest];
    });
  const rightFactor = problem.reduction === "mean" ? sequences / B : 1;
  return {
    problem: cut(problem, { ...sizes, B: sequences }),
    wrong: [{ of: "x", data: first(x.data), sigma: first(sigmaOf(bench, "x")) }],
    factors: rightFactor === 1 ? [1] : [1, rightFactor],
    rightFactor,
  };
}
