import { elementLimit, type RnnProof, tensorLimit } from "@gradproof/verification";
import { type CheckedFile, isJudged } from "../checked-file.ts";
import { proofSection } from "../proof/proof-section.ts";
import { tally } from "../text/check-text.ts";
import { count, inSigma } from "../text/numbers.ts";
import { palette } from "../text/palette.ts";
import { largestError, namedMistakes } from "../text/wording.ts";
import { fileSection } from "./file-section.ts";
import { bytesOf, type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { drawing } from "./plot.ts";
import { verdictMark } from "./verdict-mark.ts";

export interface ReportContents {
  readonly files?: readonly CheckedFile[];
  readonly proof?: RnnProof;
}

/** A report stays below two megabytes: sections of files beyond that lose their figures first, then go. */
const budget = 1_900_000;

/** Worst first: where space is short, they are shown. */
const urgency = ["fault", "mismatch", "inconclusive", "error", "match"] as const;

/**
 * One self-contained HTML page about judged files, a proof run, or both: it loads nothing, runs nothing, and the same
 * contents give the same page, in Node and in a browser.
 *
 * @param version - of gradproof, as the page names it.
 */
export async function reportPage({ files = [], proof }: ReportContents, version: string): Promise<string> {
  const proofPart = proof && proofSection(proof);
  const summary = files.length > 0 ? summarySection(files) : undefined;
  const sections = await fileSections(files, budget - bytesOf(summary) - bytesOf(proofPart));
  return page(
    title(files, proof),
    html`${summary}
${proofPart}
${sections}
${files.some(isJudged) ? howToRead : undefined}`,
    version,
  );
}

function title(files: readonly CheckedFile[], proof: RnnProof | undefined): string {
  if (files.length === 0) return proof ? "Are these derivations right?" : "gradproof report";
  return "Are these gradients right?";
}

const howToRead = html`<section aria-labelledby="reading">
<h2 id="reading">How to read this</h2>
<p>σ is how far rounding moves an element of a gradient in the precision that it was computed in, measured by runs in which every operation errs as that precision rounds. A gradient matches its reference (BPTT in about 32 digits, cross-checked with autodiff) if every element is within ${elementLimit} σ of it, and the tensor within ${tensorLimit} σ in root mean square: rounding explains no more. Resolution and power say what the verdict is worth: a mistake of that share of the tensor’s largest element would have shown, and so would the known mistakes listed as caught.</p>
</section>`;

function summarySection(files: readonly CheckedFile[]): Html {
  return html`<p>${count(files.length, "file")}: ${tally(files, palette(false))}.</p>
<section class="scroll" tabindex="0" aria-label="Summary">
<table>
<caption>Files and their verdicts</caption>
<thead><tr><th scope="col">File</th><th scope="col">Verdict</th><th scope="col" class="number">Largest error</th></tr></thead>
<tbody>
${files.map(summaryRow)}</tbody>
</table>
</section>`;
}

function summaryRow(file: CheckedFile, index: number): Html {
  const judged = isJudged(file) ? file.judgement : undefined;
  const named = judged ? namedMistakes(judged).join(", ") : "";
  return html`<tr><th scope="row"><a href="#${idOf(index)}">${file.file}</a></th><td>${verdictMark(file.verdict)}${named && html`<span class="named">${named}</span>`}</td><td class="number">${judged ? inSigma(largestError(judged)) : ""}</td></tr>\n`;
}

function idOf(index: number): string {
  return `file-${index + 1}`;
}

async function fileSections(files: readonly CheckedFile[], space: number): Promise<Html[]> {
  let draw = files.some(isJudged) ? await drawing() : undefined;
  const order = files
    .map((file, index) => ({ file, index }))
    .sort((a, b) => urgency.indexOf(a.file.verdict) - urgency.indexOf(b.file.verdict));
  const sections: Html[] = [];
  for (const { file, index } of order) {
    const id = idOf(index);
    let section = fileSection(file, id, draw);
    if (bytesOf(section) > space) {
      draw = undefined;
      section = fileSection(file, id, draw);
    }
    if (bytesOf(section) > space) section = html`<p id="${id}">${file.file}: no room for details.</p>\n`;
    space -= bytesOf(section);
    sections[index] = section;
  }
  return sections;
}
