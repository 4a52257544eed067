import type { Subject } from "../explain.ts";
import { type Finding, thresholds } from "../finding.ts";
import { percent } from "./lags.ts";

/** Question 6: units that let nothing through. */
export function unitFindings({ flow: { saturation, dimensions, nonlinearity, ...flow } }: Subject): Finding[] {
  const { H } = dimensions;
  const dead = saturation.dead.length / H;
  const latest = saturation.byStep.indexOf(Math.max(...saturation.byStep));
  const vanishes = flow.products[0].norm.at(-1) === Number.NEGATIVE_INFINITY;
  const isDead = dead >= thresholds.deadUnits || (nonlinearity === "relu" && vanishes && dead > 0);
  return [
    {
      question: 6,
      measure:
        nonlinearity === "relu"
          ? "share of units that are never on"
          : "share of slopes that are saturated (|h| > 0.97)",
      value: nonlinearity === "relu" ? dead : saturation.share,
      threshold: nonlinearity === "relu" ? thresholds.deadUnits : 0.5,
      evidence:
        nonlinearity === "relu"
          ? `${saturation.dead.length} of ${H} units are off at every step of every sequence; ${percent(1 - saturation.meanSlope)} of all slopes are 0`
          : `${percent(saturation.share)} of all slopes are saturated, most at step ${latest + 1}; the mean slope is ${saturation.meanSlope.toFixed(3)}`,
      severity: isDead ? "warning" : "note",
      ...(isDead && { cause: "dead-units" as const }),
      tryNext: isDead
        ? ["biases nearer to 0, a smaller learning rate, or W_hh the identity (Le, Jaitly and Hinton 2015)"]
        : [],
    },
  ];
}
