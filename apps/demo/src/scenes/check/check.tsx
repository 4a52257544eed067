import { useSignal } from "@preact/signals";
import { proxy } from "comlink";
import { useEffect, useRef } from "preact/hooks";
import { useSettings } from "../../address/address.ts";
import { AddressProblems } from "../../parts/notices.tsx";
import type { Checked } from "./checked.ts";
import type { ExampleName } from "./examples.ts";
import { FileField } from "./file-field.tsx";
import { type JudgeWorker, judgeWorker } from "./judge-worker.ts";
import { Result } from "./result.tsx";
import { TakeAlong } from "./take-along.tsx";

/** Larger files are for the command: a page has less memory. */
const largest = 64e6;

type Bytes = Uint8Array<ArrayBuffer>;

interface State {
  readonly name?: string;
  readonly busy: boolean;
  /** Perturbed runs that are done. */
  readonly runs?: number;
  readonly result?: Checked;
  readonly error?: string;
  /** The file, where the page made it. */
  readonly example?: Bytes;
}

const examples: readonly { readonly name: ExampleName; readonly label: string }[] = [
  { name: "right", label: "A right gradient" },
  { name: "recurrent-not-transposed", label: "A forgotten transpose" },
  { name: "window-3", label: "Cut off after three steps" },
];

/** Scene 6: a case file of the reader's own, or one that the page makes, judged and explained as the command does. */
export function Check() {
  const { problems } = useSettings({});
  const state = useSignal<State>({ busy: false });
  const worker = useRef<JudgeWorker | undefined>(undefined);
  const stop = () => {
    worker.current?.end();
    worker.current = undefined;
  };
  useEffect(() => stop, []);

  /** Judges the bytes that `read` gives in a new worker; whatever was under way ends. */
  async function judge(name: string, read: (own: JudgeWorker) => Promise<Bytes>, isExample: boolean) {
    stop();
    const own = judgeWorker();
    worker.current = own;
    state.value = { name, busy: true };
    const isCurrent = () => worker.current === own;
    try {
      const bytes = await read(own);
      const onProgress = proxy((runs: number) => {
        if (isCurrent()) state.value = { name, busy: true, runs };
      });
      const result = await own.desk.check(bytes, name, onProgress);
      if (isCurrent()) state.value = { name, busy: false, result, ...(isExample && { example: bytes }) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (isCurrent()) state.value = { name, busy: false, error: message };
    }
  }

  function take(file: File) {
    const { name, size } = file;
    if (size > largest) {
      stop();
      const error = `it has ${Math.ceil(size / 1e6)} MB; expected at most ${largest / 1e6}; next: gradproof check`;
      state.value = { name, busy: false, error };
      return;
    }
    judge(name, async () => new Uint8Array(await file.arrayBuffer()), false);
  }

  const { name = "", busy, runs, result, error, example } = state.value;
  return (
    <div data-ready>
      <AddressProblems problems={problems} />
      <FileField onFile={take} />
      <p class="buttons offer">
        <span>None at hand? The page writes one for you:</span>
        {examples.map((one) => (
          <button
            key={one.name}
            type="button"
            onClick={() => judge(`${one.name}.safetensors`, ({ desk }) => desk.example(one.name), true)}
          >
            {one.label}
          </button>
        ))}
      </p>
      {busy ? (
        <p role="status">
          Judging {name} …{runs ? ` perturbed run ${runs} ` : " "}
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
      {result ? <Result name={name} result={result} /> : null}
      {result && worker.current ? (
        <TakeAlong key={name} name={name} desk={worker.current.desk} example={example} />
      ) : null}
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
