import { best, weightsAlone } from "../experiments.ts";
import type { Subject } from "../explain.ts";
import { type Cause, type Finding, thresholds } from "../finding.ts";

/** Questions 4 and 5: does the gradient vanish or explode, by how much per step, and is it the weights or the saturation? */
export function flowFindings(subject: Subject): Finding[] {
  const { flow, lag } = subject;
  const { exponents, standardError, burnIn } = flow.spectrum;
  const rate = exponents[0];
  if (standardError === undefined && Number.isFinite(rate)) return [tooShort(subject)];
  const overLag = median(flow.products.map(({ norm, upperBound }) => atLag(norm, upperBound.length - 1, lag, rate)));
  const deviation = standardError ?? 0;
  const growing = growingSequences(subject);
  const most = Math.max(...growing, 0);
  const vanished = overLag < thresholds.vanished;
  const cause = growing.length > 0 ? ("gain-too-large" as const) : vanished ? vanishingCause(subject) : undefined;
  const bound = flow.products[0].upperBound[Math.min(lag, flow.products[0].upperBound.length - 1)];
  const finding: Finding = {
    question: 4,
    measure: growing.length > 0 ? "largest ln ‖∂h_t/∂h_k‖" : `ln ‖∂h_t/∂h_{t−${lag}}‖`,
    value: growing.length > 0 ? most : overLag,
    threshold: growing.length > 0 ? thresholds.exploded : thresholds.vanished,
    evidence:
      `λ₁ = ${signed(rate)} ± ${deviation.toFixed(3)} a step after ${burnIn} steps: errors ${factor(rate)} a step; over ${lag} steps ` +
      `the largest is multiplied by ${power(overLag)} (Pascanu's bound: ${power(bound)})${growing.length > 0 ? `; along ${growing.length} of ${flow.sequences} sequences it explodes, up to ${power(most)}` : ""}`,
    severity: cause ? "warning" : "note",
    ...(cause && { cause }),
    tryNext: cause ? advice(subject, cause) : [],
  };
  return [finding, ...split(subject, vanished)];
}

/** The largest ln ‖Φ‖ along each sequence that explodes: its growth is above 0 for certain, and has gone far. */
function growingSequences({ flow: { products, spectrum } }: Subject): number[] {
  return products.flatMap(({ norm }, s) => {
    const { mean, standardError = Number.POSITIVE_INFINITY } = spectrum.bySequence[s];
    const most = norm.reduce((peak, value) => Math.max(peak, value), 0);
    // Lags older than the one needed make up the gradient too.
    return mean - thresholds.standardErrors * standardError > 0 && most > thresholds.exploded ? [most] : [];
  });
}

/** Question 5, for a gradient that vanishes: the same product with every slope 1. */
function split({ flow, problem, lag }: Subject, vanished: boolean): Finding[] {
  const { H, T } = flow.dimensions;
  const { weights = Number.NaN, slopes = Number.NaN } = flow.spectrum.balance;
  const alone = weightsAlone(problem.parameters.Whh, lag);
  const perUnit = `a step and unit, weights give ${signed(weights / (T * H))} and slopes ${signed(slopes / (T * H))} of ln |det|`;
  return [
    {
      question: 5,
      measure: `ln ‖W_hh^${lag}‖: the product with every slope 1`,
      value: alone,
      threshold: thresholds.vanished,
      evidence: `without any saturation it would be ${power(alone)}${vanished ? (alone < thresholds.vanished ? ", which vanishes too: the weights are too small" : ", which does not vanish: it is the slopes") : ""}; ${perUnit}`,
      severity: "note",
      tryNext: [],
    },
  ];
}

function vanishingCause({ flow, problem, lag }: Subject): Cause {
  if (weightsAlone(problem.parameters.Whh, lag) < thresholds.vanished) return "gain-too-small";
  const dead = flow.saturation.dead.length / flow.dimensions.H;
  return dead >= thresholds.deadUnits ? "dead-units" : "saturation";
}

function advice({ experiments, lag }: Subject, cause: Cause): string[] {
  const inputs = (change: string) => change.startsWith("W_xh");
  const weights = experiments.filter(({ change }) => !inputs(change) && change !== "as it is");
  const [now] = experiments;
  const candidates = [
    best(weights),
    ...(cause === "saturation" ? [best(experiments.filter((it) => inputs(it.change)))] : []),
  ];
  return candidates
    .filter(({ overLag }) => Math.abs(overLag) < Math.abs(now.overLag))
    .sort((a, b) => Math.abs(a.overLag) - Math.abs(b.overLag))
    .map(
      ({ change, exponent, overLag }) =>
        `${change}: λ₁ ${signed(now.exponent)} becomes ${signed(exponent)}, ${power(now.overLag)} over ${lag} steps becomes ${power(overLag)}`,
    );
}

function tooShort({ flow }: Subject): Finding {
  const { T } = flow.dimensions;
  return {
    question: 4,
    measure: "steps",
    value: T,
    threshold: 40,
    evidence: `${T} steps are too few to tell growth from decay: a standard error needs 8 blocks of 4 steps after a burn-in of a fifth`,
    severity: "inconclusive",
    tryNext: ["a problem of 40 steps or more with the same weights"],
  };
}

/** ln ‖Φ‖ at the lag, continued at its own rate where it was not followed that far. */
function atLag(norm: Float64Array, last: number, lag: number, rate: number): number {
  if (lag < norm.length) return norm[lag];
  if (norm[last] === Number.NEGATIVE_INFINITY) return norm[last];
  return norm[last] + (lag - last) * rate;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** "e^−13.2" */
function power(log: number): string {
  return `e^${Math.abs(log) < 0.05 ? "0" : signed(log, 1).replace("+", "")}`;
}

function signed(value: number, digits = 3): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}

function factor(rate: number): string {
  const times = Math.exp(rate);
  return rate < 0 ? `shrink to ${(100 * times).toFixed(1)} %` : `grow ${times.toFixed(2)}-fold`;
}
