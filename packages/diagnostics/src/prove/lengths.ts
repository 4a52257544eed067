import type { Random } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import type { Lengths, Statement } from "./derivation.ts";

/**
 * Lengths to prove a statement for: all there are, if they are no more than `cases`, else the smallest and the largest of
 * all axes and others drawn at random, none of them twice.
 */
export function drawLengths(ranges: Statement["lengths"], cases: number, source: Random): Lengths[] {
  const axes = Object.entries(ranges);
  for (const [axis, [smallest, largest]] of axes) {
    if (!(Number.isInteger(smallest) && Number.isInteger(largest) && smallest >= 0 && largest >= smallest)) {
      throw new ArgumentError(
        "proveEqual",
        `lengths.${axis}`,
        `is [${smallest}, ${largest}]; expected two integers, 0 <= a <= b`,
      );
    }
  }
  const every = axes.reduce((count, [, [smallest, largest]]) => count * (largest - smallest + 1), 1);
  if (every <= cases) return grid(axes);
  const of = (choose: (smallest: number, largest: number) => number): Lengths =>
    Object.fromEntries(axes.map(([axis, [smallest, largest]]) => [axis, choose(smallest, largest)]));
  const drawn = new Map<string, Lengths>();
  const add = (lengths: Lengths) => drawn.set(nameOf(lengths), lengths);
  add(of((smallest) => smallest));
  if (cases > 1) add(of((_, largest) => largest));
  while (drawn.size < cases) add(of((smallest, largest) => source.integer(smallest, largest)));
  return [...drawn.values()];
}

function grid(axes: readonly (readonly [string, readonly [number, number]])[]): Lengths[] {
  let all: Lengths[] = [{}];
  for (const [axis, [smallest, largest]] of axes) {
    all = all.flatMap((lengths) =>
      Array.from({ length: largest - smallest + 1 }, (_, i) => ({ ...lengths, [axis]: smallest + i })),
    );
  }
  return all;
}

/** Lengths with one axis shorter, shortest first: where to look for a smaller counterexample. */
export function shorter(lengths: Lengths, ranges: Statement["lengths"]): Lengths[] {
  return Object.entries(lengths).flatMap(([axis, length]) => {
    const [smallest] = ranges[axis];
    return Array.from({ length: length - smallest }, (_, i) => ({ ...lengths, [axis]: smallest + i }));
  });
}

/** "T 3, H 2" */
export function nameOf(lengths: Lengths): string {
  return Object.entries(lengths)
    .map(([axis, length]) => `${axis} ${length}`)
    .join(", ");
}
