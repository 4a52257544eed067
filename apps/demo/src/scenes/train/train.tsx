import { useSignal } from "@preact/signals";
import { proxy, wrap } from "comlink";
import { useEffect, useRef } from "preact/hooks";
import { useSettings } from "../../address/address.ts";
import { choice, number } from "../../address/settings.ts";
import { Choice } from "../../parts/choice.tsx";
import { AddressProblems, Failure } from "../../parts/notices.tsx";
import { Slider } from "../../parts/slider.tsx";
import { Learning } from "./learning.tsx";
import { nothing, type Progress, withReport } from "./progress.ts";
import type { Report, RunSettings } from "./report.ts";
import { lengthMeans, taskNames } from "./task-names.ts";
import type { TrainComputations } from "./worker.ts";

const schema = {
  task: choice(taskNames, "adding"),
  length: number({ fallback: 10, min: 2, max: 100, step: 1 }),
  hidden: number({ fallback: 32, min: 4, max: 128, step: 4 }),
  start: choice(["orthogonal", "normal", "uniform", "identity"], "orthogonal"),
  gain: number({ fallback: 1, min: 0.1, max: 2, step: 0.1 }),
  clip: number({ fallback: 1, min: 0, max: 10, step: 0.5 }),
  seed: number({ fallback: 1, min: 1, max: 9999, step: 1 }),
};

const tasks = [
  { value: "adding", label: "Add the two marked numbers" },
  { value: "temporal-order", label: "Which symbol came first" },
  { value: "copy", label: "Copy after a delay" },
  { value: "delayed-xor", label: "Delayed exclusive or" },
  { value: "text", label: "Write like the Book of Genesis" },
] as const;

const starts = [
  { value: "orthogonal", label: "Orthogonal" },
  { value: "normal", label: "Normal" },
  { value: "uniform", label: "Uniform" },
  { value: "identity", label: "Identity" },
] as const;

interface State {
  readonly progress: Progress;
  readonly end?: string;
  readonly error?: string;
  readonly running: boolean;
}

const idle: State = { progress: nothing, running: false };

/** Scene 5: a network that learns, or does not, with its loss, how far back its gradient reaches, and why. */
export function Train() {
  const { values, problems, set } = useSettings(schema);
  const { task, length, hidden, start, gain, clip, seed } = values;
  const settings: RunSettings = { task, length, hidden, initialisation: start, gain, clip, seed };
  const state = useSignal<State>(idle);
  const worker = useRef<Worker | undefined>(undefined);
  const stop = () => {
    worker.current?.terminate();
    worker.current = undefined;
    if (state.peek().running) state.value = { ...state.peek(), running: false, end: "stopped" };
  };
  const key = JSON.stringify(settings);
  // Other settings are another run: when they change, the one under way ends.
  useEffect(
    () => () => {
      stop();
      state.value = idle;
    },
    [key],
  );

  async function begin() {
    stop();
    const own = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "train" });
    worker.current = own;
    state.value = { progress: nothing, running: true };
    const hear = (report: Report) => {
      if (worker.current === own) state.value = { progress: withReport(state.peek().progress, report), running: true };
    };
    try {
      const end = await wrap<TrainComputations>(own).run(settings, proxy(hear));
      if (worker.current === own) state.value = { ...state.peek(), running: false, end };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (worker.current === own) state.value = { ...state.peek(), running: false, error: message };
    } finally {
      own.terminate();
    }
  }

  const { progress, end, error, running } = state.value;
  return (
    <div data-ready data-end={end}>
      <AddressProblems problems={problems} />
      <Choice label="The task" options={tasks} value={task} onChange={(value) => set({ task: value })} />
      <div class="settings">
        <Slider
          label={lengthMeans[task]}
          setting={schema.length}
          value={length}
          onChange={(value) => set({ length: value })}
        />
        <Slider
          label="Hidden units"
          setting={schema.hidden}
          value={hidden}
          onChange={(value) => set({ hidden: value })}
        />
        <Slider
          label="Gain of the first weights"
          setting={schema.gain}
          value={gain}
          onChange={(value) => set({ gain: value })}
        />
        <Slider
          label="Gradient clipped to"
          setting={schema.clip}
          value={clip}
          shown={clip === 0 ? "not clipped" : String(clip)}
          onChange={(value) => set({ clip: value })}
        />
        <Choice label="First weights" options={starts} value={start} onChange={(value) => set({ start: value })} />
      </div>
      <p class="buttons">
        <button type="button" class="primary" onClick={running ? stop : begin}>
          {running ? "Stop" : "Train"}
        </button>
        <button type="button" onClick={() => set({ seed: (seed % 9999) + 1 })}>
          Another start
        </button>
      </p>
      <Failure error={error} />
      {progress.measures.length > 0 ? <Learning progress={progress} end={end} /> : null}
      <section class="prose">
        <p>
          Train on sequences of 10 steps, then of 100. The network and the rule are the same; only the numbers that
          belong together lie further apart. Whoever always says the mean pays the trivial loss, and that is where the
          long task stays: its gradient comes from the last few steps, and what it has to remember is further back.
        </p>
      </section>
    </div>
  );
}
