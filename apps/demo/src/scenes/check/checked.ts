import { type Finding, type NamedMistake, questions, type Verdict } from "@gradproof/verification";
import { type FlowedFile, isExplained, type JudgedFile } from "gradproof/page";
import { describeCause, describeLocation, describeLoss, describePower } from "gradproof/wording";

export interface CheckedGradient {
  readonly name: string;
  readonly verdict: Verdict;
  readonly errorInSigma: number | undefined;
  readonly index: readonly number[];
  readonly given: number;
  readonly reference: number;
}

/** What the page says about a file that could be judged. */
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

/** The command's judgement of a file and of its flow, as the page shows them. */
export function checked({ problem, judgement }: JudgedFile, flowed: FlowedFile): Checked {
  const { T, B, I, H, O } = problem;
  return {
    verdict: judgement.verdict,
    sizes: `${T} steps, ${B} sequences, ${I} inputs, ${H} hidden units, ${O} outputs, ${problem.nonlinearity}, ${describeLoss(problem)}`,
    gradients: judgement.gradients.map(({ name, verdict, errorInSigma, worst }) => ({
      name,
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
    flow: isExplained(flowed) ? flowed.verdict : flowed.error,
    findings: isExplained(flowed) ? flowed.explanation.findings.map(answer) : [],
  };
}

function answer({ question, evidence, severity, tryNext }: Finding) {
  return { question: questions[question], evidence, severity, tryNext };
}
