import { type Break, findBreak, findJump } from "./breaks.ts";
import { roughness, unevenPoints } from "./difference-table.ts";
import type { LineFunction } from "./line-function.ts";
import { agree, type Settled, settle } from "./settle.ts";
import { type Window, windowsOf } from "./windows.ts";

/** What the windows of a line settle on, given the noise of f. */
export interface Scan extends Settled {
  readonly noise: number;
  windowAt(i: number): Window | undefined;
  /** How f leaves its course, if that was seen. */
  readonly leaves?: Break;
}

/** Roughness between the points of a window that noise alone does not explain, in standard deviations. */
const unexplained = 4;

/**
 * A scan over as many steps as leave no structure of f unseen between the points of the window that is believed.
 *
 * @param explained - a jump of at most that size is the end of the scan: the caller takes it for noise.
 */
export function scan(f: LineFunction, noise: number, explained: number): Scan {
  let leaves: Break | undefined;
  for (let count = f.steps.length; ; ) {
    const found = scanOf(f, noise, count);
    const window = found.best === undefined ? undefined : found.windowAt(found.best);
    if (found.best === undefined || !window?.central) return { ...found, ...(leaves && { leaves }) };
    leaves = breakOf(f, found) ?? leaves;
    const result: Scan = { ...found, ...(leaves && { leaves }) };
    if (found.best < 2) return result;
    const values = unevenPoints.map((at) => f.at(at * window.to));
    if (!(roughness(values) > unexplained * window.noise)) return result;
    const jump = findJump(f, window, window.central.value);
    if (jump && jump.size <= explained) return { ...found, leaves: jump };
    leaves = jump ?? leaves;
    count = found.best - 1;
  }
}

/** A window counts where the one-sided derivatives agree as well. */
function scanOf(f: LineFunction, noise: number, count: number): Scan {
  const windowAt = windowsOf(f, noise);
  const settled = settle(
    count,
    (i) => windowAt(i)?.central,
    (i) => Math.max(Math.abs(windowAt(i)?.central?.value ?? 0), windowAt(i)?.slope ?? 0),
    (i) => {
      const { left, right } = windowAt(i) ?? {};
      return left !== undefined && right !== undefined && agree(left, right);
    },
  );
  return { ...settled, noise, windowAt };
}

/** What happens at the first window that contradicts the believed one, or at which a flat function changes. */
function breakOf(f: LineFunction, { best, end, seen, windowAt }: Scan): Break | undefined {
  const believed = best === undefined ? undefined : windowAt(best);
  if (best === undefined || !believed?.central) return undefined;
  let first = end;
  if (believed.flat) {
    const isFlat = (i: number) => windowAt(i)?.flat ?? true;
    first = best + 1;
    while (first < seen && isFlat(first)) first++;
  }
  const window = first === undefined ? undefined : windowAt(first);
  return window && findBreak(f, window, believed, believed.central.value);
}
