import type { LineFunction } from "./line-function.ts";
import type { Side, Window } from "./windows.ts";

/** What f does where it leaves its course near the point: it jumps, its slope changes at once, or over some way. */
export interface Break {
  readonly kind: "jump" | "kink" | "bend";
  /** Of the point; "here" where the point cannot be told from it. */
  readonly side: Side | "here";
  /** From the point, as a step; how far at most where it is here. */
  readonly distance: number;
  /** Of a jump in f, or of the slope's change at a kink. */
  readonly size: number;
}

/** Halvings of the way to a break. */
const halvings = 40;

/**
 * @param window - the first window at which f leaves what the finer ones say.
 * @param believed - the finer one that is believed.
 * @param slope - what it says.
 */
export function findBreak(f: LineFunction, window: Window, believed: Window, slope: number): Break | undefined {
  const jump = findJump(f, window, slope);
  if (jump) return jump;

  const centre = f.at(0);
  const bend = secondDifference(f, believed.to);
  const curvature = Math.abs(bend) > 8 * believed.noise ? bend / believed.to ** 2 : 0;
  const deviation = (s: number) => Math.abs(f.at(s) - centre - s * (slope + (s * curvature) / 2));
  const [right, left] = [deviation(window.to), deviation(-window.to)];
  const side = right >= left || Number.isNaN(left) ? "right" : "left";
  const sign = side === "right" ? 1 : -1;
  const threshold = 32 * window.noise;
  if (!(deviation(sign * window.to) > threshold)) return undefined;
  let [low, high] = [0, window.to];
  for (let i = 0; i < halvings && high - low > f.spacing; i++) {
    const middle = low + (high - low) / 2;
    if (deviation(sign * middle) > threshold) high = middle;
    else low = middle;
  }
  // Beyond a kink f departs in proportion to the distance, beyond a bend faster.
  const reach = Math.max(window.to - high, window.to / 4);
  const [near, far] = [deviation(sign * (high + reach / 8)), deviation(sign * (high + reach / 2))];
  if (!(far < 8 * near)) return { kind: "bend", side, distance: high, size: 0 };
  return { kind: "kink", side, distance: high, size: (far - near) / (reach * (1 / 2 - 1 / 8)) };
}

/**
 * The kink between two one-sided derivatives: δ away from the point, f(h) - 2f(0) + f(-h) = (right - left)(h - δ).
 */
export function kinkBetween(f: LineFunction, left: number, right: number, noise: number): Break {
  const change = right - left;
  const step = f.steps.find(({ nominal }) => Math.abs(secondDifference(f, nominal)) > 64 * noise) ?? f.steps[0];
  const distance = step.size - secondDifference(f, step.nominal) / change;
  const within = (8 * noise) / Math.abs(change);
  if (!(distance > within)) return { kind: "kink", side: "here", distance: within, size: Math.abs(change) };
  const [ahead, behind] = [f.at(step.nominal) - f.at(0), f.at(0) - f.at(-step.nominal)];
  const isRight = Math.abs(ahead - right * step.size) > Math.abs(behind - left * step.size);
  return { kind: "kink", side: isRight ? "right" : "left", distance, size: Math.abs(change) };
}

/** A jump above the noise between the point and the ends of a window, over which f has about that slope. */
export function findJump(f: LineFunction, window: Window, slope: number): Break | undefined {
  for (const side of ["right", "left"] as const) {
    for (const steepness of [0, slope]) {
      const jump = followChange(f, side === "right" ? window.to : -window.to, steepness);
      if (jump.size > 4 * window.noise) return { kind: "jump", side, ...jump };
    }
  }
  return undefined;
}

/** Halves the way from the point to s, each time towards the half over which f changes more than the slope says. */
function followChange(f: LineFunction, s: number, slope: number): { distance: number; size: number } {
  let [low, high] = [0, s];
  let [below, above] = [f.at(0), f.at(s)];
  const excess = (from: number, to: number, length: number) => Math.abs(to - from - slope * length);
  for (let i = 0; i < halvings && Math.abs(high - low) > f.spacing; i++) {
    const middle = low + (high - low) / 2;
    const value = f.at(middle);
    if (excess(value, above, high - middle) > excess(below, value, middle - low)) [low, below] = [middle, value];
    else [high, above] = [middle, value];
  }
  return { distance: Math.abs(high), size: Math.abs(above - below) - Math.abs(slope * (high - low)) };
}

/** f(s) - 2 f(0) + f(-s) */
function secondDifference(f: LineFunction, s: number): number {
  return f.at(s) - f.at(0) + (f.at(-s) - f.at(0));
}
