import { float64 } from "@gradproof/arithmetic";
import {
  bptt,
  dimensions,
  forward,
  lagContributions,
  liftProblem,
  type NumericArray,
  type RnnProblem,
} from "@gradproof/rnn";
import { evaluate } from "./branches.ts";
import { elementLimit, noiseMargin } from "./judge-tensor.ts";
import type { Power } from "./judgement.ts";
import { mistakes } from "./mistakes.ts";
import { type GradientName, tensorOf } from "./spread.ts";

/** A difference of this many σ shows for certain, that of the float64 run which computes it included. */
const visible = elementLimit + 2 * noiseMargin;

/** Multiply-adds that the resolution by lag may cost. */
const lagBudget = 3e8;

/** The right gradient as plain numbers and its σ, for the tensors that were given. */
export interface Expected {
  readonly of: GradientName;
  readonly values: Float64Array;
  readonly sigma: Float64Array;
}

/** Which known mistakes, and which truncations, would have been found on this problem in the tensors given. */
export function powerOf(problem: RnnProblem<NumericArray>, expected: readonly Expected[]): Power {
  const lifted = liftProblem(float64, problem);
  const caught: string[] = [];
  const inert: string[] = [];
  for (const mistake of mistakes) {
    const equations = { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() };
    const { gradient } = evaluate(float64, lifted, undefined, equations);
    const shows = expected.some(({ of, values, sigma }) =>
      float64.lower(tensorOf(gradient, of)).some((value, i) => !(Math.abs(value - values[i]) <= visible * sigma[i])),
    );
    (shows ? caught : inert).push(mistake.name);
  }
  const largestLag = dimensions(problem).T - 1;
  const recurrent = expected.find(({ of }) => of === "Whh");
  const visibleLag = recurrent && visibleLagOf(problem, recurrent);
  return { caught, inert, largestLag, ...(visibleLag !== undefined && { visibleLag }) };
}

/** The largest lag d such that leaving out all terms of ∂J/∂W_hh at least d steps back moves an element visibly. */
function visibleLagOf(problem: RnnProblem<NumericArray>, { values, sigma }: Expected): number | undefined {
  const { T, B, H } = dimensions(problem);
  if ((T * T * B * H * H) / 2 > lagBudget) return undefined;
  const lifted = liftProblem(float64, problem);
  const older = values.slice();
  let visibleLag = 0;
  let lag = 0;
  for (const contribution of lagContributions(float64, lifted, forward(float64, lifted))) {
    if (older.some((value, i) => Math.abs(value) > visible * sigma[i])) visibleLag = lag;
    const terms = float64.lower(contribution);
    for (let i = 0; i < older.length; i++) older[i] -= terms[i];
    lag++;
  }
  return visibleLag;
}
