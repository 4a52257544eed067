import {
  elementLimit,
  type FloatDtype,
  type GradientVerdict,
  type Judgement,
  mistakes,
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
export function describeSizes({ T, B, I, H, O }: ProblemSummary): string {
  return `T ${T}  B ${B}  I ${I}  H ${H}  O ${O}`;
}

/** The precisions that the gradients were computed in: "float64", or "float32 and float64". */
export function describePrecision({ gradients }: Judgement): string {
  return [...new Set(gradients.map(({ dtype }) => dtypeName[dtype]))].join(" and ");
}

/** What a judgement is worth, in up to three clauses. */
export function describePower({ caught, inert, visibleLag, largestLag }: Power): string[] {
  const clauses = [
    `${caught.length} of ${count(caught.length + inert.length, "known mistake")} would have been caught`,
  ];
  if (inert.length > 0) clauses.push(`inert here: ${inert.join(", ")}`);
  if (visibleLag !== undefined && largestLag > 0) {
    clauses.push(`truncations visible to lag ${visibleLag} of ${largestLag}`);
  }
  return clauses;
}

/** The formula of a known mistake beside the right one. */
export function formulasOf(name: string): { readonly mistaken: string; readonly right: string } | undefined {
  return mistakes.find((mistake) => mistake.name === name);
}

/** The known mistakes that a judgement names, each once. */
export function namedMistakes({ gradients }: Judgement): string[] {
  return [...new Set(gradients.flatMap((gradient) => gradient.mistakes))];
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
