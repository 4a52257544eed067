import { float64 } from "@gradproof/arithmetic";
import { liftProblem, parameterNames } from "@gradproof/rnn";
import { autodiffGradient } from "../../autodiff-gradient.ts";
import { judge } from "../../judge.ts";
import { multiplyAdds } from "../../multiply-adds.ts";
import type { Subject } from "../explain.ts";
import type { Finding } from "../finding.ts";

/** Above this many multiply-adds the check is left to `judge`. */
const judgeable = 2e7;
const comparable = 1e8;
/** Two orders of summation in float64 differ by far less for problems that are checked; a mistake by far more. */
const agreement = 1e-6;

/** Question 0: gradients that were given are judged; without any, BPTT is compared with autodiff. */
export function trustFindings({ problem, flow, options }: Subject): Finding[] {
  const { gradients = [] } = options;
  if (gradients.length > 0) {
    if (multiplyAdds(problem) > judgeable)
      return [notChecked("gradients given are not judged here, for the problem is large")];
    const { verdict, gradients: judged } = judge({ problem, gradients });
    const wrong = judged.filter((gradient) => gradient.verdict === "mismatch");
    const largest = Math.max(...judged.map(({ errorInSigma = Number.POSITIVE_INFINITY }) => errorInSigma));
    const named = [...new Set(wrong.flatMap(({ mistakes }) => mistakes))];
    return [
      {
        question: 0,
        measure: "largest error of the given gradients in σ",
        value: largest,
        threshold: 32,
        evidence:
          verdict === "mismatch"
            ? `${wrong.map(({ name }) => name).join(", ")} ${wrong.length === 1 ? "is" : "are"} wrong${named.length > 0 ? `: ${named.join(" or ")}` : ""}`
            : `the gradients given: ${verdict}`,
        severity: verdict === "mismatch" ? "error" : verdict === "match" ? "note" : "inconclusive",
        ...(verdict === "mismatch" && { cause: "wrong-gradient" as const }),
        tryNext: verdict === "mismatch" ? ["gradproof check FILE says where, and which known mistakes give it"] : [],
      },
    ];
  }
  if (multiplyAdds(problem) > comparable || flow.nonFinite.length > 0)
    return [notChecked("not compared with autodiff here")];
  const expected = autodiffGradient(float64, liftProblem(float64, problem)).gradient;
  let difference = 0;
  for (const name of parameterNames) {
    const [ours, theirs] = [flow.gradient[name], expected[name]];
    if (!ours || !theirs) continue;
    const values = float64.lower(theirs);
    ours.data.forEach((value, i) => {
      difference = Math.max(difference, Math.abs(value - values[i]));
    });
  }
  const share = flow.gradientNorm === 0 ? 0 : difference / flow.gradientNorm;
  return [
    {
      question: 0,
      measure: "largest difference between BPTT and autodiff, as a share of the gradient's length",
      value: share,
      threshold: agreement,
      evidence: `BPTT and autodiff ${share <= agreement ? "agree to" : "differ by"} ${share.toExponential(1)} of the gradient's length`,
      severity: share <= agreement ? "note" : "inconclusive",
      tryNext: share <= agreement ? [] : ["the problem is chaotic beyond float64; judge the gradient in its own σ"],
    },
  ];
}

function notChecked(evidence: string): Finding {
  const tryNext = ["gradproof check FILE judges the gradients of a file"];
  return { question: 0, measure: "agreement of gradients", value: Number.NaN, evidence, severity: "note", tryNext };
}

/** Question 1: what is not finite, and where it began. */
export function nonFiniteFindings({ flow: { nonFinite } }: Subject): Finding[] {
  const [first] = nonFinite;
  if (first === undefined) return [];
  const { count, first: site } = first.found;
  const names = nonFinite.map(({ name, found }) => `${found.count} of ${name}`).join(", ");
  const where =
    site && site.index.length > 0 ? `; the first, ${site.value}, is ${first.name}[${site.index.join(", ")}]` : "";
  return [
    {
      question: 1,
      measure: `numbers of ${first.name} that are not finite`,
      value: count,
      threshold: 0,
      evidence: `not finite: ${names}${where}`,
      severity: "error",
      cause: "non-finite",
      tryNext: ["a smaller gain, or clipping before the optimiser step; a norm that is not finite cannot be clipped"],
    },
  ];
}
