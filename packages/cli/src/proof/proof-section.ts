import {
  certificateOf,
  type DerivationProof,
  describeShape,
  errorOf,
  holds,
  type MistakeCount,
  notCovered,
  type RnnProof,
  rules,
} from "@gradproof/verification";
import { dataUrl, type Html, html } from "../report/html.ts";
import { mark } from "../report/verdict-mark.ts";
import { count, grouped, place, scientific } from "../text/numbers.ts";
import { verdictOf } from "./proof-verdict.ts";

/** A proof: its verdict, what became of each derivation and each known mistake, and the certificate to take along. */
export function proofSection(proof: RnnProof): Html {
  const { problems, seed, runs, derivations, mistakes } = proof;
  const elements = derivations.reduce((sum, derivation) => sum + derivation.elements, 0);
  return html`<section aria-labelledby="proof">
<h2 id="proof">Derivations against autodiff</h2>
<p>${proofMark(proof)} ${grouped(derivations.length)} derivations on ${count(problems.length, "random problem")}, seed ${seed}: ${count(elements, "element")} of loss, outputs and gradients compared modulo ${count(runs, "pair")} of primes near 2<sup>26</sup>. Nothing rounds there, and nothing vanishes.${holds(proof) ? html` The chance that any derivation which differs would have passed is below ${scientific(errorOf(...derivations))}.` : undefined}</p>
${derivations.map(counterexamplePart)}
${holds(proof) ? downloadPart(proof) : undefined}
<h3>Derivations</h3>
${derivationTable(proof)}
<h3>Known mistakes</h3>
${mistakeTable(mistakes)}
${holds(proof) ? assumptions : undefined}
</section>
`;
}

export function proofMark(proof: RnnProof): Html {
  const verdict = verdictOf(proof);
  if (verdict === "proven") return mark("match", "✓", "proven");
  return mark("mismatch", "✗", verdict === "refuted" ? "refuted" : "controls failed");
}

function derivationTable({ problems, derivations }: RnnProof): Html {
  return html`<section class="scroll" tabindex="0" aria-label="Derivations">
<table>
<caption>Proven, refuted: on so many problems. Control, inert: how often the derivation with something wrong in it was refused, and how often that changes nothing. Degree and bits: of the largest difference, which the chance of error is computed from</caption>
<thead><tr><th scope="col">Derivation</th><th scope="col" class="number">Proven</th><th scope="col" class="number">Refuted</th><th scope="col" class="number">Control</th><th scope="col" class="number">Inert</th><th scope="col" class="number">Degree</th><th scope="col" class="number">Bits</th><th scope="col" class="number">Error</th></tr></thead>
<tbody>
${derivations.map(
  ({ name, source, proven, control, degree, height, errors }) =>
    html`<tr><th scope="row">${name}<span class="named">${source}; control: ${control.name}</span></th><td class="number">${grouped(proven)}</td><td class="number">${grouped(problems.length - proven)}</td><td class="number">${grouped(control.refused)}</td><td class="number">${grouped(control.inert)}</td><td class="number">${grouped(degree)}</td><td class="number">${grouped(height)}</td><td class="number">${scientific(errorOf({ errors }))}</td></tr>\n`,
)}</tbody>
</table>
</section>`;
}

function mistakeTable(mistakes: readonly MistakeCount[]): Html {
  return html`<section class="scroll" tabindex="0" aria-label="Known mistakes">
<table>
<caption>Known mistakes on the same problems. Refused: found to differ. Inert: changes nothing on that problem. Unexpected: not refused although it shows, or refused although it should not show</caption>
<thead><tr><th scope="col">Mistake</th><th scope="col" class="number">Refused</th><th scope="col" class="number">Inert</th><th scope="col" class="number">Unexpected</th></tr></thead>
<tbody>
${mistakes.map(
  ({ name, refused, inert, unexpected }) =>
    html`<tr><th scope="row">${name}</th><td class="number">${grouped(refused)}</td><td class="number">${grouped(inert)}</td><td class="number">${grouped(unexpected.length)}</td></tr>\n`,
)}</tbody>
</table>
</section>`;
}

/** A page loads nothing and runs nothing: the certificate is in the link. */
function downloadPart(proof: RnnProof): Html {
  const url = dataUrl("application/json", JSON.stringify(certificateOf(proof)));
  return html`<p><a download="gradproof-certificate.json" href="${url}">Download the certificate</a>: the shape and primes of every problem, the counts below, and what the proof takes for granted. <code>gradproof replay gradproof-certificate.json</code> runs it again, with its seed and with one of your own.</p>`;
}

const assumptions = html`<h3>What the proof takes for granted</h3>
<ul>
${rules.map(ruleItem)}</ul>
<h3>What it does not cover</h3>
<ul>
${notCovered.map(ruleItem)}</ul>`;

function ruleItem({ rule, test }: (typeof rules)[number]): Html {
  return html`<li>${rule}<span class="named">${test}</span></li>\n`;
}

function counterexamplePart({ name, counterexample }: DerivationProof): Html | undefined {
  if (!counterexample) return undefined;
  const { shape, seed, primes, differences } = counterexample;
  const where = differences.map(({ quantity, index }) => `${quantity}${index.length > 0 ? place(index) : ""}`);
  return html`<p class="notice">${name}, the smallest counterexample: ${describeShape(shape)}; seed ${seed}, primes ${primes.join(" and ")}. First differences: ${where.join(", ")}.</p>`;
}
