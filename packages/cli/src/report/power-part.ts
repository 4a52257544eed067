import type { Power } from "@gradproof/verification";
import { count } from "../text/numbers.ts";
import { formulasOf } from "../text/wording.ts";
import { type Html, html } from "./html.ts";

/** What the verdict is worth for the code behind the gradients. */
export function powerPart({ caught, inert, visibleLag, largestLag }: Power): Html {
  return html`<h3>Power</h3>
<p>${caught.length} of ${count(caught.length + inert.length, "known mistake")} would have been caught on this problem.${
    visibleLag !== undefined && largestLag > 0
      ? ` Truncations are visible to lag ${visibleLag} of ${largestLag}: leaving out every term at least ${visibleLag} steps back would have been found.`
      : ""
  }</p>
${mistakeList(inert, "Inert here: these change nothing on this problem, or less than rounding does")}
${mistakeList(caught, "Would have been caught")}`;
}

function mistakeList(names: readonly string[], heading: string): Html | undefined {
  if (names.length === 0) return undefined;
  return html`<details><summary>${heading} (${names.length})</summary>
<ul>
${names.map((name) => html`<li><strong>${name}</strong>: ${formulasOf(name)?.mistaken}</li>\n`)}</ul>
</details>`;
}
