import { float64 } from "@gradproof/arithmetic";
import { shareFrom } from "@gradproof/diagnostics";
import { forward, liftProblem, parameterNames, truncatedToChunks } from "@gradproof/rnn";
import type { Subject } from "../explain.ts";
import { type Finding, thresholds } from "../finding.ts";
import { percent } from "./lags.ts";

/** Question 8: what truncation to chunks cuts off. */
export function truncationFindings({ problem, flow, lag, lagIsGiven, options: { truncation } }: Subject): Finding[] {
  const { T } = flow.dimensions;
  if (truncation === undefined) return [];
  const share = shareFrom(flow.contributions.profile, truncation);
  const error = truncationError(problem, truncation, flow.gradientNorm);
  // In a chunk of h steps, the losses of the last h − lag reach that far back.
  const reaching = Math.max(0, truncation - lag) / truncation;
  const bad = truncation < T && (lagIsGiven ? reaching < thresholds.reachingLosses : error > thresholds.truncation);
  const longer = [2 * truncation, 4 * truncation, 2 * lag].map((h) => Math.min(h, T));
  return [
    {
      question: 8,
      measure: lagIsGiven
        ? `share of the losses whose chunk of ${truncation} reaches lag ${lag}`
        : `error of the gradient truncated to chunks of ${truncation}, as a share of the whole`,
      value: lagIsGiven ? reaching : error,
      threshold: lagIsGiven ? thresholds.reachingLosses : thresholds.truncation,
      evidence: `${percent(share)} of the gradient comes from lags of ${truncation} and more; truncated, it is off by ${percent(error)} of its length${
        lagIsGiven ? `; ${percent(reaching)} of the losses reach the lag of ${lag} that the task needs` : ""
      }`,
      severity: bad ? "warning" : "note",
      ...(bad && { cause: "truncation" as const }),
      tryNext: bad
        ? [...new Set(longer)].map(
            (h) => `chunks of ${h}: off by ${percent(truncationError(problem, h, flow.gradientNorm))} of its length`,
          )
        : [],
    },
  ];
}

function truncationError(given: Subject["problem"], h: number, length: number): number {
  const problem = liftProblem(float64, given);
  const trajectory = forward(float64, problem);
  const [whole, truncated] = [given.x.shape[0], h].map((steps) =>
    truncatedToChunks(float64, problem, trajectory, steps),
  );
  let sum = 0;
  for (const name of parameterNames) {
    const [a, b] = [whole[name], truncated[name]];
    if (!a || !b) continue;
    const values = float64.lower(b);
    float64.lower(a).forEach((value, i) => {
      sum += ((value - values[i]) / length) ** 2;
    });
  }
  return Math.sqrt(sum);
}
