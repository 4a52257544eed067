import { random } from "@gradproof/arithmetic";
import { CompensatedSum } from "../compensated-sum.ts";
import { sizedMoves } from "../lines.ts";
import { type Along, alongOf, type FloatArray, inputsOf, type Point, pointOf } from "../point.ts";
import { certain, matchLimit, mismatchLimit, worthwhile } from "./limits.ts";
import { measuredNumbers } from "./measured.ts";
import { checkPairs, cotangentOf, outputsOf, signs, type Tangent } from "./products.ts";
import { type Verdict, worstVerdict } from "./report.ts";
import { percent, roughly } from "./wording.ts";

export interface AdjointOptions {
  readonly seed?: number;
  /** Random pairs of a cotangent and a direction; 4. */
  readonly pairs?: number;
}

/**
 * How far apart the points are at which rounding is measured, in spacings of the argument: about a millionth of it, so
 * that float32 arithmetic rounds differently at each.
 */
const apart = 2 ** 32;

export interface AdjointPair {
  readonly verdict: Verdict;
  readonly reason?: string;
  /** ⟨c, J v⟩ by jvp */
  readonly forward: number;
  /** ⟨Jᵀc, v⟩ by vjp */
  readonly reverse: number;
  /** What rounding does to their difference: measured at points very close to this one. */
  readonly errorEstimate: number;
  readonly errorInEstimates: number;
}

export interface AdjointReport {
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly pairs: readonly AdjointPair[];
  /** A disagreement of this share of ⟨c, J v⟩ would have shown. */
  readonly resolution?: number;
  readonly seed: number;
}

/**
 * Whether a Jacobian-vector product and a vector-Jacobian product are of the same Jacobian: ⟨c, jvp(x, v)⟩ =
 * ⟨vjp(x, c), v⟩ for random c and v. No step, no truncation: they agree to rounding, and how much that is is measured, by
 * their difference at points very close to x. Both may still be wrong in the same way: that is what {@link checkJvp} and
 * {@link checkVjp} tell.
 *
 * @example
 * ```ts
 * const jvp = (x: Float64Array, v: Float64Array) => [v[0] * x[1] + x[0] * v[1]];
 * const vjp = (x: Float64Array, c: Float64Array) => [c[0] * x[1], c[0] * x[0]];
 * console.log(checkAdjoint(jvp, vjp, Float64Array.of(0.3, 0.7)).verdict); // -> match
 * ```
 */
export function checkAdjoint<P extends Point>(
  jvp: (x: P, tangent: Tangent<P>) => ArrayLike<number>,
  vjp: (x: P, cotangent: Float64Array) => Along<P>,
  at: P,
  { seed = 1, pairs: count = 4 }: AdjointOptions = {},
): AdjointReport {
  const caller = "checkAdjoint";
  checkPairs(caller, count);
  const inputs = inputsOf(caller, at);
  const source = random(seed);
  const pairs = Array.from({ length: count }, (): AdjointPair => {
    const direction = inputs.arrays.map((array, input) => sizedMoves(input, array, signs(source)).rates);
    const made = (parts: readonly FloatArray[]) => {
      const copies = parts.map((part) => part.slice());
      return pointOf<Point>(at, inputs, copies);
    };
    const tangent = () => made(direction) as Tangent<P>;
    const outputs = jvp(made(inputs.arrays) as P, tangent()).length;
    const cotangent = cotangentOf(source, outputs);
    const both = (x: P) => {
      const forward = dot([outputsOf(caller, "jvp", jvp(x, tangent()), outputs)], [cotangent]);
      const reverse = dot(alongOf(caller, "the result of vjp", vjp(x, cotangent.slice()), at, inputs), direction);
      return [forward, reverse, forward - reverse];
    };
    const numbersOf = (result: unknown) => [Float64Array.from(result as number[])];
    const measured = measuredNumbers("jvp or vjp", both, at, inputs, numbersOf, undefined, apart);
    const [forward, reverse, difference] = measured.values[0];
    const size = Math.max(Math.abs(forward), Math.abs(reverse));
    const errorEstimate = Math.max(measured.errors[0][2], measured.roundings[0][0]);
    const errorInEstimates = Math.abs(difference) / errorEstimate;
    return { ...judge(size, errorEstimate, errorInEstimates), forward, reverse, errorEstimate, errorInEstimates };
  });
  const verdict = worstVerdict(pairs.map((pair) => pair.verdict));
  const reason = pairs.find((pair) => pair.verdict === verdict)?.reason;
  const resolution = Math.max(
    ...pairs.map(({ forward, errorEstimate }) => (certain * errorEstimate) / Math.abs(forward)),
  );
  return {
    verdict,
    ...(reason !== undefined && { reason }),
    pairs,
    ...(Number.isFinite(resolution) && { resolution }),
    seed,
  };
}

function judge(size: number, errorEstimate: number, errorInEstimates: number): { verdict: Verdict; reason?: string } {
  if (!Number.isFinite(errorInEstimates)) {
    return {
      verdict: "inconclusive",
      reason: size === 0 ? "both products are 0: 0 = 0 says nothing" : "a product is not finite",
    };
  }
  if (errorInEstimates > mismatchLimit) return { verdict: "mismatch" };
  if (errorInEstimates > matchLimit) {
    return {
      verdict: "inconclusive",
      reason: `${roughly(errorInEstimates)} error estimates apart, which decides nothing`,
    };
  }
  const share = (certain * errorEstimate) / size;
  if (share <= worthwhile) return { verdict: "match" };
  return { verdict: "inconclusive", reason: `rounding hides disagreements of up to ${percent(share)}` };
}

/** ⟨a, b⟩ over all parts */
function dot(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  const sum = new CompensatedSum();
  a.forEach((part, i) => {
    part.forEach((value, j) => {
      sum.add(value * b[i][j]);
    });
  });
  return sum.value;
}
