import fc from "fast-check";
import { sizeOf } from "../src/tensor.ts";

/** An endless row of numbers made of few draws, so that it shrinks: (k[i mod 13] + ⌊i / 13⌋) / 2^halvings. */
export interface Numbers {
  readonly k: readonly number[];
  readonly halvings: number;
}

export function numbersOf({ k, halvings }: Numbers, shape: readonly number[]): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, i) => (k[i % k.length] + Math.floor(i / k.length)) / 2 ** halvings);
}

function row(k: fc.Arbitrary<number>): fc.Arbitrary<readonly number[]> {
  return fc.array(k, { minLength: 13, maxLength: 13, size: "max" });
}

/** Integers so small that sums of products of them are exact in every arithmetic. */
export const smallIntegers: fc.Arbitrary<Numbers> = fc.record({
  k: row(fc.integer({ min: -8, max: 8 })),
  halvings: fc.constant(0),
});

/** Scaled integers of as many bits as given, so that nearly every operation rounds. */
export function scaledIntegers(bits: number): fc.Arbitrary<Numbers> {
  return fc.record({
    k: row(fc.integer({ min: 1 - 2 ** bits, max: 2 ** bits - 1 })),
    halvings: fc.integer({ min: 0, max: bits }),
  });
}

/** Scaled integers and, among them, what arithmetic on floats treats apart. */
export function withSpecials(bits: number): fc.Arbitrary<Numbers> {
  const k = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1 - 2 ** bits, max: 2 ** bits - 1 }) },
    { weight: 3, arbitrary: fc.constantFrom(0, -0, 1, -1) },
    { weight: 3, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
    { weight: 2, arbitrary: fc.constantFrom(2 ** -149, -(2 ** -149), 2 ** -1074, 2 ** 127, -(2 ** 127), 2 ** 1023) },
  );
  return fc.record({ k: row(k), halvings: fc.integer({ min: 0, max: bits }) });
}

/** Doubles at the edges of both formats, with both signs, and NaN. */
export const specialNumbers: readonly number[] = [
  0,
  2 ** -1074,
  2 ** -1022,
  2 ** -149,
  2 ** -126,
  2 ** -24,
  0.75,
  1,
  1 + 2 ** -23,
  2 ** 24 + 2,
  19.0625,
  100,
  2 ** 64,
  2 ** 127,
  2 ** 1023,
  Number.POSITIVE_INFINITY,
]
  .flatMap((x) => [x, -x])
  .concat(Number.NaN);

/** Lengths of axes, around the edges of blocks. */
export const axisLength: fc.Arbitrary<number> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }) },
);

/** Shapes of up to three axes, mostly of two or three, with now and then an empty one if lengths of 0 are allowed. */
export function shapes(lengths: { min: number; max: number }): fc.Arbitrary<number[]> {
  const length = fc.oneof(
    { weight: lengths.min === 0 ? 1 : 0, arbitrary: fc.constant(0) },
    { weight: 20, arbitrary: fc.integer({ min: 1, max: lengths.max }) },
  );
  return fc.oneof<fc.MaybeWeightedArbitrary<number[]>[]>(
    { weight: 1, arbitrary: fc.constant<number[]>([]) },
    { weight: 2, arbitrary: fc.tuple(length) },
    { weight: 4, arbitrary: fc.tuple(length, length) },
    { weight: 4, arbitrary: fc.tuple(length, length, length) },
  );
}
