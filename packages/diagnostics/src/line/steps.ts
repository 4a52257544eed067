/** Rounds a number to what an array can hold. */
export type Rounding = (x: number) => number;

/** Ratio of one step to the next: wide enough that three of them tell whether a difference still depends on the step. */
export const stepRatio = 4;

/** The smallest step, in units of the distance between neighbouring numbers. */
const finest = 16;
/** Largest ratio of the smallest to the largest step in one piece, and in each of two. */
const [onePiece, twoPieces] = [stepRatio ** 48, stepRatio ** 26];
/** Steps that an argument of coarse spacing needs beyond the smallest. */
const reach = 2 ** 20;

/**
 * The argument moved by a signed step, such that the moves by +step and -step are equally long in floating point: the
 * side away from zero is rounded, and the other mirrors what became of it.
 */
export function moved(x: number, step: number, round: Rounding): number {
  const away = x < 0 ? -1 : 1;
  if (step * away >= 0) return round(x + step);
  return round(x + Math.sign(step) * Math.abs(round(x - step) - x));
}

/** The distance to the next larger number in magnitude, in a format of that many bits and exponents from `smallest` up. */
export function spacing(x: number, bits: number, smallest: number): number {
  return powerOfTwoBelow(Math.max(Math.abs(x), smallest)) * 2 ** (1 - bits);
}

/** The largest power of two that is at most x; x is positive, finite and normal. */
export function powerOfTwoBelow(x: number): number {
  const guess = 2 ** Math.floor(Math.log2(x));
  if (guess > x) return guess / 2;
  return 2 * guess <= x ? 2 * guess : guess;
}

/**
 * Steps in geometric progression, ascending: from 16 times the spacing of the argument up to its scale, further where its
 * spacing is so coarse that these would be few, and with a gap where they would be very many.
 *
 * @param between - distance of the argument to the next number, 0 at an argument of 0.
 * @param scale - over which the argument may be moved.
 */
export function ladder(between: number, scale: number): number[] {
  const bottom = between > 0 ? finest * between : scale * 2 ** -48;
  const top = 2 * powerOfTwoBelow(Math.max(scale, reach * bottom) / (1 + 2 ** -20));
  const steps: number[] = [];
  const split = top / bottom > onePiece;
  for (let step = top; step >= bottom; step /= stepRatio) {
    if (!split || step >= top / twoPieces || step <= bottom * twoPieces) steps.push(step);
  }
  return steps.reverse();
}
