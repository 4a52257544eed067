import type { Finding } from "@gradproof/verification";
import { contributionFigure, contributionLevels } from "../figures/contribution-figure.ts";
import type { Figure } from "../figures/figure.ts";
import { horizonFigure } from "../figures/horizon-figure.ts";
import { lagFigure } from "../figures/lag-figure.ts";
import { opacityOf, sideOf } from "../figures/level-map.ts";
import { neuronFigure, neuronProducts } from "../figures/neuron-figure.ts";
import { productFigure } from "../figures/product-figure.ts";
import { saturationFigure, slopeLevels } from "../figures/saturation-figure.ts";
import { spectrumFigure } from "../figures/spectrum-figure.ts";
import { bytesOf, type Html, html, trusted } from "../report/html.ts";
import { page } from "../report/page.ts";
import { type Drawing, drawing } from "../report/plot.ts";
import { powerOfTen } from "../report/power-of-ten.ts";
import { mark } from "../report/verdict-mark.ts";
import { count } from "../text/numbers.ts";
import { describeLoss } from "../text/wording.ts";
import { type ExplainedFile, type FlowedFile, isExplained } from "./flow-bytes.ts";
import { flowSign, headline, questionOf, severitySign, steps } from "./flow-wording.ts";

/** A report stays below two megabytes: files beyond that keep their findings and lose their figures. */
const budget = 1_800_000;

/**
 * One self-contained HTML page about how gradients flow: findings, figures with their numbers, and a series' horizon where
 * there are several files.
 *
 * @param version - of gradproof, as the page names it.
 */
export async function flowReportPage(files: readonly FlowedFile[], version: string): Promise<string> {
  const draw = await drawing();
  const around = html`${files.length > 1 ? seriesPart(files, draw) : undefined}${background(draw)}`;
  let space = budget - bytesOf(around);
  let drawn: Drawing | undefined = draw;
  const sections = files.map((file, i) => {
    const id = `file-${i + 1}`;
    let section = fileSection(file, id, drawn);
    if (bytesOf(section) > space) {
      drawn = undefined;
      section = fileSection(file, id, drawn);
    }
    if (bytesOf(section) > space) section = html`<p id="${id}">${file.file}: no room for details.</p>\n`;
    space -= bytesOf(section);
    return section;
  });
  return page(
    "Does the gradient flow?",
    html`${files.length > 1 ? seriesPart(files, draw) : undefined}
${sections}
${files.some(isExplained) ? background(draw) : undefined}`,
    version,
  );
}

function verdictOf(file: FlowedFile): Html {
  const kinds = {
    flows: "match",
    obstructed: "mismatch",
    inconclusive: "inconclusive",
    error: "error",
    fault: "error",
  };
  return mark(kinds[file.verdict], flowSign[file.verdict], file.verdict);
}

function seriesPart(files: readonly FlowedFile[], draw: Drawing): Html {
  const explained = files.filter(isExplained);
  const points = explained.map(({ file, explanation: { flow } }) => ({
    name: file,
    exponent: flow.spectrum.exponents[0] ?? Number.NaN,
    reach: flow.horizons.reach95,
  }));
  return html`<section aria-labelledby="series"><h2 id="series">The series</h2>
${points.length > 1 ? figurePart(horizonFigure(draw, points), "Memory along the series", "") : undefined}
<section class="scroll" tabindex="0" aria-label="Files">
<table><caption>Files and what was found</caption>
<thead><tr><th scope="col">File</th><th scope="col">Flow</th><th scope="col">Found</th><th scope="col" class="number">λ₁</th><th scope="col" class="number">95 % lag</th></tr></thead>
<tbody>
${files.map((file, i) => {
  const found = isExplained(file) ? headline(file) : file.error;
  const flow = isExplained(file) ? file.explanation.flow : undefined;
  return html`<tr><th scope="row"><a href="#file-${i + 1}">${file.file}</a></th><td>${verdictOf(file)}</td><td>${found}</td><td class="number">${flow?.spectrum.exponents[0]?.toFixed(3) ?? ""}</td><td class="number">${flow ? steps(flow.horizons.reach95) : ""}</td></tr>\n`;
})}</tbody></table>
</section></section>
`;
}

function fileSection(file: FlowedFile, id: string, draw: Drawing | undefined): Html {
  const body = isExplained(file) ? explainedParts(file, draw) : html`<p>${file.error}</p>`;
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${file.file}</h2>
<p>${verdictOf(file)}${isExplained(file) ? html`: ${headline(file)}.` : ""}</p>
${body}
</section>
`;
}

function explainedParts(file: ExplainedFile, draw: Drawing | undefined): Html {
  const { problem, explanation, generated } = file;
  const { T, B, I, H, O } = problem;
  const sizes = `T = ${count(T, "step")}, B = ${count(B, "sequence")}, I = ${count(I, "input")}, H = ${count(H, "hidden unit")}, O = ${count(O, "output")}`;
  return html`<dl><dt>Sizes</dt><dd>${sizes}</dd><dt>Model</dt><dd>${problem.nonlinearity}, ${generated ? "generated input, and a random linear loss of every step" : describeLoss(problem)}</dd></dl>
<h3>Findings</h3>
${explanation.findings.map(findingPart)}
<h3>Memory</h3>
${horizonTable(file)}
${draw ? figures(file, draw) : html`<p class="quiet">Figures are left out to keep this report small; analyse this file alone to see them.</p>`}
<h3>What a change would do</h3>
${experimentTable(file)}`;
}

function findingPart(finding: Finding): Html {
  const kind = { error: "mismatch", warning: "mismatch", note: "quiet", inconclusive: "inconclusive" }[
    finding.severity
  ];
  const compared =
    finding.threshold === undefined
      ? ""
      : ` ${finding.measure}: ${finding.value.toPrecision(4)}, compared with ${finding.threshold.toPrecision(4)}.`;
  return html`<div class="finding"><p><span class="verdict ${kind}">${severitySign[finding.severity]}&nbsp;${questionOf(finding)}</span></p>
<p>${raised(capital(finding.evidence))}.</p><p class="quiet">${raised(compared)}</p>
${finding.tryNext.length > 0 ? html`<ul>${finding.tryNext.map((advice) => html`<li>Try: ${raised(advice)}</li>`)}</ul>` : undefined}</div>
`;
}

/** Text with what stands behind a ^ raised. */
function raised(text: string): Html {
  const parts = text.split(/(?<=\be|\b10|W_hh)\^([−\d.]+)/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<sup>${part}</sup>` : part))}`;
}

function capital(sentence: string): string {
  const [first = "", ...rest] = [...sentence];
  return first === "λ" || first === "ρ" ? sentence : first.toUpperCase() + rest.join("");
}

function horizonTable({ file, explanation: { flow } }: ExplainedFile): Html {
  const { eFolding, hundredth, reach95, numerical, stepsInThePast } = flow.horizons;
  const rows: readonly [string, number | undefined][] = [
    ["−1/λ₁: an error has shrunk to 1/e, in the long run", eFolding],
    ["first lag with ‖∂h_t/∂h_k‖ below 1/100", hundredth],
    ["95 % of the gradient comes from lags up to", reach95],
    ["beyond it an addend is below the last bit of the sum in float64", numerical],
    ["steps whose ‖∂J/∂h_t‖² is at least 10⁻²⁰", stepsInThePast],
  ];
  return html`<section class="scroll" tabindex="0" aria-label="Memory in steps of ${file}"><table><caption>Memory in steps, by each definition in use</caption>
<thead><tr><th scope="col">Definition</th><th scope="col" class="number">Steps</th></tr></thead>
<tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="number">${steps(value)}</td></tr>\n`)}</tbody></table></section>
`;
}

function figures({ file, explanation: { flow, lag } }: ExplainedFile, draw: Drawing): Html {
  const { contributions, products, spectrum, saturation, dimensions, horizons } = flow;
  const [first] = products;
  const grid = { steps: contributions.steps, columns: contributions.columns, sizes: contributions.sizes };
  return html`<h3>Pictures</h3>
${contributions.steps.length > 0 ? figurePart(contributionFigure(draw, grid), "Contributions (t, k) to the recurrent gradient, as a share of the largest", file, keys(contributionLevels.map((end) => `above ${end < 0.01 ? powerOfTen(end) : end}`))) : undefined}
${figurePart(lagFigure(draw, { ...contributions.profile, reach: horizons.reach95, needed: lag }), "The gradient by lag", file)}
${first && figurePart(productFigure(draw, { norms: products.map(({ norm }) => norm), upperBound: first.upperBound, weightBound: first.weightBound, lowerBound: first.lowerBound }), "How an error's length changes on its way back", file)}
${figurePart(spectrumFigure(draw, { exponents: spectrum.exponents, standardError: spectrum.standardError, width: dimensions.H }), "Lyapunov exponents", file)}
${figurePart(saturationFigure(draw, { ...saturation.map, byUnit: saturation.byUnit }), "Saturation over time and units", file, keys(slopeLevels.map((end) => `slope below ${end.toPrecision(2)}`)))}
`;
}

/** What the squares of a map mean. */
function keys(words: readonly string[]): Html {
  const highest = words.length;
  return html`<ul class="keys">${words.map((word, i) => {
    const side = sideOf(i + 1, highest);
    const inset = (1 - side) / 2;
    return html`<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect x="${inset}" y="${inset}" width="${side}" height="${side}" fill="var(--heat)" fill-opacity="${opacityOf(i + 1, highest)}"/></svg>${word}</li>`;
  })}</ul>`;
}

function figurePart({ svg, summary, table }: Figure, title: string, of: string, key?: Html): Html {
  return html`<figure>
${trusted(svg)}
${key}
<figcaption><strong>${title}.</strong> ${raised(summary)}</figcaption>
</figure>
<details><summary>${title}: the numbers</summary>
<section class="scroll" tabindex="0" aria-label="${title}: the numbers${of && ` of ${of}`}"><table><caption>${title}</caption>
<thead><tr>${table.headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${table.rows.map(
    ([head = "", ...cells]) =>
      html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td class="number">${raised(cell)}</td>`)}</tr>\n`,
  )}</tbody></table></section></details>
`;
}

function experimentTable({ file, explanation: { experiments, lag } }: ExplainedFile): Html {
  return html`<section class="scroll" tabindex="0" aria-label="What a change would do to ${file}"><table><caption>Computed on the same data; a network whose errors keep their length has λ₁ near 0</caption>
<thead><tr><th scope="col">Change</th><th scope="col" class="number">λ₁ a step</th><th scope="col" class="number">ln growth over ${lag} steps</th><th scope="col" class="number">Loss</th></tr></thead>
<tbody>${experiments.map(({ change, exponent, overLag, loss }) => html`<tr><th scope="row">${change}</th><td class="number">${exponent.toFixed(3)}</td><td class="number">${overLag.toFixed(1)}</td><td class="number">${loss.toPrecision(4)}</td></tr>\n`)}</tbody></table></section>
`;
}

function background(draw: Drawing): Html {
  const weights = Array.from({ length: 61 }, (_, i) => i / 20);
  const neuron = neuronFigure(draw, neuronProducts(0.5, weights, [1, 5, 20]));
  return html`<section aria-labelledby="reading"><h2 id="reading">How to read this</h2>
<p>An error travels back in time through products of Jacobians, ∂h_t/∂h_k. λ₁ is their growth per step in the long run, in natural logarithms: −0.1 leaves 90 % at every step, and 0.5 % after 52. A gradient of healthy size says nothing about that: the last steps can make it up alone.</p>
${figurePart(neuron, "A single neuron", "")}
</section>
`;
}
