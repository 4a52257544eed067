import type fc from "fast-check";
import { drawn, smallerLengths } from "./drawn.ts";
import type { Shape } from "./numeric-array.ts";

export interface ShapeOptions {
  /** 0 unless given: scalars are drawn. */
  readonly minAxes?: number;
  /** 3 unless given. */
  readonly maxAxes?: number;
  /** 1 unless given; 0 draws empty arrays too. */
  readonly minLength?: number;
  /** 4 unless given. */
  readonly maxLength?: number;
}

/**
 * Shapes: the number of axes and each length uniform in their ranges. They shrink towards few axes, then short ones,
 * the shorter first.
 *
 * @throws RangeError for a range that is empty or not made of integers of at least 0.
 * @example
 * ```ts
 * import { shape } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const neverTwoAxes = fc.property(shape(), (lengths) => lengths.length !== 2 || lengths[1] === 1);
 * console.log(fc.check(neverTwoAxes, { seed: 1 }).counterexample); // -> [ [ 1, 2 ] ]
 * ```
 */
export function shape(options: ShapeOptions = {}): fc.Arbitrary<Shape> {
  const { minAxes, maxAxes, minLength, maxLength } = shapeLimits("shape", options);
  return drawn<Shape>({
    draw(random) {
      const axes = random.nextInt(minAxes, maxAxes);
      return Array.from({ length: axes }, () => random.nextInt(minLength, maxLength));
    },
    *simpler(lengths) {
      for (const axes of smallerLengths(lengths.length, minAxes)) yield lengths.slice(lengths.length - axes);
      if (lengths.length > minAxes) for (const axis of lengths.keys()) yield lengths.toSpliced(axis, 1);
      for (let axis = 1; axis < lengths.length && lengths.length > minAxes; axis++) {
        const merged = lengths[axis - 1] * lengths[axis];
        if (merged <= maxLength) yield lengths.toSpliced(axis - 1, 2, merged);
      }
      for (const [axis, length] of lengths.entries()) {
        for (const shorter of smallerLengths(length, minLength)) yield lengths.with(axis, shorter);
      }
      const sorted = lengths.toSorted((a, b) => a - b);
      if (String(sorted) !== String(lengths)) yield sorted;
    },
  });
}

/** The options with their defaults, checked. */
export function shapeLimits(operation: string, options: ShapeOptions): Required<ShapeOptions> {
  const { minAxes = 0, minLength = 1 } = options;
  const { maxAxes = Math.max(3, minAxes), maxLength = Math.max(4, minLength) } = options;
  for (const [what, least, most] of [
    ["Axes", minAxes, maxAxes],
    ["Length", minLength, maxLength],
  ] as const) {
    if (!(Number.isInteger(least) && Number.isInteger(most) && 0 <= least && least <= most)) {
      throw new RangeError(
        `${operation}: min${what} is ${least} and max${what} ${most}; expected integers, 0 <= min${what} <= max${what}`,
      );
    }
  }
  return { minAxes, maxAxes, minLength, maxLength };
}
