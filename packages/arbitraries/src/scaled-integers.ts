import type fc from "fast-check";
import { type AllowedIntegers, allowedIntegers, type Signs } from "./allowed-integers.ts";
import type { Domain } from "./domain.ts";
import { once } from "./drawn.ts";
import type { Grid } from "./number-options.ts";
import { type Place, type SimpleIntegers, simpleIntegers } from "./simple-integers.ts";

/**
 * Numbers of a grid, simple as {@link SimpleIntegers} says. No element becomes equal to another one of its array or comes
 * nearer to it than the gap.
 */
export function scaledIntegers(grid: Grid, place?: Place, signs: Signs = {}): Domain {
  const { step } = grid;
  const allowed = allowedIntegers(grid, signs);
  const simple = simpleIntegers(grid, allowed.start, signs.positive ?? false, place);
  const shrinking = shrinkingOf(grid, allowed, simple);
  const scaled = (values: readonly number[]) => values.map((value) => value * step);
  const counted = (values: readonly number[]) => values.map((value) => value / step);
  return {
    draw(size, random) {
      checkRoom(grid, allowed, simple, size);
      return scaled(drawArray(grid, allowed, signs, size, random));
    },
    simplest: (size) => scaled(simple.simplest(size)),
    ordered(values) {
      const ordered = shrinking.ordered(counted(values));
      return ordered && scaled(ordered);
    },
    *simpler(values, index) {
      for (const value of shrinking.simpler(counted(values), index)) yield value * step;
    },
    complete: (values) =>
      scaled(shrinking.complete(values.map((value) => (value === undefined ? value : value / step)))),
  };
}

function drawArray(grid: Grid, allowed: AllowedIntegers, signs: Signs, size: number, random: fc.Random): number[] {
  const { gap } = grid;
  const draw = () => drawInteger(grid, allowed, signs, random);
  const values: number[] = [];
  for (let index = 0; index < size; index++) {
    let value = draw();
    for (let tries = 0; gap > 0 && tries < 20 && !allowed.isFree(value, values, -1, gap); tries++) value = draw();
    values.push(gap === 0 || allowed.isFree(value, values, -1, gap) ? value : allowed.nearestFree(value, values));
  }
  return values;
}

/** Within 1 seven times of eight, uniform there, and else within the limit. */
function drawInteger(
  { largest, least, halvings }: Grid,
  { start }: AllowedIntegers,
  { positive = false, zeros }: Signs,
  random: fc.Random,
): number {
  const usual = Math.min(largest, 2 ** halvings);
  const most = usual < start || once(8, random) ? largest : usual;
  if (zeros !== undefined && once(zeros, random)) return 0;
  if (positive) return random.nextInt(start, most);
  if (least === 0) return random.nextInt(-most, most);
  const size = random.nextInt(least, most);
  return once(2, random) ? size : -size;
}

/** However the first of them fall, each leaves room for the next. */
function checkRoom(
  { operation, step, largest, gap }: Grid,
  { start }: AllowedIntegers,
  { count }: SimpleIntegers,
  size: number,
): void {
  if (gap === 0) return;
  const [side, taken] = [largest - start + 1, 2 * gap - 1];
  const sure = 2 * start >= gap ? 2 * Math.ceil(side / taken) : Math.ceil((2 * side) / taken);
  const room = Math.min(sure, count);
  if (size <= room) return;
  throw new RangeError(
    `${operation}: ${size} elements, ${gap * step} apart and within ${largest * step}; expected at most ${room}: ` +
      "raise limit or halvings, or lower tieFree",
  );
}

/** What {@link Domain} asks about shrinking, of integers. */
function shrinkingOf({ gap }: Grid, { isAllowed, isFree }: AllowedIntegers, simple: SimpleIntegers) {
  const distance = Math.max(gap, 1);

  function ordered(values: readonly number[]): number[] | undefined {
    const goals = simple.simplest(values.length).toSorted((a, b) => a - b);
    const order = [...new Set(values)].toSorted((a, b) => a - b);
    const inOrder = values.map((value) => goals[order.indexOf(value)]);
    return simple.isSimpler(inOrder, values) ? inOrder : undefined;
  }

  function* simpler(values: readonly number[], index: number): Iterable<number> {
    const value = values[index];
    const goal = simple.simplest(values.length)[index];
    if (value === goal) return;
    for (const other of new Set([goal, ...simple.candidates(value)])) {
      const fits = isAllowed(other) && isFree(other, values, index, distance);
      if (fits && simple.isSimpler([other], [value])) yield other;
    }
  }

  function complete(values: readonly (number | undefined)[]): number[] {
    const kept: (number | undefined)[] = values.map((value) =>
      value !== undefined && Number.isInteger(value) && isAllowed(value) ? value : undefined,
    );
    const goals = simple.simplest(values.length);
    for (const index of kept.keys()) {
      if (kept[index] !== undefined) continue;
      const free = [goals[index], ...goals].find((goal) => isFree(goal, kept, index, distance));
      if (free === undefined && gap > 0) return goals;
      kept[index] = free ?? goals[index];
    }
    return kept as number[];
  }

  return { ordered, simpler, complete };
}
