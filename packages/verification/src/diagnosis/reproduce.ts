import { bptt } from "@gradproof/rnn";
import { type Bench, fits } from "../bench.ts";
import type { GivenGradient } from "../judgement.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import { referenceOf, spreadOf } from "../spread.ts";

/** Perturbed runs behind the σ of a mistaken gradient. */
const runs = 8;

/** Which of the gradients a mistake gives to within the rounding of its own derivation. */
export function reproducedBy(
  bench: Bench,
  mistake: Mistake,
  gradients: readonly GivenGradient[],
): ReadonlySet<GivenGradient> {
  const equations = { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() };
  const reference = referenceOf(bench.problem, undefined, equations);
  const seeds = bench.seeds.slice(0, runs);
  const spread = spreadOf(bench.problem, reference, { ...bench, seeds, branches: undefined, equations });
  return new Set(gradients.filter((gradient) => fits({ ...bench, reference, spread }, gradient)));
}
