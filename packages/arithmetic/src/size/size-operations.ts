import type { BinarySlot, UnarySlot } from "../field.ts";
import type { Bound, Denominators } from "./denominators.ts";
import type { Measure } from "./measure.ts";

/** Doubles of each element: see the offsets below. */
export type SizeStore = Float64Array;
export const width = 5;

/** Bound on the size, a reciprocal symbol counting negatively; -Infinity for 0. */
const weightAt = 0;
/** Exponents of the reciprocal symbols: a number of {@link Denominators}. */
const denominatorAt = 1;
/** The number, where the element is a number of the program; else NaN. */
const numberAt = 2;
/** One for each value that was computed, kept by copies: a divisor that comes again is the same one. */
const identityAt = 3;
/** What float64 computes, for a program that looks at its values. */
export const shadowAt = 4;

export const sizeStore = (elements: number): SizeStore => new Float64Array(width * elements);

let identities = 0;

/** A new value: all of an element but its shadow. */
export function put(o: SizeStore, i: number, weight: number, denominator: number, number = Number.NaN): void {
  const at = width * i;
  o[at + weightAt] = weight;
  o[at + denominatorAt] = denominator;
  o[at + numberAt] = number;
  o[at + identityAt] = ++identities;
}

/** The same value, or its negative. */
export const copySize: UnarySlot<SizeStore> = (o, i, a, j) => {
  for (let part = 0; part < shadowAt; part++) o[width * i + part] = a[width * j + part];
};

export const weightOf = (a: SizeStore, j: number): number => a[width * j + weightAt];
export const denominatorOf = (a: SizeStore, j: number): number => a[width * j + denominatorAt];
const numberOf = (a: SizeStore, j: number): number => a[width * j + numberAt];
export const isZero = (a: SizeStore, j: number): boolean => weightOf(a, j) === Number.NEGATIVE_INFINITY;
export const boundOf = (a: SizeStore, j: number): Bound => ({
  weight: weightOf(a, j),
  denominator: denominatorOf(a, j),
});

/** Sizes of what the four operations give, shadows left alone. */
export interface SizeOperations {
  /** o[i] ← the number x. */
  number(o: SizeStore, i: number, x: number): void;
  /** Of a + b and of a − b. */
  readonly sum: BinarySlot<SizeStore>;
  readonly product: BinarySlot<SizeStore>;
  /** Of what is either of them. */
  readonly either: BinarySlot<SizeStore>;
  readonly reciprocal: UnarySlot<SizeStore>;
  /** Number of the denominator 2. */
  halves(): number;
}

export function sizeOperations(measure: Measure, denominators: Denominators): SizeOperations {
  const ofNumbers = new Map<number, number>();
  const ofValues = new Map<number, number>();

  /** The symbol 1 / a: one for each number, and one for each value. */
  function reciprocalOf(a: SizeStore, j: number): number {
    const isNumber = !Number.isNaN(numberOf(a, j));
    const [symbols, key] = isNumber ? [ofNumbers, Math.abs(numberOf(a, j))] : [ofValues, a[width * j + identityAt]];
    let symbol = symbols.get(key);
    if (symbol === undefined) {
      symbol = denominators.reciprocal(boundOf(a, j));
      symbols.set(key, symbol);
    }
    return symbol;
  }
  const two = sizeStore(1);
  put(two, 0, measure.number(2), 0, 2);
  const halves = (): number => reciprocalOf(two, 0);

  function number(o: SizeStore, i: number, x: number): void {
    let denominator = 0;
    for (let whole = x; !Number.isInteger(whole); whole *= 2) denominator = denominators.product(denominator, halves());
    put(o, i, x === 0 ? Number.NEGATIVE_INFINITY : measure.number(x), denominator, x);
  }

  return {
    number,
    halves,
    sum(o, i, a, j, b, k) {
      if (isZero(b, k)) return copySize(o, i, a, j);
      if (isZero(a, j)) return copySize(o, i, b, k);
      const denominator = denominators.sum(denominatorOf(a, j), denominatorOf(b, k));
      put(o, i, measure.plus(weightOf(a, j), weightOf(b, k)), denominator);
    },
    either(o, i, a, j, b, k) {
      const denominator = denominators.sum(denominatorOf(a, j), denominatorOf(b, k));
      put(o, i, Math.max(weightOf(a, j), weightOf(b, k)), denominator);
    },
    product(o, i, a, j, b, k) {
      if (isZero(a, j) || isZero(b, k)) return number(o, i, 0);
      if (numberOf(b, k) === 1) return copySize(o, i, a, j);
      if (numberOf(a, j) === 1) return copySize(o, i, b, k);
      const denominator = denominators.product(denominatorOf(a, j), denominatorOf(b, k));
      put(o, i, weightOf(a, j) + weightOf(b, k), denominator);
    },
    reciprocal(o, i, a, j) {
      if (numberOf(a, j) === 1) return copySize(o, i, a, j);
      put(o, i, -weightOf(a, j), reciprocalOf(a, j));
    },
  };
}
