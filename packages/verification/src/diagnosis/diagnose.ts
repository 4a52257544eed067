import { type Bench, fits } from "../bench.ts";
import type { GivenGradient } from "../judgement.ts";
import { coarserPrecisions } from "../precision.ts";
import { spreadOf } from "../spread.ts";
import { type Candidate, nearMistakes } from "./candidates.ts";
import type { Diagnosis, Explanation, NamedMistake } from "./diagnosis.ts";
import { locate, stepErrors } from "./location.ts";
import { relationsOf } from "./relations.ts";
import { reproducedBy } from "./reproduce.ts";

/** Why gradients of one precision are wrong: of all together, and of each. */
export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly explanations: ReadonlyMap<GivenGradient, Explanation>;
}

/** Candidates that are looked at more closely, each at the cost of some perturbed runs. */
const mostCandidates = 16;
const mostOfLargeProblems = 4;

/**
 * Why these gradients are wrong. A mistake reproduces a gradient if every element is within the limits of the rule around
 * what the mistaken derivation gives in double-double, σ measured on that derivation. It explains what was given if it
 * reproduces every gradient, the right ones too: a mistake that would have spoiled a gradient that is right was not made.
 *
 * @param all - the gradients that are finite, wrong and right.
 */
export function diagnose(bench: Bench, wrong: readonly GivenGradient[], all: readonly GivenGradient[]): Diagnosed {
  const steps = stepErrors(bench, all);
  const { candidates, untried } = nearMistakes(bench, wrong, steps);
  const found = candidates
    .slice(0, bench.noise === "kernels" ? mostOfLargeProblems : mostCandidates)
    .map((candidate) => ({ ...candidate, gives: reproducedBy(bench, candidate.mistake, all) }))
    .filter(({ gives }) => wrong.some((gradient) => gives.has(gradient)));
  const whole = found.filter(({ gives }) => gives.size === all.length);
  const named = (whole.length > 0 ? whole : found).sort(bySpecificity(wrong));
  const explanations = wrong.map((gradient): [GivenGradient, Explanation] => {
    const mistakes = named.filter(({ gives }) => gives.has(gradient)).map(({ mistake }) => mistake.name);
    const relations = relationsOf(bench, gradient);
    const note = mistakes.length + relations.length > 0 ? undefined : coarserRounding(bench, gradient);
    return [gradient, { mistakes, relations, ...(note && { note }) }];
  });
  return {
    diagnosis: {
      mistakes: named.map((one) => asNamed(one, wrong)),
      together: whole.length > 0,
      ...(untried > 0 && { untried }),
      location: locate(bench, wrong, all, steps),
    },
    explanations: new Map(explanations),
  };
}

interface Found extends Candidate {
  readonly gives: ReadonlySet<GivenGradient>;
}

/** First what explains more of the wrong gradients; of these, what changes less of the whole gradient. */
function bySpecificity(wrong: readonly GivenGradient[]) {
  const explained = ({ gives }: Found) => wrong.filter((gradient) => gives.has(gradient)).length;
  return (a: Found, b: Found) => explained(b) - explained(a) || a.changes - b.changes || a.distance - b.distance;
}

function asNamed({ mistake, gives }: Found, wrong: readonly GivenGradient[]): NamedMistake {
  const { name, mistaken, right } = mistake;
  const explains = wrong.filter((gradient) => gives.has(gradient)).map((gradient) => gradient.name);
  return { name, mistaken, right, explains };
}

/** The type whose rounding would excuse a gradient that is wrong for its own. */
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
