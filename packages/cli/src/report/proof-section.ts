import { describeShape, type ProofRun, type ShapeProof } from "@gradproof/verification";
import { verdictOf } from "../proof-verdict.ts";
import { count, grouped, place } from "../text/numbers.ts";
import { type Html, html } from "./html.ts";
import { mark } from "./verdict-mark.ts";

/** A proof run: its verdict, and what became of each known mistake. */
export function proofSection(run: ProofRun): Html {
  const { problems, proven, elements, seed, mistakes, counterexample } = run;
  return html`<section aria-labelledby="proof">
<h2 id="proof">BPTT equals autodiff</h2>
<p>${proofMark(run)} on ${grouped(proven)} of ${count(problems, "random problem")}, seed ${seed}: ${count(elements, "element")} of loss, outputs and gradients compared modulo two primes near 2<sup>26</sup>. Nothing rounds there, and nothing vanishes.</p>
${counterexample && counterexamplePart(counterexample)}
<section class="scroll" tabindex="0" aria-label="Known mistakes">
<table>
<caption>Known mistakes on the same problems. Refused: found to differ. Inert: changes nothing on that problem. Unexpected: not refused although it shows, or refused although it should not show</caption>
<thead><tr><th scope="col">Mistake</th><th scope="col" class="number">Refused</th><th scope="col" class="number">Inert</th><th scope="col" class="number">Unexpected</th></tr></thead>
<tbody>
${mistakes.map(
  ({ name, refused, inert, unexpected }) =>
    html`<tr><th scope="row">${name}</th><td class="number">${grouped(refused)}</td><td class="number">${grouped(inert)}</td><td class="number">${grouped(unexpected.length)}</td></tr>\n`,
)}</tbody>
</table>
</section>
</section>
`;
}

export function proofMark(run: ProofRun): Html {
  const verdict = verdictOf(run);
  if (verdict === "proven") return mark("match", "✓", "proven");
  return mark("mismatch", "✗", verdict === "refuted" ? "refuted" : "controls failed");
}

function counterexamplePart({ shape, seed, primes, differences }: ShapeProof): Html {
  const where = differences.map(({ quantity, index }) => `${quantity}${index.length > 0 ? place(index) : ""}`);
  return html`<p class="notice">The smallest counterexample: ${describeShape(shape)}; seed ${seed}, primes ${primes.join(" and ")}. First differences: ${where.join(", ")}.</p>`;
}
