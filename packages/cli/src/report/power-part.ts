import { mistakes, type Power } from "@gradproof/verification";
import { count } from "../text/numbers.ts";
import { describeSizes, inertHere } from "../text/wording.ts";
import { type Html, html } from "./html.ts";

/** What the verdict is worth for the code behind the gradients. */
export function powerPart(power: Power): Html {
  const { caught, inert, inapplicable, visibleLag, largestLag, measuredOn } = power;
  const here = inertHere(power);
  const on = measuredOn ? ` a part of this problem (${describeSizes(measuredOn)})` : " this problem";
  return html`<h3>Power</h3>
<p>${caught.length} of ${count(caught.length + inert.length, "known mistake")} would have been caught on${on}.${
    visibleLag !== undefined && largestLag > 0
      ? ` Truncations are visible to lag ${visibleLag} of ${largestLag}: leaving out every term at least ${visibleLag} steps back would have been found.`
      : ""
  }</p>
${inertPart(here, "Inert here: these change nothing on this problem, or less than rounding does")}
${inertPart(inapplicable, "About what this problem has not: another loss, reduction or nonlinearity, a mask, a bias")}
<details><summary>Would have been caught (${caught.length})</summary><p>${caught.join(", ")}</p></details>`;
}

function inertPart(names: readonly string[], heading: string): Html | undefined {
  if (names.length === 0) return undefined;
  const words = mistakes
    .filter(({ name }) => names.includes(name))
    .map(({ name, inertWhen }) => (inertWhen === "never" ? name : `${name} (${inertWhen})`));
  return html`<details><summary>${heading} (${names.length})</summary><p>${words.join("; ")}</p></details>`;
}
