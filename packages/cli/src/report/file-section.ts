import type { GradientVerdict } from "@gradproof/verification";
import { type CheckedFile, isJudged, type JudgedFile } from "../checked-file.ts";
import { count, inSigma, place, scientific, sideBySide } from "../text/numbers.ts";
import { describeLoss, describePrecision, dtypeName, rmsRemark, sharedReason } from "../text/wording.ts";
import { diagnosisPart } from "./diagnosis-part.ts";
import { distributionFigure } from "./distribution-figure.ts";
import { errorMap } from "./error-map.ts";
import { errorScale, scaleKey } from "./error-scale.ts";
import { heatMapFigure, heatMapSummary } from "./heat-map-figure.ts";
import { type Html, html, trusted } from "./html.ts";
import type { Drawing } from "./plot.ts";
import { powerPart } from "./power-part.ts";
import { verdictMark } from "./verdict-mark.ts";

/** Everything about one file; figures only if there is something to draw them with. */
export function fileSection(file: CheckedFile, id: string, draw: Drawing | undefined): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${file.file}</h2>
<p>${verdictMark(file.verdict)}${isJudged(file) ? "" : html`: ${file.error}`}</p>
${isJudged(file) ? judgedParts(file, draw) : ""}
</section>
`;
}

function judgedParts(file: JudgedFile, draw: Drawing | undefined): Html {
  const { judgement } = file;
  const shared = sharedReason(judgement);
  return html`${diagnosisPart(judgement)}
${problemPart(file)}
${gradientTable(file, shared)}
${shared && html`<p class="notice">${shared}</p>`}
${draw ? figures(file, draw) : html`<p class="quiet">Figures are left out to keep this report small; check this file alone to see them.</p>`}
${powerPart(judgement.power)}`;
}

function problemPart({ problem, judgement }: JudgedFile): Html {
  const { T, B, I, H, O, nonlinearity, mask } = problem;
  const sizes = [
    `T = ${count(T, "step")}`,
    `B = ${count(B, "sequence")}`,
    `I = ${count(I, "input")}`,
    `H = ${count(H, "hidden unit")}`,
    `O = ${count(O, "output")}`,
  ];
  const facts: [string, string | Html][] = [
    ["Sizes", sizes.join(", ")],
    ["Nonlinearity", nonlinearity],
    ["Loss", `${describeLoss(problem)}${mask ? ", masked" : ""}, J = ${judgement.loss.toPrecision(7)}`],
    ["Precision", `parameters ${dtypeName[problem.dtype]}, gradients ${describePrecision(judgement)}`],
    ["Measured by", `${judgement.runs} perturbed runs, seed ${judgement.seed}`],
  ];
  if (judgement.contestedUnits > 0) {
    facts.push(["Kinks", `${judgement.contestedUnits} relu units that rounding may put on either side`]);
  }
  return html`<dl>
${facts.map(([term, words]) => html`<dt>${term}</dt><dd>${words}</dd>\n`)}</dl>`;
}

function gradientTable({ file, judgement: { gradients, diagnosis } }: JudgedFile, shared: string | undefined): Html {
  const together = diagnosis?.together ?? false;
  return html`<section class="scroll" tabindex="0" aria-label="Gradients of ${file}">
<table>
<caption>Gradients, and the worst element of each</caption>
<thead><tr><th scope="col">Gradient</th><th scope="col">Verdict</th><th scope="col" class="number">Error</th><th scope="col">At</th><th scope="col" class="number">Given</th><th scope="col" class="number">Reference</th><th scope="col" class="number">Resolution</th></tr></thead>
<tbody>
${gradients.map((gradient) => gradientRows(gradient, shared, together))}</tbody>
</table>
</section>`;
}

function gradientRows(gradient: GradientVerdict, shared: string | undefined, together: boolean): Html {
  const { name, verdict, worst, errorInSigma, resolution, reason, mistakes, relations = [] } = gradient;
  const [given, reference] = sideBySide(worst.given, worst.reference);
  const remark = [
    ...(mistakes.length > 0 && !together ? [`as ${mistakes.join(" or ")} gives it`] : []),
    ...relations,
    rmsRemark(gradient) ?? [],
    ...(reason !== undefined && reason !== shared ? [reason] : []),
  ]
    .flat()
    .join("; ");
  const cells = html`<th scope="row"><code>${name}</code></th><td>${verdictMark(verdict)}</td><td class="number">${inSigma(errorInSigma)}</td><td><code>${place(worst.index)}</code></td><td class="number">${given}</td><td class="number">${reference}</td><td class="number">${resolution === undefined ? "" : scientific(resolution)}</td>`;
  if (remark === "") return html`<tr>${cells}</tr>\n`;
  return html`<tr class="continued">${cells}</tr>\n<tr><td class="remark" colspan="7">${remark}</td></tr>\n`;
}

function figures({ judgement: { gradients } }: JudgedFile, draw: Drawing): Html {
  const distribution = distributionFigure(draw, gradients);
  return html`${
    distribution &&
    html`<figure>
${trusted(distribution)}
<figcaption>Each stroke is an element (or one of 60 quantiles), each sign the largest error of its tensor: ● match, ✕ mismatch, ▲ inconclusive. Right of the dashed line is wrong.</figcaption>
</figure>`
  }
${heatMaps(gradients, draw)}`;
}

/** Where the errors are: in the tensor with the largest, and in x, which shows when in time. */
function heatMaps(gradients: readonly GradientVerdict[], draw: Drawing): Html[] {
  const wrong = gradients.filter(({ verdict, errors }) => verdict === "mismatch" && errors !== undefined);
  const [worst] = wrong.toSorted((a, b) => (b.errorInSigma ?? 0) - (a.errorInSigma ?? 0));
  return wrong
    .filter((gradient) => gradient === worst || gradient.of === "x")
    .flatMap((gradient) => heatMap(gradient, gradient === worst ? "the worst tensor" : "step by step", draw) ?? []);
}

function heatMap(gradient: GradientVerdict, what: string, draw: Drawing): Html | undefined {
  const map = errorMap(gradient);
  if (!map) return undefined;
  const scale = errorScale(map.cells);
  const elements = map.rows.step * map.columns.step * map.panels.step;
  return html`<figure>
${trusted(heatMapFigure(draw, gradient, map, scale))}
${scaleKey(scale)}
<figcaption>|error| / σ in <code>${gradient.name}</code>, ${what}. ${heatMapSummary(gradient)}${elements > 1 ? ` Each square is the largest of up to ${elements} elements.` : ""} The largest is outlined.</figcaption>
</figure>
`;
}
