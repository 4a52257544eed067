import { type Break, kinkBetween } from "./breaks.ts";
import type { LineFunction } from "./line-function.ts";
import { noiseAt, roundingOf } from "./noise.ts";
import { type Scan, scan } from "./scan.ts";
import { agree, agreement, settle, withScatter } from "./settle.ts";
import { stepRatio } from "./steps.ts";
import type { Estimate, Side, Window } from "./windows.ts";

/**
 * What f is like about the point, as far as its values tell:
 * - smooth: differences over a range of steps agree; there is a derivative;
 * - flat: f has the same value everywhere near, so that a derivative of 0 is no more than 0 = 0;
 * - kink: the one-sided derivatives differ;
 * - jump: f is not continuous at the point;
 * - edge: f is not finite on one side;
 * - undefined: f is not finite at the point, or on no side of it;
 * - coarse: too few steps fit between the spacing of the argument and its scale;
 * - noise: what f changes by is not above its noise;
 * - rough: differences depend on the step by more than noise explains.
 */
export type LineShape = "smooth" | "flat" | "kink" | "jump" | "edge" | "undefined" | "coarse" | "noise" | "rough";

/** The derivative along a line; not a number, with an infinite error, where the values say nothing. */
export interface LineDerivative extends Estimate {
  readonly shape: LineShape;
  /** One-sided derivatives where there is no other. */
  readonly left?: Estimate;
  readonly right?: Estimate;
  /** Range of steps over which those of a kink stay what they are. */
  readonly kinkSteps?: readonly [from: number, to: number];
  /** Range of steps over which differences agree. */
  readonly steps?: readonly [from: number, to: number];
  /** The smallest step of the estimate that is believed. */
  readonly step?: number;
  /** The estimates at neighbouring steps that do not contradict one another. */
  readonly agreeing: readonly Estimate[];
  /** Standard deviation of the values of f about a smooth function. */
  readonly noise: number;
  /** Largest |difference quotient| at the steps of the believed estimate: what it is small or large against. */
  readonly slope: number;
  /** Largest |f| at the points tried. */
  readonly largest: number;
  /** Where f stops being what it is at the point, if that was seen. */
  readonly break?: Break;
  /** The derivative over steps that span that jump, if there is one. */
  readonly across?: Estimate;
}

/**
 * A jump of less than this share of |f| is taken for the rounding of an intermediate result, which may be larger than f: a
 * million times in double precision, some thousand times where f is known to round coarsely.
 */
function explainedJump(unitRoundoff: number): number {
  return Math.min(2 ** -4, Math.max(2 ** -20, 2 ** 12 * unitRoundoff));
}

/** How often jumps may raise the noise. */
const attempts = 4;

const unknown: Estimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY };

/** The derivative of f along a line at its point, from values of f alone. */
export function lineDerivative(f: LineFunction): LineDerivative {
  if (!Number.isFinite(f.at(0))) {
    return { ...unknown, shape: "undefined", noise: Number.NaN, slope: 0, largest: Number.NaN, agreeing: [] };
  }
  const explained = explainedJump(f.unitRoundoff) * Math.abs(f.at(0));
  let noise = noiseAt(f);
  let found = scan(f, noise, explained);
  for (let i = 0; i < attempts && found.leaves?.kind === "jump" && found.leaves.size <= explained; i++) {
    noise = Math.max(noise, found.leaves.size);
    found = scan(f, noise, explained);
  }
  const derivative = describe(f, found);
  if (found.leaves?.kind !== "jump") return derivative;
  const across = describe(f, scan(f, Math.max(noise, found.leaves.size), Number.POSITIVE_INFINITY));
  return across.shape === "smooth"
    ? { ...derivative, across: { value: across.value, error: across.error } }
    : derivative;
}

function describe(f: LineFunction, found: Scan): LineDerivative {
  const { noise, best, end, seen, windowAt, leaves } = found;
  const windows = Array.from({ length: seen }, (_, i) => windowAt(i));
  const common = { noise, largest: largestOf(f, seen), ...(leaves && { break: leaves }) };
  const window = best === undefined ? undefined : windows[best];
  if (best === undefined || !window?.central) {
    return { ...unknown, ...common, ...withoutPlateau(f, found, windows), slope: 0, agreeing: [] };
  }
  const { value } = window.central;
  const error = withScatter(best, (i) => windows[i]?.central);
  const { slope } = window;
  const agreesAt = (i: number): boolean => {
    const estimate = i < (end ?? seen) ? windows[i]?.central : undefined;
    if (!estimate) return false;
    const allowed = Math.max(estimate.error, i < best ? error * stepRatio ** (best - i) : 0);
    return Math.abs(estimate.value - value) <= agreement * (allowed + error);
  };
  // What an error of an eighth must be small against, for a window to count.
  const reference = Math.max(Math.abs(value), slope) / 4;
  const informs = (i: number) => agreesAt(i) && agreement * (windows[i]?.central?.error ?? Infinity) <= reference;
  const plateau = range(best, informs);
  const steps = [windows[plateau.from]?.from ?? window.from, windows[plateau.to]?.to ?? window.to] as const;
  const agreeing = range(best, agreesAt);
  const estimates = windows.slice(agreeing.from, agreeing.to + 1).flatMap((w) => w?.central ?? []);
  const result = { ...common, value, error, slope, step: window.from, agreeing: estimates };
  if (windows.slice(0, best + 1).every((w) => w === undefined || w.flat)) {
    // What f may have absorbed is measured by what it amounts to elsewhere.
    const absorbed = (12 * roundingOf(f, common.largest)) / window.from;
    return { ...result, shape: "flat", error: Math.max(error, absorbed), steps: [window.from, window.to] };
  }
  if (informs(best) && plateau.to - plateau.from >= 2) return { ...result, shape: "smooth", steps };
  const shaped = withoutPlateau(f, found, windows);
  return { ...result, ...shaped, ...(shaped.shape !== "noise" && unknown) };
}

/** The neighbours of an index for which something holds. */
function range(index: number, holds: (i: number) => boolean): { from: number; to: number } {
  let [from, to] = [index, index];
  while (holds(from - 1)) from--;
  while (holds(to + 1)) to++;
  return { from, to };
}

type Shaped = Pick<LineDerivative, "shape" | "left" | "right" | "break" | "kinkSteps">;

/** What f is like where differences do not settle on a derivative. */
function withoutPlateau(
  f: LineFunction,
  { windowAt, noise, best, end }: Scan,
  windows: readonly (Window | undefined)[],
): Shaped {
  const [left, right] = [sideOf("left", windowAt, f.steps.length), sideOf("right", windowAt, f.steps.length)];
  const sides = { ...(left && { left }), ...(right && { right }) };
  if (jumpsHere(f, 1) || jumpsHere(f, -1)) return { shape: "jump", ...sides };
  if (left && right && !agree(left, right)) {
    const change = Math.abs(right.value - left.value);
    const holds = ({ best, value }: SideEstimate, side: Side) =>
      range(best, (i) => {
        const estimate = windowAt(i)?.[side];
        return estimate !== undefined && agreement * (estimate.error + Math.abs(estimate.value - value)) <= change / 4;
      });
    const [onLeft, onRight] = [holds(left, "left"), holds(right, "right")];
    const [from, to] = [Math.max(onLeft.from, onRight.from), Math.min(onLeft.to, onRight.to)];
    const kinkSteps = from <= to && ([windowAt(from)?.from ?? 0, windowAt(to)?.to ?? 0] as const);
    const at = kinkBetween(f, left.value, right.value, noise);
    return { shape: "kink", ...sides, break: at, ...(kinkSteps && { kinkSteps }) };
  }
  if (best !== undefined && end === undefined) return { shape: "noise", ...sides };
  if (windows.some((w) => w?.central)) return { shape: "rough", ...sides };
  if (left || right) return { shape: "edge", ...sides };
  return { shape: f.steps.length < 3 ? "coarse" : "undefined" };
}

/** Whether f beside the point is, at all of the finest steps, away from f at the point by about the same amount. */
function jumpsHere(f: LineFunction, sign: number): boolean {
  const changes = f.steps.slice(0, 6).map(({ nominal }) => f.at(sign * nominal) - f.at(0));
  const first = Math.abs(changes[0]);
  return (
    f.spread === 0 &&
    changes.length === 6 &&
    first > 64 * roundingOf(f, f.at(0)) &&
    changes.every((change) => Math.abs(change - changes[0]) <= first / 8)
  );
}

interface SideEstimate extends Estimate {
  /** Index of the window that it is from. */
  readonly best: number;
}

/** A one-sided derivative, where differences settle on one. */
function sideOf(side: Side, windowAt: Scan["windowAt"], count: number): SideEstimate | undefined {
  const estimateAt = (i: number) => windowAt(i)?.[side];
  const scaleAt = (i: number) => Math.max(Math.abs(estimateAt(i)?.value ?? 0), windowAt(i)?.slope ?? 0);
  const { best } = settle(count, estimateAt, scaleAt);
  const estimate = best === undefined ? undefined : estimateAt(best);
  if (best === undefined || !estimate) return undefined;
  return { value: estimate.value, error: withScatter(best, estimateAt), best };
}

function largestOf(f: LineFunction, seen: number): number {
  let largest = Math.abs(f.at(0));
  for (const { nominal } of f.steps.slice(0, seen + 2)) {
    for (const value of [f.at(nominal), f.at(-nominal)]) {
      if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    }
  }
  return largest;
}
