import { setDoubleDouble } from "../src/double-double.ts";
import type { Random } from "../src/random.ts";
import { integerOf } from "./big-fixed-point.ts";

/** Finite doubles at the edges of the format. */
export const edgeDoubles: readonly number[] = [
  0,
  2 ** -1074,
  3 * 2 ** -1074,
  2 ** -1022 - 2 ** -1074,
  2 ** -1022,
  1.5 * 2 ** -961,
  1.5 * 2 ** -960,
  1e-300,
  1e-9,
  1 - 2 ** -53,
  1,
  1 + 2 ** -52,
  3,
  2 ** 53 + 2,
  1.7 * 2 ** 511,
  1.9 * 2 ** 995,
  1.1 * 2 ** 997,
  2 ** 1023,
  Number.MAX_VALUE,
].flatMap((x) => [x, -x]);

/**
 * store[i] ← a double-double with 2^lowest <= |hi| < 2^(highest + 1), made of scaled integers; the low part is often
 * full, sometimes short, tiny or 0.
 */
export function drawDoubleDouble(
  random: Random,
  store: Float64Array,
  i: number,
  lowest: number,
  highest: number,
  signs: readonly number[] = [1, -1],
): void {
  const exponent = random.integer(lowest, highest);
  const hi = random.pick(signs) * (2 ** 52 + random.integer(0, random.pick([2 ** 52 - 1, 2 ** 20, 0]))) * 2 ** -52;
  const lo = random.pick([1, 1, 1, 1, 2 ** -9, 2 ** -53, 0]) * (2 * random.unit() - 1) * 2 ** -53;
  setDoubleDouble(store, i, hi * 2 ** exponent, lo * 2 ** exponent);
}

/** The element times 2^1074, exactly. */
export function exactInteger(store: Float64Array, i: number): bigint {
  return integerOf(store[2 * i]) + integerOf(store[2 * i + 1]);
}

/** Whether |lo| <= ulp(hi) / 2, and whether zero, infinity and NaN have low part 0. */
export function isNormalised(store: Float64Array, i: number): boolean {
  const [hi, lo] = [store[2 * i], store[2 * i + 1]];
  return Number.isFinite(hi) && hi !== 0 ? hi + lo === hi : lo === 0;
}
