import { holds, type RnnProof } from "@gradproof/verification";
import type { ExitStatus } from "../exit-status.ts";

/**
 * `proven`; `refuted` by a counterexample; or `controls-failed`, where every derivation agrees with autodiff, but something
 * wrong was accepted although it shows, or refused although it should not show: then agreement says nothing.
 */
export type ProofVerdict = "proven" | "refuted" | "controls-failed";

export function verdictOf(proof: RnnProof): ProofVerdict {
  if (proof.derivations.some(({ proven }) => proven < proof.problems.length)) return "refuted";
  return holds(proof) ? "proven" : "controls-failed";
}

export function statusOfProof(proof: RnnProof): ExitStatus {
  return verdictOf(proof) === "proven" ? 0 : 1;
}
