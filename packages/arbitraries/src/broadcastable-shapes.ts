import type fc from "fast-check";
import { drawn, once, smallerLengths } from "./drawn.ts";
import type { Shape } from "./numeric-array.ts";
import { type ShapeOptions, shape, shapeLimits } from "./shape.ts";

export interface BroadcastableShapes {
  readonly shapes: readonly Shape[];
  /** What all of them broadcast to, and nothing larger than it has to be. */
  readonly result: Shape;
}

export interface BroadcastOptions extends ShapeOptions {
  /** How many shapes: 2 unless given. */
  readonly count?: number;
}

/** How one shape differs from the result. */
interface Reduction {
  /** Leading axes that it lacks. */
  readonly missing: number;
  /** Axes of the result along which it has length 1. */
  readonly ones: readonly boolean[];
}

interface Layout {
  readonly result: Shape;
  /** The shape that has every axis, and in full length every axis that no other has. */
  readonly whole: number;
  readonly reductions: readonly Reduction[];
}

/**
 * Shapes that broadcast together by NumPy's rule: aligned at the last axis, equal or of length 1, leading axes missing.
 * The options are about the result, which has the length of an axis in at least one of the shapes. One shape in two
 * lacks leading axes where it can, one axis in three has length 1 in a shape, and in one pair of ten each is repeated
 * along an axis of the other. They shrink towards few and short axes, then towards shapes that are equal.
 *
 * @throws RangeError for a range that is empty, or a count below 1.
 * @example
 * ```ts
 * import { mutuallyBroadcastableShapes } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const noShorter = fc.property(mutuallyBroadcastableShapes(), ({ shapes: [a, b] }) => a.length >= b.length);
 * console.log(fc.stringify(fc.check(noShorter, { seed: 1 }).counterexample)); // -> [{"shapes":[[],[1]],"result":[1]}]
 * ```
 */
export function mutuallyBroadcastableShapes(options: BroadcastOptions = {}): fc.Arbitrary<BroadcastableShapes> {
  const { count = 2 } = options;
  const limits = shapeLimits("mutuallyBroadcastableShapes", options);
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`mutuallyBroadcastableShapes: count is ${count}; expected an integer of at least 1`);
  }
  return layouts(count, limits).map(({ result, whole, reductions }) => ({
    shapes: reductions.map((reduction, index) =>
      index === whole ? wholeShape(result, whole, reductions) : reducedShape(result, reduction),
    ),
    result,
  }));
}

function layouts(count: number, limits: Required<ShapeOptions>): fc.Arbitrary<Layout> {
  const results = shape(limits);
  const mayLack = (result: Shape) => result.length - limits.minAxes;
  return drawn<Layout>({
    draw(random) {
      const result = results.generate(random, undefined).value;
      const reductions = Array.from({ length: count }, () => ({
        missing: once(2, random) ? 0 : random.nextInt(Math.min(1, mayLack(result)), mayLack(result)),
        ones: result.map(() => once(3, random)),
      }));
      return { result, whole: random.nextInt(0, count - 1), reductions };
    },
    *simpler(layout) {
      const { result, whole, reductions } = layout;
      for (const simple of results.shrink(result, undefined)) {
        const lost = result.length - simple.value.length;
        const fit = ({ missing, ones }: Reduction) => {
          const lacked = Math.min(missing, mayLack(simple.value));
          // An axis that must be there now has length 1.
          return {
            missing: lacked,
            ones: ones.slice(lost).map((one, axis) => one || (axis >= lacked && axis < missing)),
          };
        };
        yield { ...layout, result: simple.value, reductions: reductions.map(fit) };
      }
      for (const simple of smallerLengths(whole, 0)) yield { ...layout, whole: simple };
      for (const [index, reduction] of reductions.entries()) {
        const withReduction = (simple: Reduction) => ({ ...layout, reductions: reductions.with(index, simple) });
        for (const missing of smallerLengths(reduction.missing, 0)) yield withReduction({ ...reduction, missing });
        for (const [axis, one] of reduction.ones.entries()) {
          if (one) yield withReduction({ ...reduction, ones: reduction.ones.with(axis, false) });
        }
      }
    },
  });
}

function reducedShape(result: Shape, { missing, ones }: Reduction): Shape {
  return result.map((length, axis) => (ones[axis] ? 1 : length)).slice(missing);
}

/** Every axis, of length 1 only where another shape has the full length. */
function wholeShape(result: Shape, whole: number, reductions: readonly Reduction[]): Shape {
  const others = reductions.filter((_, index) => index !== whole);
  return result.map((length, axis) => {
    const elsewhere = others.some(({ missing, ones }) => missing <= axis && !ones[axis]);
    return reductions[whole].ones[axis] && elsewhere ? 1 : length;
  });
}
