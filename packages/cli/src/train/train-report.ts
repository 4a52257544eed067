import type { Arithmetic } from "@gradproof/arithmetic";
import { forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { type Html, html, trusted } from "../report/html.ts";
import { page } from "../report/page.ts";
import { drawing } from "../report/plot.ts";
import { grouped, inSigma, short } from "../text/numbers.ts";
import { signOf } from "../text/palette.ts";
import { version } from "../version.ts";
import type { Check } from "./check-log.ts";
import type { RunPlan, RunResult } from "./run-training.ts";
import type { EndEvent } from "./train-event.ts";
import { horizonFigure, horizonSummary, lossFigure, lossSummary, normFigure, normSummary } from "./train-figures.ts";
import { duration, ofTrivial, percent } from "./train-text.ts";

export interface TrainReportContents<S> {
  readonly A: Arithmetic<S>;
  readonly plan: Omit<RunPlan, "interrupted" | "live">;
  readonly result: RunResult<S>;
  readonly end: EndEvent;
}

/** One self-contained HTML page about a run: loss, flow over time, checked gradients, samples, and every setting. */
export async function renderTrainReport<S>({ A, plan, result, end }: TrainReportContents<S>): Promise<string> {
  const { task, settings } = plan;
  const { moments } = result.history;
  const draw = await drawing();
  const { count, listed } = result.checks;
  const figure = (svg: string, caption: string, table: Html) =>
    html`<figure>${trusted(svg)}<figcaption>${caption}</figcaption></figure>${table}`;
  const threshold = settings.clip?.by === "norm" ? settings.clip.threshold : undefined;
  return page(
    `Training: ${task.name}`,
    html`<p>${task.source}. The trivial prediction, ${task.trivial}, costs ${short(task.baseline)}.</p>
${endPart(end, plan.from?.snapshot.step)}
<section aria-labelledby="loss"><h2 id="loss">Loss</h2>
${figure(lossFigure(draw, moments, task), lossSummary(moments, task.baseline), html``)}</section>
<section aria-labelledby="flow"><h2 id="flow">Flow over time</h2>
${figure(normFigure(draw, moments, threshold), normSummary(moments), html``)}
${figure(horizonFigure(draw, moments, task), horizonSummary(moments, task.lag), momentsTable(result))}</section>
${count > 0 ? checksPart(count, listed) : undefined}
${samplesPart(A, result, end)}
${settingsPart(plan)}`,
    version,
  );
}

function endPart(end: EndEvent, from: number | undefined): Html {
  const words = {
    solved: "solved",
    "stopped-early": "stopped early",
    "out-of-steps": "all steps taken",
    interrupted: "interrupted",
    diverged: "diverged",
  }[end.ending];
  const began = from === undefined || from === 0 ? "it began" : `it went on from step ${grouped(from)}`;
  const rows: [string, string][] = [
    ["ended", `${words}, at step ${grouped(end.step)}, ${duration(end.seconds)} after ${began}`],
    ["loss", `${short(end.loss)}, ${ofTrivial(end.shareOfBaseline)} the trivial prediction's`],
    ...(end.firstLoss === undefined
      ? []
      : [["grew", `from ${short(end.firstLoss)}: the steps are too long`] as [string, string]]),
    ...(end.heldOut === undefined ? [] : [["held out", short(end.heldOut)] as [string, string]]),
    ...(end.place === undefined ? [] : [["first not finite", end.place] as [string, string]]),
    ...(end.flow === undefined
      ? []
      : [["flow", [end.flow.verdict, ...end.flow.causes, ...end.flow.evidence].join("; ")] as [string, string]]),
    ...(end.checks === 0
      ? []
      : [["gradients checked", `${end.checks - end.mismatches} of ${end.checks} match`] as [string, string]]),
  ];
  return list(rows);
}

function list(rows: readonly (readonly [string, string])[]): Html {
  return html`<dl>${rows.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
}

/** At most a dozen of the moments, for who cannot see the figures. */
function momentsTable<S>({ history }: RunResult<S>): Html {
  const every = Math.max(1, Math.ceil(history.moments.length / 12));
  const shown = history.moments.filter((_, i, all) => i % every === 0 || i === all.length - 1);
  return html`<section class="scroll" tabindex="0" aria-label="Moments of the run"><table>
<caption>Moments of the run</caption>
<thead><tr><th scope="col" class="number">Step</th><th scope="col" class="number">Loss</th><th scope="col" class="number">‖gradient‖</th><th scope="col" class="number">Clipped</th><th scope="col" class="number">Horizon</th></tr></thead>
<tbody>
${shown.map(
  ({ step, loss, norm, clipped, horizon }) =>
    html`<tr><td class="number">${grouped(step)}</td><td class="number">${short(loss)}</td><td class="number">${short(norm)}</td><td class="number">${percent(clipped)}</td><td class="number">${horizon}</td></tr>\n`,
)}</tbody>
</table></section>`;
}

function checksPart(count: number, checks: readonly Check[]): Html {
  return html`<section aria-labelledby="checks"><h2 id="checks">The running gradient, checked</h2>
<section class="scroll" tabindex="0" aria-label="Checked gradients"><table>
<caption>The gradient of a step, before clipping, against BPTT in about 32 digits: right to within what rounding does, or wrong${checks.length < count ? `; ${checks.length} of ${grouped(count)}` : ""}</caption>
<thead><tr><th scope="col" class="number">Step</th><th scope="col">Verdict</th><th scope="col" class="number">Largest error</th><th scope="col" class="number">Sequences</th></tr></thead>
<tbody>
${checks.map(
  ({ step, verdict, errorInSigma, sequences, mistakes }) =>
    html`<tr><td class="number">${grouped(step)}</td><td><span class="verdict ${verdict}">${signOf[verdict]} ${verdict}</span>${mistakes.length > 0 ? html`<span class="named">${mistakes.join(" or ")}</span>` : undefined}</td><td class="number">${inSigma(errorInSigma)}</td><td class="number">${sequences}</td></tr>\n`,
)}</tbody>
</table></section></section>`;
}

/** What the network writes, or its answers to a few held-out sequences. */
function samplesPart<S>(A: Arithmetic<S>, { problem }: RunResult<S>, end: EndEvent): Html | undefined {
  if (end.sample !== undefined) {
    const { network, nGrams } = end.bitsPerCharacter ?? { network: Number.NaN, nGrams: [] };
    return html`<section aria-labelledby="sample"><h2 id="sample">A sample</h2>
<p>${network.toFixed(3)} bits per character on held-out text; ${nGrams.map((bits, i) => `${i + 1}-gram ${bits.toFixed(3)}`).join(", ")}.</p>
<pre>${end.sample}</pre></section>`;
  }
  if (!problem) return undefined;
  return html`<section aria-labelledby="sample"><h2 id="sample">What the network answers</h2>
<section class="scroll" tabindex="0" aria-label="Answers"><table>
<caption>What was wanted at the last step that counts of a few sequences, and what the network says</caption>
<thead><tr><th scope="col">Sequence</th><th scope="col" class="number">Wanted</th><th scope="col" class="number">Said</th></tr></thead>
<tbody>
${answers(A, problem).map(({ wanted, said }, i) => html`<tr><th scope="row">${i + 1}</th><td class="number">${wanted}</td><td class="number">${said}</td></tr>\n`)}</tbody>
</table></section></section>`;
}

function answers<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>): { wanted: string; said: string }[] {
  const [T = 0, B = 0] = problem.x.shape;
  const O = problem.parameters.Why?.shape[0] ?? 0;
  let outputs: Float64Array = new Float64Array();
  A.scope(() => {
    const lifted = forward(A, liftProblem(A, problem));
    if (lifted.outputs) outputs = A.lower(lifted.outputs);
  });
  return Array.from({ length: Math.min(B, 8) }, (_, b) => {
    const counts = (t: number) => (problem.mask?.data[t * B + b] ?? 1) !== 0;
    let t = T - 1;
    while (t > 0 && !counts(t)) t--;
    const row = outputs.subarray((t * B + b) * O, (t * B + b + 1) * O);
    if (problem.loss === "cross_entropy") {
      const said = row.reduce((best, score, label) => (score > (row[best] ?? score) ? label : best), 0);
      return { wanted: `class ${problem.target[t * B + b]}`, said: `class ${said}` };
    }
    const wanted = problem.loss === "linear" ? undefined : problem.target.data[(t * B + b) * O];
    return { wanted: short(wanted ?? Number.NaN), said: short(row[0] ?? Number.NaN) };
  });
}

/** A setting with parts, such as {"by":"norm","threshold":1}, as "by norm, threshold 1". */
function inWords(value: string): string {
  if (!value.startsWith("{")) return value;
  const parts: Readonly<Record<string, unknown>> = JSON.parse(value);
  return Object.entries(parts)
    .map(([name, part]) => `${name} ${part}`)
    .join(", ");
}

function settingsPart({ identity }: Pick<RunPlan, "identity">): Html {
  return html`<section aria-labelledby="settings"><h2 id="settings">Settings</h2>
${list([...identity].map(([name, value]) => [name, inWords(value)]))}</section>`;
}
