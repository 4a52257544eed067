import {
  elementLimit,
  type FloatDtype,
  type GradientVerdict,
  type Judgement,
  type LagCount,
  type Location,
  type Power,
  tensorLimit,
} from "@gradproof/verification";
import type { ProblemSummary } from "../checked-file.ts";
import { count, inSigma } from "./numbers.ts";

export const dtypeName: Readonly<Record<FloatDtype, string>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
};

const lossName: Readonly<Record<ProblemSummary["loss"], string>> = {
  cross_entropy: "cross entropy",
  mse: "mse",
  half_squared_error: "½ squared error",
  linear: "given by its gradient",
};

/** "cross entropy (mean)" */
export function describeLoss({ loss, reduction }: ProblemSummary): string {
  return loss === "linear" ? `loss ${lossName[loss]}` : `${lossName[loss]} (${reduction})`;
}

/** "T 7  B 3  I 4  H 6  O 5" */
export function describeSizes({ T, B, I, H, O }: Pick<ProblemSummary, "T" | "B" | "I" | "H" | "O">): string {
  return `T ${T}  B ${B}  I ${I}  H ${H}  O ${O}`;
}

/** The precisions that the gradients were computed in: "float64", or "float32 and float64". */
export function describePrecision({ gradients }: Judgement): string {
  return [...new Set(gradients.map(({ dtype }) => dtypeName[dtype]))].join(" and ");
}

/** At most this many names are listed in a sentence. */
const namesInSentence = 5;

/** What a judgement is worth, in a few clauses. */
export function describePower(power: Power): string[] {
  const { caught, inert, inapplicable, visibleLag, largestLag, measuredOn } = power;
  const on = measuredOn && ` (measured on a part of it: ${describeSizes(measuredOn).replaceAll("  ", ", ")})`;
  const clauses = [
    `${caught.length} of ${count(caught.length + inert.length, "known mistake")} would have been caught${on ?? ""}`,
  ];
  const here = inertHere(power);
  if (here.length > 0) clauses.push(`inert here: ${listed(here)}`);
  if (inapplicable.length > 0) clauses.push(`${inapplicable.length} are about what this problem has not`);
  if (visibleLag !== undefined && largestLag > 0) {
    clauses.push(`truncations visible to lag ${visibleLag} of ${largestLag}`);
  }
  return clauses;
}

/** Mistakes that would show on a problem of other numbers or lengths, and do not on this one. */
export function inertHere({ inert, inapplicable }: Power): string[] {
  return inert.filter((name) => !inapplicable.includes(name));
}

/** "a, b and 7 more" */
function listed(names: readonly string[]): string {
  if (names.length <= namesInSentence) return names.join(", ");
  return `${names.slice(0, namesInSentence - 1).join(", ")} and ${names.length - namesInSentence + 1} more`;
}

/** The known mistakes that a judgement names, each once. */
export function namedMistakes({ diagnosis }: Judgement): string[] {
  return diagnosis?.mistakes.map(({ name }) => name) ?? [];
}

/** Whether a known mistake explains a mismatch, and how far. */
export function describeCause({ diagnosis, gradients }: Judgement): string | undefined {
  if (!diagnosis) return undefined;
  const { mistakes, together, untried = 0 } = diagnosis;
  const judged = count(gradients.length, "gradient");
  const tried = untried > 0 ? `; ${count(untried, "known mistake")} could not be tried on a problem of this size` : "";
  if (mistakes.length === 0) return `no known mistake gives these gradients${tried}`;
  if (!together) return `no known mistake gives all ${judged}${tried}; these give some of them`;
  const all = gradients.length === 1 ? "this gradient" : `all ${judged}, right and wrong,`;
  return mistakes.length === 1
    ? `a known mistake gives ${all} to within rounding`
    : `each of these gives ${all} to within rounding, the most specific first`;
}

/** Where gradients go wrong, as a sentence. */
export function describeLocation(location: Location): string {
  switch (location.by) {
    case "steps": {
      const { step, wrong, steps, sequences } = location;
      const from =
        step === steps - 1
          ? `from the last step, x[${step}], on back`
          : `right at x[${step + 1}] and after, wrong from x[${step}] back`;
      const extent = wrong === step + 1 ? "" : `, at ${count(wrong, "step")} of ${steps}`;
      const some = sequences
        ? `, in ${sequences.length === 1 ? "sequence" : "sequences"} ${sequences.join(", ")} alone`
        : "";
      return `the gradient of x is ${step === steps - 1 ? "wrong " : ""}${from}${extent}${some}: the δ of that step is the first wrong one`;
    }
    case "sums":
      return `the gradient of x is right, and with it every δ: only what is made of them is wrong, ${location.gradients.join(", ")}`;
    case "lags":
      return describeLags(location.lags, location.steps);
    default:
      return "not determinable; next: have the gradient of x judged too, which tells the step";
  }
}

function describeLags(lags: readonly LagCount[], steps: number): string {
  const parts = lags.map(({ from, to, count: times }) => {
    const range = from === to ? `${from}` : to === steps - 1 ? `${from} and more` : `${from} to ${to}`;
    return `${range} (${times === 0 ? "missing" : `counted ${times} times`})`;
  });
  return `in the gradient of W_hh, the terms that many steps back: ${parts.join(", ")}`;
}

/** Largest error over all gradients in σ; undefined where one could not be measured. */
export function largestError({ gradients }: Judgement): number | undefined {
  const sizes = gradients.map(({ errorInSigma }) => errorInSigma);
  return sizes.includes(undefined) ? undefined : Math.max(...(sizes as number[]));
}

/** What is said alike of every gradient that something is said of, at least two. */
export function sharedReason({ gradients }: Judgement): string | undefined {
  const reasons = gradients.flatMap(({ reason = [] }) => reason);
  return reasons.length > 1 && new Set(reasons).size === 1 ? reasons[0] : undefined;
}

/** The rule that was broken, where no single element breaks it. */
export function rmsRemark({ verdict, errorInSigma, rmsInSigma }: GradientVerdict): string | undefined {
  if (verdict !== "mismatch" || errorInSigma === undefined || errorInSigma > elementLimit) return undefined;
  return `${inSigma(rmsInSigma)} in root mean square over the tensor; a match is within ${tensorLimit}`;
}
