import type { LineFunction } from "./line-function.ts";
import { argumentNoise, roundingOf } from "./noise.ts";
import { stepRatio } from "./steps.ts";

export interface Estimate {
  readonly value: number;
  /** What truncation and noise may have done to the value; an estimate, not a bound. */
  readonly error: number;
}

export type Side = "left" | "right";

/** What three neighbouring steps say about the derivative; what is not finite is absent. */
export interface Window {
  /** The smallest and the largest step. */
  readonly from: number;
  readonly to: number;
  /** Noise of f that the errors are made of. */
  readonly noise: number;
  /** Central differences extrapolated to step 0. */
  readonly central?: Estimate;
  /** One-sided differences extrapolated to step 0. */
  readonly left?: Estimate;
  readonly right?: Estimate;
  /** Largest one-sided difference quotient in magnitude, of those above the noise. */
  readonly slope: number;
  /** f is the same at all of its points. */
  readonly flat: boolean;
}

/**
 * Central differences converge as the square of the step, which shrinks 16-fold from one to the next, one-sided ones as
 * the step; half as much again still counts as convergence.
 */
const [centralConvergence, sidedConvergence] = [1.5 / stepRatio ** 2, 1.5 / stepRatio];

/** Noise of one value over the smallest step, as it comes out of the central and of the one-sided extrapolation. */
const [centralGain, sidedGain] = [0.8, 2];

/** The windows of f, each computed when first asked for; the one at i begins at step i. */
export function windowsOf(f: LineFunction, noise: number): (i: number) => Window | undefined {
  const known: (Window | undefined)[] = [];
  return (i) => {
    if (!(i in known)) known[i] = windowAt(f, i, noise);
    return known[i];
  };
}

/** Three steps of ratio 4; nothing where the ladder ends or has a gap. */
function windowAt(f: LineFunction, i: number, noise: number): Window | undefined {
  const steps = f.steps.slice(i, i + 3);
  if (steps.length < 3 || steps[2].size > 20 * steps[0].size) return undefined;
  const centre = f.at(0);
  const plus = steps.map(({ nominal }) => f.at(nominal));
  const minus = steps.map(({ nominal }) => f.at(-nominal));
  const finite = [centre, ...plus, ...minus].filter(Number.isFinite);
  const largest = Math.max(...finite.map(Math.abs));
  const ownNoise = Math.max(noise, roundingOf(f, largest), argumentNoise(f, steps[0]));

  const changes = steps.flatMap(({ size }, k) =>
    [plus[k], minus[k]].map((value) => ({ size, change: value - centre })),
  );
  const above = changes.filter(({ change }) => Math.abs(change) > 4 * ownNoise && Number.isFinite(change));
  const ratios = steps.map(({ size }) => size / steps[0].size);
  const squares = ratios.map((ratio) => ratio ** 2);
  const quotients = (from: (k: number) => number) => steps.map(({ size }, k) => from(k) / size);
  const central = quotients((k) => plus[k] / 2 - minus[k] / 2);
  const perStep = ownNoise / steps[0].size;
  return {
    from: steps[0].size,
    to: steps[2].size,
    noise: ownNoise,
    slope: Math.max(0, ...above.map(({ size, change }) => Math.abs(change) / size)),
    flat: changes.every(({ change }) => change === 0),
    ...finiteAs("central", extrapolate(central, squares, centralConvergence, centralGain * perStep)),
    ...finiteAs(
      "left",
      extrapolate(
        quotients((k) => centre - minus[k]),
        ratios,
        sidedConvergence,
        sidedGain * perStep,
      ),
    ),
    ...finiteAs(
      "right",
      extrapolate(
        quotients((k) => plus[k] - centre),
        ratios,
        sidedConvergence,
        sidedGain * perStep,
      ),
    ),
  };
}

function finiteAs(name: "central" | Side, estimate: Estimate): { readonly [key in typeof name]?: Estimate } {
  return Number.isFinite(estimate.value) && Number.isFinite(estimate.error) ? { [name]: estimate } : {};
}

/**
 * Neville's extrapolation to step 0 of three quotients, finest first, whose errors are a series in `powers` (Richardson
 * 1911; Ridders 1982). The error is that of the noise and the last correction, and where the quotients do not converge as
 * such a series should, all of their last change.
 */
function extrapolate(
  [fine, middle, coarse]: readonly number[],
  powers: readonly number[],
  convergence: number,
  noise: number,
): Estimate {
  const first = towardsZero(fine, middle, powers[0], powers[1]);
  const second = towardsZero(middle, coarse, powers[1], powers[2]);
  const value = towardsZero(first, second, powers[0], powers[2]);
  const converges = Math.abs(fine - middle) <= convergence * Math.abs(middle - coarse) + 4 * noise;
  const truncation = Math.abs(value - first) + (converges ? 0 : Math.abs(fine - middle));
  return { value, error: noise + truncation };
}

function towardsZero(fine: number, coarse: number, finePower: number, coarsePower: number): number {
  return fine + (fine - coarse) * (finePower / (coarsePower - finePower));
}
