import { useSignal } from "@preact/signals";
import { proxy } from "comlink";
import type { ProofSummary } from "./desk.ts";
import { proofProblems } from "./desk-limits.ts";
import type { JudgeWorker } from "./judge-worker.ts";
import { save } from "./save.ts";

interface TakeAlongProps {
  readonly name: string;
  readonly desk: JudgeWorker["desk"];
  /** The case file itself, where the page made it. */
  readonly example: Uint8Array<ArrayBuffer> | undefined;
}

interface ProofState {
  /** Problems that are done; undefined while none is under way. */
  readonly done?: number;
  readonly summary?: ProofSummary;
}

/** What can be taken along: the command's reports, the certificate of a proof, the example. */
export function TakeAlong({ name, desk, example }: TakeAlongProps) {
  const error = useSignal<string | undefined>(undefined);
  const proof = useSignal<ProofState>({});
  const stem = name.replace(/\.[^.]*$/, "");

  /** Says what failed; nothing else on the page depends on it. */
  async function attempt(body: () => Promise<void>) {
    error.value = undefined;
    try {
      await body();
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason);
      proof.value = {};
    }
  }

  const saveText = (file: string, type: string, text: () => Promise<string>) =>
    attempt(async () => save(file, type, await text()));

  const prove = () =>
    attempt(async () => {
      proof.value = { done: 0 };
      const [seed] = crypto.getRandomValues(new Uint32Array(1));
      const onProgress = proxy((done: number) => {
        proof.value = { done };
      });
      proof.value = { summary: await desk.prove(seed, onProgress) };
    });

  const { done, summary } = proof.value;
  const proving = done !== undefined;
  return (
    <section class="part take-along" aria-labelledby="take-along">
      <h2 id="take-along">To take along</h2>
      <p class="buttons">
        <button
          type="button"
          disabled={proving}
          onClick={() => saveText(`${stem}-check.html`, "text/html", () => desk.report())}
        >
          Save the report
        </button>
        <button
          type="button"
          disabled={proving}
          onClick={() => saveText(`${stem}-flow.html`, "text/html", () => desk.flowReport())}
        >
          Save the report on the flow
        </button>
        {example ? (
          <button type="button" onClick={() => save(name, "application/octet-stream", example)}>
            Save this example
          </button>
        ) : null}
      </p>
      <p class="plain">
        And is the derivation that judges your file right itself? It can be proven here, against autodiff, on random
        shapes over a prime field, with every known mistake as a control. The certificate says what was proven, and{" "}
        <code>gradproof replay</code> runs it again.
      </p>
      <p class="buttons">
        <button type="button" disabled={proving} onClick={prove}>
          Prove the derivation
        </button>
        {summary?.holds ? (
          <button
            type="button"
            onClick={() => saveText("gradproof-certificate.json", "application/json", () => desk.certificate())}
          >
            Save the certificate
          </button>
        ) : null}
      </p>
      <p role="status" data-proof={summary?.holds}>
        {proving ? `Proving: ${done} of ${proofProblems} shapes …` : ""}
        {summary ? proofText(summary) : ""}
      </p>
      {error.value === undefined ? null : (
        <p class="notice" role="alert">
          That did not work: {error.value}
        </p>
      )}
    </section>
  );
}

function proofText({ holds, derivations, mistakes }: ProofSummary): string {
  return holds
    ? `✓ Proven: ${derivations} derivations equal autodiff on ${proofProblems} random shapes, and ${mistakes} known mistakes were refused wherever they show. The report now has the proof in it.`
    : "✗ Not proven: a derivation differs from autodiff, or a known mistake got past it. Please report it.";
}
