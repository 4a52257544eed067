import { formulaTex } from "@gradproof/verification";
import { useSignal } from "@preact/signals";
import { wrap } from "comlink";
import { useEffect, useId, useRef } from "preact/hooks";
import { useSettings } from "../../address/address.ts";
import { Equation } from "../../parts/equation.tsx";
import { AddressProblems } from "../../parts/notices.tsx";
import { shown } from "../../parts/number-text.ts";
import { Scrolling } from "../../parts/scrolling.tsx";
import type { Checked } from "./checked.ts";
import type { CheckComputations } from "./worker.ts";

/** Larger files are for the command: a page has less memory. */
const largest = 64e6;

interface State {
  readonly name?: string;
  readonly busy: boolean;
  readonly result?: Checked;
  readonly error?: string;
}

/** Scene 6: a case file of the reader's own, judged and explained in the page. */
export function Check() {
  const { problems } = useSettings({});
  const state = useSignal<State>({ busy: false });
  const worker = useRef<Worker | undefined>(undefined);
  const stop = () => worker.current?.terminate();
  useEffect(() => () => worker.current?.terminate(), []);

  async function take(file: File) {
    stop();
    const { name } = file;
    if (file.size > largest) {
      state.value = {
        name,
        busy: false,
        error: `it has ${Math.ceil(file.size / 1e6)} MB; expected at most ${largest / 1e6}`,
      };
      return;
    }
    state.value = { name, busy: true };
    const own = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "check" });
    worker.current = own;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const result = await wrap<CheckComputations>(own).checked(bytes, name);
      if (worker.current === own) state.value = { name, busy: false, result };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (worker.current === own) state.value = { name, busy: false, error: message };
    } finally {
      own.terminate();
    }
  }

  const { name, busy, result, error } = state.value;
  return (
    <div data-ready>
      <AddressProblems problems={problems} />
      <FileField onFile={take} />
      {busy ? (
        <p role="status">
          Judging {name} …{" "}
          <button
            type="button"
            onClick={() => {
              stop();
              state.value = { busy: false };
            }}
          >
            Stop
          </button>
        </p>
      ) : null}
      {error === undefined ? null : (
        <p class="notice" role="alert">
          {name} cannot be judged: {error}
        </p>
      )}
      {result ? <Result name={name ?? ""} result={result} /> : null}
      <section class="prose">
        <p>
          A case file holds a problem and the gradient that your code computed for it. apps/examples/pytorch has the
          function that writes one from PyTorch; any other program can write the same arrays.
        </p>
        <p>
          The verdict is the command’s: the reference has twice the digits, and the limit is how far rounding can have
          moved each element. The file is read by this page and goes nowhere else.
        </p>
      </section>
    </div>
  );
}

function FileField({ onFile }: { readonly onFile: (file: File) => void }) {
  const id = useId();
  const over = useSignal(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside does the same by mouse and keyboard.
    <div
      class={over.value ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}
    >
      <label for={id}>Drop a .safetensors or .npz file here, or choose one. Nothing leaves the page.</label>
      <input
        id={id}
        type="file"
        accept=".safetensors,.npz"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
        }}
      />
    </div>
  );
}

const signs = { match: "✓", mismatch: "✗", inconclusive: "?" } as const;

function Result({ name, result }: { readonly name: string; readonly result: Checked }) {
  const { verdict, sizes, gradients, cause, location, mistakes, power, flow, findings } = result;
  return (
    <>
      <section aria-labelledby="verdict">
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
                    {gradient.given.toPrecision(6)} at [{gradient.index.join(", ")}]
                  </td>
                  <td>{gradient.reference.toPrecision(6)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </section>
      {cause === undefined ? null : (
        <section class="part" aria-labelledby="why">
          <h2 id="why">Why, and where</h2>
          <p>{sentence(cause)}</p>
          {mistakes.slice(0, 4).map((mistake) => (
            <div key={mistake.name} data-mistake={mistake.name}>
              <h3>{mistake.name.replaceAll("-", " ")}</h3>
              <Scrolling label={`Formulas of ${mistake.name}`}>
                <Equation tex={`\\displaystyle ${formulaTex(mistake.mistaken)}`} />, should be{" "}
                <Equation tex={`\\displaystyle ${formulaTex(mistake.right)}`} />
              </Scrolling>
            </div>
          ))}
          <p>{sentence(location ?? "")}</p>
        </section>
      )}
      <section class="part" aria-labelledby="power">
        <h2 id="power">What the verdict is worth</h2>
        <ul>
          {power.map((clause) => (
            <li key={clause}>{clause}</li>
          ))}
        </ul>
      </section>
      <section class="part" aria-labelledby="flow">
        <h2 id="flow" data-flow={flow}>
          Does the gradient flow? {flow}
        </h2>
        <dl class="findings">
          {findings.map(({ question, evidence, severity, tryNext }) => (
            <div key={evidence}>
              <dt>{question}</dt>
              <dd class={severity === "error" || severity === "warning" ? "wrong" : ""}>
                {[evidence, ...tryNext.map((next) => `Try: ${next}`)].join(". ")}.
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

function sentence(words: string): string {
  return words === "" ? "" : `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}
