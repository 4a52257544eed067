import { readCase } from "@gradproof/interchange";
import { dimensions } from "@gradproof/rnn";
import { explain, type Finding, judge, type NamedMistake, questions, type Verdict } from "@gradproof/verification";
import { describeCause, describeLocation, describePower } from "gradproof/wording";

export interface CheckedGradient {
  readonly name: string;
  readonly verdict: Verdict;
  readonly errorInSigma: number | undefined;
  readonly index: readonly number[];
  readonly given: number;
  readonly reference: number;
}

/** What the page says about a file. */
export interface Checked {
  readonly verdict: Verdict;
  readonly sizes: string;
  readonly gradients: readonly CheckedGradient[];
  readonly cause: string | undefined;
  readonly location: string | undefined;
  readonly mistakes: readonly NamedMistake[];
  readonly power: readonly string[];
  /** Whether the gradient flows, and what was found about each question. */
  readonly flow: string;
  readonly findings: readonly (Pick<Finding, "evidence" | "severity" | "tryNext"> & { readonly question: string })[];
}

/**
 * Reads a case file, judges its gradients and looks at how they flow, as the command does.
 *
 * @throws CaseError, FileFormatError, ProblemError, RangeError: what is wrong with the file, in words.
 */
export function checked(bytes: Uint8Array, name: string): Checked {
  const given = readCase(bytes, { name });
  const judgement = judge(given);
  const { T, B, I, H, O } = dimensions(given.problem);
  const explanation = explain(given.problem, { gradients: given.gradients });
  return {
    verdict: judgement.verdict,
    sizes: `${T} steps, ${B} sequences, ${I} inputs, ${H} hidden units, ${O} outputs, ${given.problem.nonlinearity}`,
    gradients: judgement.gradients.map(({ name: gradient, verdict, errorInSigma, worst }) => ({
      name: gradient,
      verdict,
      errorInSigma,
      index: worst.index,
      given: worst.given,
      reference: worst.reference,
    })),
    cause: describeCause(judgement),
    location: judgement.diagnosis && describeLocation(judgement.diagnosis.location),
    mistakes: judgement.diagnosis?.mistakes ?? [],
    power: describePower(judgement.power),
    flow: explanation.verdict,
    findings: explanation.findings.map(({ question, evidence, severity, tryNext }) => ({
      question: questions[question],
      evidence,
      severity,
      tryNext,
    })),
  };
}
