import {
  type Drawing,
  type Figure as Drawn,
  lossFigure,
  lossSummary,
  type Moment,
  memoryFigure,
  memorySummary,
} from "gradproof/figures";
import { useCallback } from "preact/hooks";
import { Figure } from "../../parts/figure.tsx";
import { percent, shown } from "../../parts/number-text.ts";
import { Raised } from "../../parts/raised.tsx";
import { sentence } from "../../parts/sentence.ts";
import type { Progress } from "./progress.ts";
import type { Look, Measure, Sample, TaskFacts } from "./report.ts";

interface LearningProps {
  readonly progress: Progress;
  readonly end: string | undefined;
}

/** How a run goes: its loss, how far back its gradient reaches, why, and what it writes. */
export function Learning({ progress: { facts, measures, look, samples }, end }: LearningProps) {
  const latest = measures[measures.length - 1];
  const drawLoss = useCallback((drawing: Drawing) => lossPicture(drawing, measures, facts), [measures, facts]);
  const drawMemory = useCallback((drawing: Drawing) => memoryPicture(drawing, measures, facts), [measures, facts]);
  if (!facts || !latest) return null;
  return (
    <div class="learning part">
      <p
        class={end?.startsWith("not learned") || end?.startsWith("diverged") ? "verdict wrong" : "verdict"}
        data-step={latest.step}
        data-share={latest.share}
        data-horizon={latest.horizon}
        data-speed={latest.stepsPerSecond}
      >
        {end === undefined ? "" : `${end[0].toUpperCase()}${end.slice(1)}. `}After {latest.step} steps the loss is{" "}
        {percent(latest.share)} of the trivial one’s: {facts.trivial}.
      </p>
      <p class="under">
        {Math.round(latest.stepsPerSecond)} steps per second; the gradient is {shown(latest.norm)} long,{" "}
        {percent(latest.clipped)} of all steps were clipped.
      </p>
      <div class="figures">
        <Figure title="The loss" draw={drawLoss} />
        <Figure title="How far back the gradient reaches" draw={drawMemory} />
        {look ? <Findings look={look} /> : null}
        {samples.length > 0 ? <Samples samples={samples} /> : null}
      </div>
    </div>
  );
}

function Findings({ look: { step, verdict, evidence } }: { readonly look: Look }) {
  return (
    <section aria-labelledby="flow-found">
      <h2 id="flow-found">Does the gradient flow? {verdict}</h2>
      <p class="quiet">What explain finds at step {step}.</p>
      {evidence.length === 0 ? <p>Nothing stands in its way.</p> : null}
      <ul class="evidence">
        {evidence.map(({ evidence: found, tryNext }) => (
          <li key={found}>
            <Raised text={sentence(found)} />
            {tryNext.map((next) => (
              <span key={next} class="try">
                Try: <Raised text={next} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Samples({ samples }: { readonly samples: readonly Sample[] }) {
  return (
    <section aria-labelledby="samples">
      <h2 id="samples">What it writes</h2>
      <dl class="samples">
        {samples.toReversed().map(({ step, text }) => (
          <div key={step}>
            <dt>after step {step}</dt>
            <dd data-sample={step}>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function lossPicture(drawing: Drawing, measures: readonly Measure[], facts: TaskFacts | undefined): Drawn {
  const { baseline = 1, floor = 0 } = facts ?? {};
  const moments = momentsOf(measures);
  return {
    svg: lossFigure(drawing, moments, { baseline, floor }),
    summary: lossSummary(moments, baseline),
    table: {
      headings: ["step", "loss", "share of the trivial loss"],
      rows: few(measures).map(({ step, loss, share }) => [String(step), shown(loss), percent(share)]),
    },
  };
}

function memoryPicture(drawing: Drawing, measures: readonly Measure[], facts: TaskFacts | undefined): Drawn {
  const { lag = 1 } = facts ?? {};
  const moments = momentsOf(measures);
  return {
    svg: memoryFigure(drawing, moments, { lag }),
    summary: memorySummary(moments, lag),
    table: {
      headings: ["step", "steps back for 95 % of the gradient", "the task asks"],
      rows: few(measures).map(({ step, horizon }) => [String(step), String(horizon ?? "–"), String(lag)]),
    },
  };
}

function momentsOf(measures: readonly Measure[]): Moment[] {
  return measures.map(({ step, loss, norm, clipped, horizon }) => {
    return { step, loss, norm, clipped, horizon: horizon ?? Number.NaN };
  });
}

/** At most a dozen of them, evenly spaced. */
function few(measures: readonly Measure[]): readonly Measure[] {
  const every = Math.max(1, Math.ceil(measures.length / 12));
  return measures.filter((_, i) => i % every === 0 || i === measures.length - 1);
}
