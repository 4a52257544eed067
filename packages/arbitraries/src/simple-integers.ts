import type { Grid } from "./number-options.ts";

/** Where an array stands among the arrays that are drawn together: their numbers are counted through. */
export interface Place {
  /** Elements before it. */
  readonly first: number;
  /** Elements of all. */
  readonly total: number;
}

/**
 * What makes integers on a grid simple, counted in its steps: few binary digits behind the point, then a small size, then
 * no sign. 0 is the least simple.
 */
export interface SimpleIntegers {
  /** How many integers there are, a gap apart. */
  readonly count: number;
  /** The simplest that an array of that size can hold, all different where there are as many. */
  simplest(size: number): number[];
  isSimpler(a: readonly number[], b: readonly number[]): boolean;
  /** Integers that may be simpler than one, the simplest first. */
  candidates(value: number): Iterable<number>;
}

/** @param start - the least size of a number other than 0. */
export function simpleIntegers(grid: Grid, start: number, positive: boolean, place: Place | undefined): SimpleIntegers {
  const { halvings } = grid;
  const multiples = (unit: number) => multiplesOf(unit, grid, start, positive);
  return {
    count: multiples(1).all,
    simplest(size) {
      const { first, total } = place ?? { first: 0, total: size };
      let unit = 2 ** halvings;
      while (unit > 1 && multiples(unit).positives < total) unit /= 2;
      const { at } = multiples(unit);
      return Array.from({ length: size }, (_, index) => at(first + index));
    },
    isSimpler(a, b) {
      const [left, right] = [complexity(a, halvings), complexity(b, halvings)];
      const first = left.findIndex((value, i) => value !== right[i]);
      return first >= 0 && left[first] < right[first];
    },
    candidates: (value) => candidates(value, start, halvings),
  };
}

/** The integers on multiples of `unit`: counted up from the least, and down from the least negative one. */
function multiplesOf(unit: number, { largest, gap }: Grid, start: number, positive: boolean) {
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

/** The worst first: zeros, digits behind the point, size, signs. */
function complexity(values: readonly number[], halvings: number): number[] {
  const total = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0);
  return [
    total((value) => (value === 0 ? 1 : 0)),
    total((value) => (value === 0 ? 0 : digits(value, halvings))),
    total(Math.abs),
    total((value) => (value < 0 ? 1 : 0)),
  ];
}

/** Behind the binary point. */
function digits(value: number, halvings: number): number {
  let count = halvings;
  for (let rest = value; count > 0 && rest % 2 === 0; rest /= 2) count--;
  return count;
}

function* candidates(value: number, start: number, halvings: number): Iterable<number> {
  if (value === 0) {
    for (let unit = 2 ** halvings; unit >= 1; unit /= 2) yield Math.ceil(start / unit) * unit;
    return;
  }
  if (value < 0) yield -value;
  const own = digits(value, halvings);
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
