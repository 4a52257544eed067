import { reach, shareFrom } from "@gradproof/diagnostics";
import type { Subject } from "../explain.ts";
import { type Finding, thresholds } from "../finding.ts";

/** Question 3: which lags the gradient comes from, against the one that is needed. */
export function lagFindings({ flow, lag, lagIsGiven }: Subject): Finding[] {
  const { profile, oldestLag, overflows } = flow.contributions;
  const reached = reach(profile);
  if (reached === undefined) {
    return [
      {
        question: 3,
        measure: "gradient through time",
        value: 0,
        threshold: 0,
        evidence: "no step contributes anything: the gradient is exactly 0",
        severity: "note",
        tryNext: ["a target that the outputs differ from, or units that are on"],
      },
    ];
  }
  const share = shareFrom(profile, lag);
  const capped = overflows > 0 ? `; ${overflows} contributions overflow and count as the largest number` : "";
  const need = lagIsGiven ? `the task needs lag ${lag}` : `half of the sequence is lag ${lag}`;
  return [
    {
      question: 3,
      measure: `share of the gradient from lag ${lag} on`,
      value: share,
      threshold: thresholds.neededShare,
      evidence: `95 % of it comes from lags up to ${reached} of ${oldestLag}; ${need}, and lags from there on give ${percent(share)} of it${capped}`,
      severity: "note",
      tryNext: [],
    },
  ];
}

/** "12.3 %", "3.1e-7" */
export function percent(share: number): string {
  return share > 0 && share < 0.0005 ? `${share.toExponential(1)}` : `${(100 * share).toFixed(1)} %`;
}
