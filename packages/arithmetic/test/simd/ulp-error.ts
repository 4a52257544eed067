import type { Arithmetic } from "../../src/arithmetic.ts";
import { doubleDouble } from "../../src/double-double.ts";
import type { UnaryOperation } from "../../src/field.ts";
import * as op from "../../src/operations.ts";
import { random } from "../../src/random.ts";

/** Arguments drawn evenly between two numbers, or with exponents drawn evenly, of both signs or positive. */
export type Range =
  | { readonly from: number; readonly to: number }
  | { readonly exponents: readonly [number, number]; readonly both: boolean };

export interface Measured {
  readonly ulps: number;
  readonly at: number;
  readonly arguments: number;
}

const formats = {
  float32: { significand: 24, smallest: 2 ** -149, round: Math.fround },
  float64: { significand: 53, smallest: 2 ** -1074, round: (x: number) => x },
};

/** The largest error of a function in units in the last place of the right result, which double-double knows. */
export function largestError<S>(
  A: Arithmetic<S>,
  name: UnaryOperation,
  format: keyof typeof formats,
  ranges: readonly Range[],
  count: number,
  seed: number,
): Measured {
  const { round } = formats[format];
  const source = random(seed);
  const x = ranges
    .flatMap((range) => Array.from({ length: count }, () => round(drawFrom(range, source.unit(), source.unit()))))
    .filter((value) => name !== "log" || value > 0);
  const out = A.empty([x.length]);
  A.unary(op[name], out, A.lift(x, [x.length]));
  const y = A.lower(out);
  const [argument, result] = [doubleDouble.store(1), doubleDouble.store(1)];
  let worst = { ulps: 0, at: Number.NaN };
  let compared = 0;
  for (let i = 0; i < x.length; i++) {
    doubleDouble.lift(argument, 0, x[i]);
    doubleDouble.unary(name)(result, 0, argument, 0);
    const [high, low] = result;
    if (round(high) === 0 && y[i] === 0) continue;
    if (!Number.isFinite(round(high))) continue;
    compared++;
    const ulps = Math.abs(y[i] - high - low) / ulpOf(high, format);
    if (!(ulps <= worst.ulps)) worst = { ulps, at: x[i] };
  }
  return { ...worst, arguments: compared };
}

function drawFrom(range: Range, first: number, second: number): number {
  if ("from" in range) return range.from + (range.to - range.from) * first;
  const [low, high] = range.exponents;
  const exponent = low + Math.floor((high - low + 1) * first);
  const sign = range.both && second < 0.5 ? -1 : 1;
  return sign * (1 + ((2 * second) % 1)) * 2 ** exponent;
}

/** The distance between neighbours of the format at x: its last place. */
function ulpOf(x: number, format: keyof typeof formats): number {
  const { significand, smallest } = formats[format];
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return Math.max(2 ** (exponent + 1 - significand), smallest);
}
