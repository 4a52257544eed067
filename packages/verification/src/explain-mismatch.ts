import { float64 } from "@gradproof/arithmetic";
import { bptt, type Equations, liftProblem } from "@gradproof/rnn";
import { type Bench, fits } from "./bench.ts";
import { evaluate } from "./branches.ts";
import type { GivenGradient } from "./judgement.ts";
import { mistakes } from "./mistakes.ts";
import { coarserPrecisions } from "./precision.ts";
import { referenceOf, spreadOf, tensorOf } from "./spread.ts";

export interface Explanation {
  /** Known mistakes that give this gradient to within rounding. */
  readonly mistakes: readonly string[];
  readonly note?: string;
}

/** For each wrong gradient, the known mistakes that reproduce it, and the coarser type whose rounding would excuse it. */
export function explainMismatch(
  bench: Bench,
  wrong: readonly GivenGradient[],
  all: readonly GivenGradient[],
): Map<GivenGradient, Explanation> {
  const explanations = new Map<GivenGradient, Explanation>();
  if (wrong.length === 0) return explanations;
  const found = mistakes.map((mistake) => {
    const equations = { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() };
    return { name: mistake.name, gives: gradientsGivenBy(bench, equations, wrong, all) };
  });
  const whole = found.filter(({ gives }) => all.every((gradient) => gives.has(gradient)));
  for (const gradient of wrong) {
    const names = (whole.length > 0 ? whole : found).filter(({ gives }) => gives.has(gradient)).map(({ name }) => name);
    const note = names.length > 0 ? undefined : coarserRounding(bench, gradient);
    explanations.set(gradient, { mistakes: names, ...(note && { note }) });
  }
  return explanations;
}

/** Which of the gradients a derivation gives; none unless it comes close to a wrong one in float64. */
function gradientsGivenBy(
  bench: Bench,
  equations: Equations<Float64Array>,
  wrong: readonly GivenGradient[],
  all: readonly GivenGradient[],
): Set<GivenGradient> {
  const rough = evaluate(float64, liftProblem(float64, bench.problem), undefined, equations).gradient;
  const close = wrong.some(({ of, data }) => isNear(data, float64.lower(tensorOf(rough, of))));
  if (!close) return new Set();
  const reference = referenceOf(bench.problem, undefined, equations);
  const spread = spreadOf(bench.problem, reference, { ...bench, branches: undefined, equations });
  return new Set(all.filter((gradient) => fits({ ...bench, reference, spread }, gradient)));
}

/** To a twentieth of the largest element. */
function isNear(a: Float64Array, b: Float64Array): boolean {
  const largest = b.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return a.every((value, i) => Math.abs(value - b[i]) <= largest / 20);
}

function coarserRounding(bench: Bench, gradient: GivenGradient): string | undefined {
  const coarser = coarserPrecisions.filter(
    ({ rounding }) => rounding.unitRoundoff > bench.precision.rounding.unitRoundoff,
  );
  for (const precision of coarser) {
    const spread = spreadOf(bench.problem, bench.reference, { ...bench, precision });
    if (fits({ ...bench, precision, spread }, gradient)) {
      return `wrong for ${bench.precision.name}; rounding in ${precision.name} could explain it, had it been computed in that`;
    }
  }
  return undefined;
}
