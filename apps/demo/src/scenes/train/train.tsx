import { line, type PlotOptions, ruleY, text } from "@observablehq/plot";
import { useSignal } from "@preact/signals";
import { proxy, wrap } from "comlink";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useSettings } from "../../address/address.ts";
import { choice, number } from "../../address/settings.ts";
import { Choice } from "../../parts/choice.tsx";
import { Figure } from "../../parts/figure.tsx";
import { AddressProblems, Failure } from "../../parts/notices.tsx";
import { percent, shown } from "../../parts/number-text.ts";
import { Slider } from "../../parts/slider.tsx";
import type { Look, Progress, RunSettings } from "./run.ts";
import type { TrainComputations } from "./worker.ts";

const schema = {
  task: choice(["adding", "temporal-order", "copy", "delayed-xor"], "adding"),
  length: number({ fallback: 10, min: 2, max: 100, step: 1 }),
  hidden: number({ fallback: 32, min: 4, max: 64, step: 4 }),
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
] as const;

const starts = [
  { value: "orthogonal", label: "Orthogonal" },
  { value: "normal", label: "Normal" },
  { value: "uniform", label: "Uniform" },
  { value: "identity", label: "Identity" },
] as const;

interface State {
  readonly history: readonly Progress[];
  readonly look?: Look;
  readonly end?: string;
  readonly error?: string;
  readonly running: boolean;
}

/** Scene 5: a network that learns, or does not, with its loss, what clipping does, and why. */
export function Train() {
  const { values, problems, set } = useSettings(schema);
  const { task, length, hidden, start, gain, clip, seed } = values;
  const settings: RunSettings = { task, length, hidden, initialisation: start, gain, clip, seed };
  const state = useSignal<State>({ history: [], running: false });
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
      state.value = { history: [], running: false };
    },
    [key],
  );

  async function begin() {
    stop();
    const own = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "train" });
    worker.current = own;
    state.value = { history: [], running: true };
    const report = (progress: Progress) => {
      if (worker.current !== own) return;
      const { history, look } = state.peek();
      const latest = progress.look ?? look;
      state.value = { history: thinned([...history, progress]), running: true, ...(latest && { look: latest }) };
    };
    try {
      const end = await wrap<TrainComputations>(own).run(settings, proxy(report));
      if (worker.current === own) state.value = { ...state.peek(), running: false, end };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (worker.current === own) state.value = { ...state.peek(), running: false, error: message };
    } finally {
      own.terminate();
    }
  }

  const { history, look, end, error, running } = state.value;
  return (
    <div data-ready data-end={end}>
      <AddressProblems problems={problems} />
      <Choice label="The task" options={tasks} value={task} onChange={(value) => set({ task: value })} />
      <div class="settings">
        <Slider label="Length" setting={schema.length} value={length} onChange={(value) => set({ length: value })} />
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
      {history.length > 0 ? <Learning history={history} look={look} end={end} /> : null}
      <section class="prose">
        <p>
          Train on sequences of 10, then of 100. The network and the rule are the same; only the numbers that belong
          together lie further apart. Whoever always says the mean pays 1 here, and that is where the long task stays.
        </p>
      </section>
    </div>
  );
}

interface LearningProps {
  readonly history: readonly Progress[];
  readonly look: Look | undefined;
  readonly end: string | undefined;
}

function Learning({ history, look, end }: LearningProps) {
  const options = useMemo(() => lossFigure(history), [history]);
  const latest = history[history.length - 1];
  const summary = `${end === undefined ? "" : `${end[0].toUpperCase()}${end.slice(1)}. `}After ${latest.step} steps the loss is ${percent(latest.share)} of the trivial one.`;
  return (
    <div class="figures part">
      <div>
        <p class="verdict" data-step={latest.step} data-share={latest.share} aria-live="off">
          {summary}
        </p>
        <Figure
          label={summary}
          options={options}
          caption="The loss, smoothed, as a share of what the best guess without memory costs."
        />
        <p class="under">
          {Math.round(latest.stepsPerSecond)} steps per second; the gradient is {shown(latest.norm)} long,{" "}
          {percent(latest.clipped)} of all steps were clipped.
        </p>
      </div>
      {look ? (
        <section aria-label="What explain finds">
          <h2>Does the gradient flow? {look.verdict}</h2>
          <p class="under">
            On the batch of step {look.step}
            {look.reach === undefined ? "" : `: 95 % of the gradient comes from the last ${look.reach} steps`}.
          </p>
          <ul>
            {look.evidence.map((evidence) => (
              <li key={evidence}>{evidence}</li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

/** At most some hundred points are drawn: where there are more, every other one goes. */
function thinned(history: readonly Progress[]): readonly Progress[] {
  return history.length <= 300 ? history : history.filter((_, i) => i % 2 === 0 || i === history.length - 1);
}

function lossFigure(history: readonly Progress[]): PlotOptions {
  const points = history.map(({ step, share }) => [step, share]);
  const last = history[history.length - 1].step;
  return {
    marginRight: 70,
    x: { label: "steps", domain: [0, Math.max(100, last)], labelAnchor: "center", labelOffset: 42, labelArrow: "none" },
    y: {
      label: "share of the trivial loss",
      domain: [0, Math.max(1.2, ...history.map(({ share }) => Math.min(3, share)))],
      grid: true,
      labelArrow: "none",
    },
    marks: [
      ruleY([1], { stroke: "var(--wrong)", strokeDasharray: "5,4" }),
      ruleY([0.1], { stroke: "var(--quiet)", strokeDasharray: "2,3" }),
      text([[Math.max(100, last), 1]], { text: ["trivial"], dx: 8, textAnchor: "start", fill: "var(--wrong)" }),
      text([[Math.max(100, last), 0.1]], { text: ["learned"], dx: 8, textAnchor: "start", fill: "var(--quiet)" }),
      line(points, { stroke: "var(--accent)", strokeWidth: 2.5, clip: true }),
    ],
  };
}
