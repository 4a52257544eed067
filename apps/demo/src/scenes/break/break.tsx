import { derivationText } from "virtual:derivation-text";
import { mistakeFamilies, mistakes } from "@gradproof/verification";
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { useSettings } from "../../address/address.ts";
import { choice, number, text } from "../../address/settings.ts";
import { MistakeFormulas } from "../../parts/mistake-formulas.tsx";
import { AddressProblems } from "../../parts/notices.tsx";
import { Slider } from "../../parts/slider.tsx";
import { Editor } from "./editor.tsx";
import type { ScaleResult } from "./sandbox/judging.ts";
import { runSandboxed } from "./sandbox/sandbox.ts";
import { scaleText, VerdictTable } from "./verdict-table.tsx";

const schema = {
  mistake: choice(["none", ...mistakes.map(({ name }) => name)], "one-step-short"),
  code: text(20_000),
  scale: number({ fallback: -2, min: -4, max: 1, step: 0.5 }),
};

interface Run {
  readonly proven?: boolean;
  readonly results: readonly ScaleResult[];
  readonly error?: { readonly message: string; readonly line: number };
  readonly done: boolean;
}

/** Scene 4: a derivation to break, by a known mistake or by hand, and who still sees it as the weights get smaller. */
export function Break() {
  const { values, problems, set } = useSettings(schema);
  const { mistake: name, code, scale } = values;
  const program = code === "" ? programOf(name) : code;
  const draft = useSignal(program);
  const run = useSignal<Run>({ results: [], done: false });
  useEffect(() => {
    draft.value = program;
    run.value = { results: [], done: false };
    return runSandboxed(program, (report) => {
      const before = run.peek();
      if ("proven" in report) run.value = { ...before, proven: report.proven };
      else if ("result" in report) run.value = { ...before, results: [...before.results, report.result] };
      else if ("error" in report) run.value = { ...before, error: report.error, done: true };
      else run.value = { ...before, done: true };
    });
  }, [program, draft, run]);
  const { proven, results, error, done } = run.value;
  const known = code === "" ? mistakes.find((mistake) => mistake.name === name) : undefined;
  const edited = draft.value !== program;
  return (
    <>
      <AddressProblems problems={problems} />
      <MistakeChoice name={code === "" ? name : "own"} onChange={(chosen) => set({ mistake: chosen, code: "" })} />
      {known ? <MistakeFormulas {...known} /> : null}
      <div class="stage" data-ready={proven === undefined ? undefined : ""} data-done={done ? "" : undefined}>
        <div class="picture">
          <p class="verdict" aria-live="polite" data-verdict>
            {error ? "It could not be judged." : conclusion(proven, results, done)}
          </p>
          {error ? (
            <p class="notice" role="alert">
              {Number.isNaN(error.line) ? "" : `Line ${error.line}: `}
              {error.message}
            </p>
          ) : (
            <VerdictTable proven={proven} results={results} chosen={scale} />
          )}
          <Slider
            label="Size of the weights"
            setting={schema.scale}
            value={scale}
            shown={scaleText(10 ** scale)}
            onChange={(value) => set({ scale: value })}
          />
        </div>
        <section class="beside" aria-label="The derivation">
          <p class="says">
            The derivation, as a program. It runs in a sandbox without network or page, over floats and over residues
            alike.
          </p>
          <Editor
            label="The derivation as JavaScript"
            text={program}
            error={error}
            onChange={(changed) => {
              draft.value = changed;
            }}
          />
          <p class="buttons">
            <button type="button" class="primary" disabled={!edited} onClick={() => set({ code: draft.value })}>
              Judge this text
            </button>
            <button
              type="button"
              onClick={() => set({ mistake: "none", code: "" })}
              disabled={name === "none" && code === "" && !edited}
            >
              Show all equations
            </button>
          </p>
        </section>
      </div>
      <section class="prose">
        <p>
          With small weights every step back multiplies by something small, so what a wrong derivation does to the far
          past is small too. A finite difference carries an error of its own, and a tolerance on top: below it, right
          and wrong look alike. In units of rounding one sees much further down.
        </p>
        <p>
          Over a prime field there is no small and no large. The same program computes with residues, and a wrong term
          is another residue, whatever its size would have been.
        </p>
      </section>
    </>
  );
}

function programOf(name: string): string {
  return name === "none" ? derivationText : `return { ...bptt(), ...mistake("${name}") };`;
}

interface MistakeChoiceProps {
  readonly name: string;
  readonly onChange: (name: string) => void;
}

function MistakeChoice({ name, onChange }: MistakeChoiceProps) {
  const id = useId();
  return (
    <p class="mistake-choice">
      <label for={id}>The derivation</label>
      <select id={id} value={name} onChange={(event) => onChange(event.currentTarget.value)}>
        {name === "own" ? <option value="own">edited by hand</option> : null}
        <option value="none">no mistake: all equations</option>
        {mistakeFamilies.map((family) => (
          <optgroup key={family.name} label={family.name}>
            {family.mistakes.map((mistake) => (
              <option key={mistake.name} value={mistake.name}>
                {mistake.name.replaceAll("-", " ")}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </p>
  );
}

function conclusion(proven: boolean | undefined, results: readonly ScaleResult[], done: boolean): string {
  if (proven === undefined) return "Judging …";
  const exact = proven ? "Over a prime field it is the derivative." : "Over a prime field it is not the derivative.";
  if (!done) return `${exact} Judging at the next size of the weights …`;
  if (proven) return exact;
  const unseen = runs(results, ({ accepted }) => accepted.every(Boolean));
  const gradcheck = runs(results, ({ accepted }) => accepted[0]);
  if (unseen !== "") return `${exact} At ${unseen} nothing else sees it.`;
  if (gradcheck !== "") return `${exact} gradcheck lets it pass at ${gradcheck}.`;
  return `${exact} Every judge sees it at every size.`;
}

/** Sizes at which something holds: "0.0001 to 0.03 and 3 to 10". */
function runs(results: readonly ScaleResult[], holds: (result: ScaleResult) => boolean): string {
  const found: string[][] = [];
  results.forEach((result, i) => {
    if (!holds(result)) return;
    const before = i > 0 && holds(results[i - 1]) ? found.pop() : undefined;
    found.push([before?.[0] ?? scaleText(result.scale), scaleText(result.scale)]);
  });
  return found.map(([from, to]) => (from === to ? from : `${from} to ${to}`)).join(" and ");
}
