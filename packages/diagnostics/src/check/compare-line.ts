import type { LineDerivative } from "../line/line-derivative.ts";
import { matchLimit, mismatchLimit } from "./limits.ts";
import type { Comparison, Verdict } from "./report.ts";
import { number, roughly } from "./wording.ts";

export interface GivenDerivative {
  readonly value: number;
  /** What rounding has done to it, as far as can be measured. */
  readonly error: number;
  /** What rounding to its format has done to it at least; for a kink, where nothing can be measured. */
  readonly rounding: number;
  /** Largest finite number of the format that it is kept in. */
  readonly overflow: number;
}

/** What the verdict has to know of the line besides its derivative. */
export interface LineContext {
  /** Distance of the argument to the next number, as a step. */
  readonly spacing: number;
  readonly unitRoundoff: number;
  readonly deterministic: boolean;
}

/** A flat function says that a derivative is wrong if that would have changed f by this share of what it amounts to. */
const visibleChange = 2 ** -10;

/** Largest over smallest step of a kink that is surely the only one near. */
const kinkRange = 2 ** 16;

/** The verdict on one derivative along one line. */
export function compareLine(line: LineDerivative, given: GivenDerivative, context: LineContext): Comparison {
  const { verdict, reason } = judge(line, given, context);
  const { value, error, left, right, steps } = line;
  return {
    verdict,
    ...(reason !== undefined && { reason }),
    given: given.value,
    numeric: value,
    errorEstimate: error,
    givenError: given.error,
    errorInEstimates: Math.abs(given.value - value) / (error + given.error),
    shape: line.shape,
    noise: line.noise,
    ...(steps && { steps }),
    ...(left && { left: left.value }),
    ...(right && { right: right.value }),
    ...(line.break && { break: line.break }),
  };
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason?: string;
}

function inconclusive(reason: string): Judgement {
  return { verdict: "inconclusive", reason };
}

function judge(line: LineDerivative, given: GivenDerivative, context: LineContext): Judgement {
  switch (line.shape) {
    case "smooth":
      return judgeSmooth(line, given, context);
    case "flat":
      return judgeFlat(line, given);
    case "kink":
      return judgeKink(line, given);
    case "noise":
      return judgeNoisy(line, given, context);
    case "jump":
      return inconclusive("f jumps at the point");
    case "edge":
      return inconclusive(edgeReason(line));
    case "undefined":
      return inconclusive(
        Number.isNaN(line.noise) ? "f is not finite at the point" : "f is not finite on either side of the point",
      );
    case "coarse":
      return inconclusive("the argument's neighbours are too far apart for a range of steps");
    case "rough":
      return inconclusive(
        "differences depend on the step by more than noise explains: no plateau" +
          (line.break ? `; ${describeBreak(line.break)}` : ""),
      );
  }
}

function judgeSmooth(line: LineDerivative, given: GivenDerivative, context: LineContext): Judgement {
  if (!Number.isFinite(given.value)) {
    return Math.abs(line.value) + line.error >= given.overflow
      ? inconclusive(`the given derivative is ${given.value}, and the numeric one is beyond its format`)
      : { verdict: "mismatch", reason: `the given derivative is ${given.value}` };
  }
  const unit = line.error + given.error;
  const off = Math.abs(given.value - line.value);
  if (off <= matchLimit * unit) return { verdict: "match" };
  if (off <= mismatchLimit * unit) {
    return inconclusive(`between ${matchLimit} and ${mismatchLimit} error estimates off, which decides nothing`);
  }
  if (line.across && Math.abs(given.value - line.across.value) <= mismatchLimit * (line.across.error + given.error)) {
    return inconclusive(
      `${line.break ? describeBreak(line.break) : "f jumps"}; over steps that span it the derivative is ` +
        `${number(line.across.value)}, which the given one agrees with`,
    );
  }
  return hides(line, given.value, context) ?? { verdict: "mismatch" };
}

/** A derivative so large that f would oscillate between neighbouring numbers, where f has noise that may be just that. */
function hides(
  line: LineDerivative,
  given: number,
  { spacing, unitRoundoff, deterministic }: LineContext,
): Judgement | undefined {
  const unexplained = deterministic && line.noise > 64 * unitRoundoff * line.largest;
  if (!unexplained || !(Math.abs(given) * spacing * 16 >= line.noise)) return undefined;
  return inconclusive(
    `f scatters by ${number(line.noise)}, more than rounding explains; by the given derivative it changes that fast ` +
      "between neighbouring arguments",
  );
}

function judgeFlat(line: LineDerivative, given: GivenDerivative): Judgement {
  const to = line.steps?.[1] ?? 0;
  const off = Math.abs(given.value);
  const reason = `f does not change at all for steps up to ${number(to)}`;
  // A staircase may be what rounding makes of the given derivative, if its jumps are about as large as that would be.
  if (line.break?.kind === "jump" && off * line.break.distance <= matchLimit * line.break.size) {
    return inconclusive(`${reason}, and jumps by ${number(line.break.size)} farther away: a staircase`);
  }
  if (off <= matchLimit * (line.error + given.error)) return inconclusive(`${reason}: 0 = 0 says nothing`);
  if (line.largest > 0 && off * to > visibleChange * line.largest) return { verdict: "mismatch", reason };
  return inconclusive(`${reason}, which is too little for a derivative of ${number(given.value)} to show`);
}

/**
 * Between the one-sided derivatives any choice may be right. Outside it is wrong, if the kink is at the point and nothing
 * else is near: both derivatives stay what they are over a long range of steps.
 */
function judgeKink({ left, right, kinkSteps, ...line }: LineDerivative, given: GivenDerivative): Judgement {
  if (!left || !right) return inconclusive("a kink");
  const [low, high] = left.value < right.value ? [left, right] : [right, left];
  const below = (low.value - given.value) / (low.error + given.rounding);
  const above = (given.value - high.value) / (high.error + given.rounding);
  const sides = `${line.break ? describeBreak(line.break) : "a kink"}: derivatives are ${number(left.value)} on the left and ${number(right.value)} on the right`;
  const outside = Math.max(below, above);
  const isAlone = line.break?.side === "here" && kinkSteps !== undefined && kinkSteps[1] / kinkSteps[0] >= kinkRange;
  if (isAlone && (outside > mismatchLimit || !Number.isFinite(given.value))) {
    return { verdict: "mismatch", reason: `${sides}; the given one is not between them` };
  }
  if (outside > matchLimit)
    return inconclusive(`${sides}; the given one is not between them, but there may be more kinks`);
  return inconclusive(`${sides}; the given one lies between them`);
}

function judgeNoisy(line: LineDerivative, given: GivenDerivative, context: LineContext): Judgement {
  const reason = `all that is known is ${number(line.value)} ± ${roughly(line.error)} (noise of f: ${roughly(line.noise)})`;
  if (!Number.isFinite(given.value)) return inconclusive(reason);
  const off = (estimate: { value: number; error: number }) =>
    Math.abs(given.value - estimate.value) / (estimate.error + given.error);
  const contradicted = line.agreeing.filter((estimate) => off(estimate) > matchLimit).length >= 3;
  if (!(contradicted && off(line) > mismatchLimit)) return inconclusive(reason);
  return hides(line, given.value, context) ?? { verdict: "mismatch", reason };
}

function edgeReason({ left, right }: LineDerivative): string {
  const [finite, side] = left ? [left, "left"] : [right, "right"];
  const what = `f is finite on the ${side} of the point only`;
  if (!finite || matchLimit * finite.error > Math.abs(finite.value) / 4) return what;
  return `${what}; the derivative there is ${number(finite.value)} ± ${roughly(finite.error)}`;
}

/** "a kink 1e-9 to the right" */
export function describeBreak({ kind, side, distance, size }: NonNullable<LineDerivative["break"]>): string {
  const what = kind === "jump" ? `a jump of ${number(size)}` : `a ${kind}`;
  return side === "here"
    ? `${what} at the point, or within ${number(distance)} of it`
    : `${what} ${number(distance)} to the ${side}`;
}
