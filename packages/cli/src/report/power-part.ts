import type { Power } from "@gradproof/verification";
import { formulasOf } from "../text/wording.ts";
import { type Html, html } from "./html.ts";

/** What the verdict is worth for the code behind the gradients. */
export function powerPart({ caught, inert, visibleLag, largestLag }: Power): Html {
  const all = caught.length + inert.length;
  const truncation =
    visibleLag === undefined || largestLag === 0
      ? undefined
      : html`<p>Leaving out every term at least ${visibleLag} steps back would have shown; the oldest terms are ${largestLag} steps back.</p>`;
  return html`<h3>Power</h3>
<p>${caught.length} of ${all} known mistakes would have been caught on this problem.${inert.length > 0 ? " The inert ones change nothing here, or less than rounding does: of them the verdict says nothing." : ""}</p>
${truncation}
<details><summary>The known mistakes, caught and inert</summary>
<dl class="formula">
${[...inert.map((name) => [name, "inert"]), ...caught.map((name) => [name, "caught"])].map(
  ([name = "", fate]) => html`<dt>${fate}</dt><dd><strong>${name}</strong>: ${formulasOf(name)?.mistaken}</dd>\n`,
)}</dl>
</details>`;
}
