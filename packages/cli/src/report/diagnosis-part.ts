import type { Judgement, NamedMistake } from "@gradproof/verification";
import { describeCause, describeLocation } from "../text/wording.ts";
import { formula } from "./formula.ts";
import { type Html, html } from "./html.ts";

/** Formulas of at most this many mistakes are shown; the others by name. */
const shown = 6;

/** Why a mismatch is one and where it goes wrong: what a reader of the report looks for first. */
export function diagnosisPart(judgement: Judgement): Html | undefined {
  const { diagnosis } = judgement;
  const cause = describeCause(judgement);
  if (!diagnosis || cause === undefined) return undefined;
  const { mistakes, together, location } = diagnosis;
  const more = mistakes.slice(shown).map(({ name }) => name);
  return html`<section class="diagnosis">
<h3>Why</h3>
<p>${sentence(cause)}${mistakes.length > 0 ? ":" : "."}</p>
${mistakes.slice(0, shown).map((mistake) => mistakePart(mistake, together))}
${more.length > 0 ? html`<p>And ${more.join(", ")}.</p>` : ""}
<h3>Where</h3>
<p>${sentence(describeLocation(location))}.</p>
</section>`;
}

function mistakePart({ name, mistaken, right, explains }: NamedMistake, together: boolean): Html {
  return html`<p><strong>${name}</strong>${together ? "" : html`, of ${explains.join(", ")}`}</p>
<dl class="formula"><dt>given by</dt><dd>${formula(mistaken)}</dd><dt>should be</dt><dd>${formula(right)}</dd></dl>
`;
}

function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
