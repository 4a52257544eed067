import type { Along, Point } from "../point.ts";
import { type CheckOptions, checkGradient } from "./check-gradient.ts";
import { renderReport } from "./render.ts";
import type { GradientReport } from "./report.ts";

/** A gradient that is not known to be right. The message is the report as text. */
export class GradientError extends Error {
  override readonly name = "GradientError";
  readonly report: GradientReport;
  constructor(report: GradientReport) {
    super(`assertGradient: ${renderReport(report)}`);
    this.report = report;
  }
}

export interface AssertOptions extends CheckOptions {
  /** What an inconclusive check does: "throw", unless given, for what is not checked is not known to be right. */
  readonly inconclusive?: "throw" | "accept";
}

/**
 * {@link checkGradient} for a test: returns the report of a gradient that matches, and throws one of any other.
 *
 * @throws GradientError with the report; what checkGradient throws.
 * @example
 * ```ts
 * assertGradient((x: Float64Array) => x[0] ** 3, (x) => [3 * x[0] ** 2], Float64Array.of(2));
 * ```
 */
export function assertGradient<P extends Point>(
  f: (x: P) => number,
  gradient: Along<P> | ((x: P) => Along<P>),
  at: P,
  { inconclusive = "throw", ...options }: AssertOptions = {},
): GradientReport {
  const report = checkGradient(f, gradient, at, options);
  if (report.verdict === "match" || (report.verdict === "inconclusive" && inconclusive === "accept")) return report;
  throw new GradientError(report);
}
