import { MistakeFormulas } from "../../parts/mistake-formulas.tsx";
import { exactly, shown } from "../../parts/number-text.ts";
import { Raised } from "../../parts/raised.tsx";
import { Scrolling } from "../../parts/scrolling.tsx";
import { sentence } from "../../parts/sentence.ts";
import type { Checked } from "./checked.ts";

const signs = { match: "✓", mismatch: "✗", inconclusive: "?" } as const;

/** Verdict, diagnosis, power and flow of one file. */
export function Result({ name, result }: { readonly name: string; readonly result: Checked }) {
  const { verdict, sizes, gradients, cause, location, mistakes, power, flow, findings } = result;
  return (
    <div class="result">
      <section class="wide" aria-labelledby="verdict">
        <h2 id="verdict" class={verdict === "mismatch" ? "wrong" : ""} data-verdict={verdict}>
          {signs[verdict]} {name}: {verdict}
        </h2>
        <p>{sizes}.</p>
        <Scrolling label="Gradients">
          <table class="gradients">
            <thead>
              <tr>
                <th scope="col">gradient</th>
                <th scope="col">verdict</th>
                <th scope="col">largest error</th>
                <th scope="col">there it is</th>
                <th scope="col">it should be</th>
              </tr>
            </thead>
            <tbody>
              {gradients.map((gradient) => (
                <tr key={gradient.name}>
                  <th scope="row">{gradient.name}</th>
                  <td class={gradient.verdict === "mismatch" ? "wrong" : ""}>
                    {signs[gradient.verdict]} {gradient.verdict}
                  </td>
                  <td>{gradient.errorInSigma === undefined ? "" : `${shown(gradient.errorInSigma, 1)} σ`}</td>
                  <td>
                    {exactly(gradient.given)} at [{gradient.index.join(", ")}]
                  </td>
                  <td>{exactly(gradient.reference)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </section>
      {cause === undefined ? null : (
        <section aria-labelledby="why">
          <h2 id="why">Why, and where</h2>
          <p>{sentence(cause)}</p>
          {mistakes.slice(0, 4).map((mistake) => (
            <div key={mistake.name} data-mistake={mistake.name}>
              <h3>{mistake.name.replaceAll("-", " ")}</h3>
              <MistakeFormulas {...mistake} />
            </div>
          ))}
          <p>{sentence(location ?? "")}</p>
        </section>
      )}
      <section aria-labelledby="power">
        <h2 id="power">What the verdict is worth</h2>
        <ul>
          {power.map((clause) => (
            <li key={clause}>{clause}</li>
          ))}
        </ul>
      </section>
      <section class="wide" aria-labelledby="flow">
        <h2 id="flow" data-flow={flow}>
          Does the gradient flow? {flow}
        </h2>
        <dl class="findings">
          {findings.map(({ question, evidence, severity, tryNext }) => (
            <div key={evidence}>
              <dt>{question}</dt>
              <dd class={severity === "error" || severity === "warning" ? "wrong" : ""}>
                <Raised text={sentence([evidence, ...tryNext.map((next) => `Try: ${next}`)].join(". "))} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
