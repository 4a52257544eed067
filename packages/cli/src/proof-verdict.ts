import type { ProofRun } from "@gradproof/verification";
import type { ExitStatus } from "./exit-status.ts";

/**
 * `proven`; `refuted` by a counterexample; or `controls-failed`, where the derivation agrees with autodiff on every problem,
 * but a known mistake was accepted although it shows, or refused although it should not show: then agreement says nothing.
 */
export type ProofVerdict = "proven" | "refuted" | "controls-failed";

export function verdictOf({ problems, proven, mistakes }: ProofRun): ProofVerdict {
  if (proven < problems) return "refuted";
  return mistakes.every(({ unexpected }) => unexpected.length === 0) ? "proven" : "controls-failed";
}

export function statusOfProof(run: ProofRun): ExitStatus {
  return verdictOf(run) === "proven" ? 0 : 1;
}
