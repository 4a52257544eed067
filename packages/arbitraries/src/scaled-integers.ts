import type fc from "fast-check";
import type { Domain } from "./domain.ts";
import { once } from "./drawn.ts";
import type { Grid } from "./number-options.ts";

/** Where an array stands among the arrays that are drawn together: their numbers are counted through. */
export interface Place {
  /** Elements before it. */
  readonly first: number;
  /** Elements of all. */
  readonly total: number;
}

export interface Signs {
  /** Whether negative numbers are left out. */
  readonly positive?: boolean;
  /** One element in so many is 0, whatever the grid says; none if absent. */
  readonly zeros?: number;
}

/**
 * Numbers of a grid. Simple are those with few binary digits behind the point, then small ones, then positive ones; 0
 * is the least simple. No element becomes equal to another one of its array or comes nearer to it than the gap.
 */
export function scaledIntegers(grid: Grid, place?: Place, { positive = false, zeros }: Signs = {}): Domain {
  const { step, largest, least, gap, halvings } = grid;
  const start = Math.max(least, 1);

  /** A number at random, counted in steps. */
  function draw(random: fc.Random): number {
    const usual = Math.min(largest, 2 ** halvings);
    const most = usual < start || once(8, random) ? largest : usual;
    if (zeros !== undefined && once(zeros, random)) return 0;
    if (positive) return random.nextInt(start, most);
    if (least === 0) return random.nextInt(-most, most);
    const size = random.nextInt(least, most);
    return once(2, random) ? size : -size;
  }

  function isFree(value: number, others: readonly (number | undefined)[], index: number, distance: number): boolean {
    return others.every((other, at) => at === index || other === undefined || Math.abs(other - value) >= distance);
  }

  function isAllowed(value: number): boolean {
    const size = Math.abs(value);
    if (value === 0 && zeros !== undefined) return true;
    return size <= largest && size >= (positive ? start : least) && !(positive && value < 0);
  }

  /** The free number nearest to one that is not: it is an end of what others or the limits leave. */
  function nearestFree(value: number, others: readonly number[]): number {
    const ends = [...others.flatMap((other) => [other - gap, other + gap]), start, -start, largest, -largest];
    const free = ends.filter((end) => isAllowed(end) && isFree(end, others, -1, gap));
    return free.reduce((best, end) => (Math.abs(end - value) < Math.abs(best - value) ? end : best));
  }

  function drawArray(size: number, random: fc.Random): number[] {
    checkRoom(size);
    const values: number[] = [];
    for (let index = 0; index < size; index++) {
      let value = draw(random);
      for (let tries = 0; gap > 0 && tries < 20 && !isFree(value, values, -1, gap); tries++) value = draw(random);
      values.push(gap === 0 || isFree(value, values, -1, gap) ? value : nearestFree(value, values));
    }
    return values;
  }

  /** However the first of them fall, each leaves room for the next. */
  function checkRoom(size: number): void {
    if (gap === 0) return;
    const [side, taken] = [largest - start + 1, 2 * gap - 1];
    const sure = 2 * start >= gap ? 2 * Math.ceil(side / taken) : Math.ceil((2 * side) / taken);
    const room = Math.min(sure, countOf(1).all);
    if (size <= room) return;
    throw new RangeError(
      `${grid.operation}: ${size} elements, ${gap * step} apart and within ${largest * step}; expected at most ${room}: ` +
        "raise limit or halvings, or lower tieFree",
    );
  }

  /** The simple numbers on multiples of `unit`: counted up from the least, and down from the least negative one. */
  function countOf(unit: number) {
    const roundUp = (value: number) => Math.ceil(value / unit) * unit;
    const stride = roundUp(Math.max(gap, 1));
    const from = roundUp(start);
    const count = (begin: number) => Math.max(0, Math.floor((largest - begin) / stride) + 1);
    const below = Math.max(from, stride - from);
    const positives = count(from);
    const all = positives + (positive ? 0 : count(below));
    const at = (index: number) => {
      const wrapped = index % all;
      return wrapped < positives ? from + wrapped * stride : -(below + (wrapped - positives) * stride);
    };
    return { positives, all, at };
  }

  function simplest(size: number): number[] {
    const { first, total } = place ?? { first: 0, total: size };
    let unit = 2 ** halvings;
    while (unit > 1 && countOf(unit).positives < total) unit /= 2;
    const { at } = countOf(unit);
    return Array.from({ length: size }, (_, index) => at(first + index));
  }

  /** Digits behind the binary point. */
  function digits(value: number): number {
    let count = halvings;
    for (let rest = value; count > 0 && rest % 2 === 0; rest /= 2) count--;
    return count;
  }

  /** What makes numbers less simple, the worst first: zeros, digits behind the point, size, signs. */
  function complexity(values: readonly number[]): number[] {
    const total = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0);
    return [
      total((value) => (value === 0 ? 1 : 0)),
      total((value) => (value === 0 ? 0 : digits(value))),
      total(Math.abs),
      total((value) => (value < 0 ? 1 : 0)),
    ];
  }

  function isSimpler(a: readonly number[], b: readonly number[]): boolean {
    const [left, right] = [complexity(a), complexity(b)];
    const first = left.findIndex((value, i) => value !== right[i]);
    return first >= 0 && left[first] < right[first];
  }

  function ordered(values: readonly number[]): number[] | undefined {
    const goals = simplest(values.length).toSorted((a, b) => a - b);
    const order = [...new Set(values)].toSorted((a, b) => a - b);
    const simple = values.map((value) => goals[order.indexOf(value)]);
    return isSimpler(simple, values) ? simple : undefined;
  }

  function* candidates(value: number): Iterable<number> {
    if (value === 0) {
      for (let unit = 2 ** halvings; unit >= 1; unit /= 2) yield Math.ceil(start / unit) * unit;
      return;
    }
    if (value < 0) yield -value;
    const own = digits(value);
    for (let fewer = 0; fewer < own; fewer++) {
      const unit = 2 ** (halvings - fewer);
      const towardsZero = Math.trunc(value / unit) * unit;
      yield towardsZero;
      yield towardsZero + Math.sign(value) * unit;
    }
    const unit = 2 ** (halvings - own);
    const size = Math.abs(value) / unit;
    for (let off = size - Math.ceil(start / unit); off >= 1; off = Math.floor(off / 2)) {
      yield Math.sign(value) * (size - off) * unit;
    }
  }

  function* simpler(values: readonly number[], index: number): Iterable<number> {
    const value = values[index];
    const goal = simplest(values.length)[index];
    if (value === goal) return;
    for (const other of new Set([goal, ...candidates(value)])) {
      const fits = isAllowed(other) && isFree(other, values, index, Math.max(gap, 1));
      if (fits && isSimpler([other], [value])) yield other;
    }
  }

  function complete(values: readonly (number | undefined)[]): number[] {
    const kept: (number | undefined)[] = values.map((value) =>
      value !== undefined && Number.isInteger(value) && isAllowed(value) ? value : undefined,
    );
    const goals = simplest(values.length);
    for (const index of kept.keys()) {
      if (kept[index] !== undefined) continue;
      const free = [goals[index], ...goals].find((goal) => isFree(goal, kept, index, Math.max(gap, 1)));
      if (free === undefined && gap > 0) return goals;
      kept[index] = free ?? goals[index];
    }
    return kept as number[];
  }

  const scaled = (values: readonly number[]) => values.map((value) => value * step);
  const counted = (values: readonly number[]) => values.map((value) => value / step);
  return {
    draw: (size, random) => scaled(drawArray(size, random)),
    simplest: (size) => scaled(simplest(size)),
    ordered(values) {
      const simple = ordered(counted(values));
      return simple && scaled(simple);
    },
    *simpler(values, index) {
      for (const value of simpler(counted(values), index)) yield value * step;
    },
    complete: (values) => scaled(complete(values.map((value) => (value === undefined ? value : value / step)))),
  };
}
