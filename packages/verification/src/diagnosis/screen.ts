import { dimensions, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import type { Bench } from "../bench.ts";
import type { GivenGradient } from "../judgement.ts";
import type { GradientName } from "../spread.ts";
import { cut, effortOf } from "../sub-problem.ts";
import type { StepErrors } from "./location.ts";

/** Where mistakes are looked for first: a problem, and what they have to come near there. */
export interface Screen {
  readonly problem: RnnProblem<NumericArray>;
  /** Wrong gradients; a mistake has to come near one of them. */
  readonly wrong: readonly { readonly of: GradientName; readonly data: Float64Array }[];
  /** Factors by which what a derivation gives on the screen may differ from what it gives on the whole problem. */
  readonly factors: readonly number[];
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
  if (effortOf(problem) * evaluations <= budget || !x || !errors) return { problem, wrong, factors: [1] };
  const sizes = dimensions(problem);
  const { T, B, I } = sizes;
  const sequences = errors.sequences[0] + 1;
  const data = Float64Array.from({ length: T * sequences * I }, (_, i) => {
    const [t, rest] = [Math.floor(i / (sequences * I)), i % (sequences * I)];
    return x.data[t * B * I + rest];
  });
  return {
    problem: cut(problem, { ...sizes, B: sequences }),
    wrong: [{ of: "x", data }],
    factors: problem.reduction === "mean" ? [1, sequences / B] : [1],
  };
}
