import { useSignal } from "@preact/signals";
import { useSettings } from "../../address/address.ts";
import { number, numbers, text } from "../../address/settings.ts";
import { firstWorker } from "../../computing/first-worker.ts";
import { useLatest } from "../../computing/latest.ts";
import { NetworkSettings } from "../../parts/network-settings.tsx";
import { AddressProblems, Failure } from "../../parts/notices.tsx";
import { Scrolling } from "../../parts/scrolling.tsx";
import { Slider } from "../../parts/slider.tsx";
import { EquationsAtWork } from "./equations-at-work.tsx";
import { momentName, momentsOf } from "./moments.ts";
import { NetworkPicture } from "./network-picture.tsx";
import { describePaths, type Part, partName, partOf } from "./paths.ts";
import { SequenceEditor } from "./sequence-editor.tsx";

const sequence = { min: -9, max: 9, least: 1, most: 6 };
const schema = {
  x: numbers([1, -0.5, 0.25, 0.75], sequence),
  y: numbers([0.5, 0, -0.5, 1], sequence),
  units: number({ fallback: 2, min: 1, max: 3, step: 1 }),
  gain: number({ fallback: 1, min: 0.1, max: 3, step: 0.1 }),
  seed: number({ fallback: 1, min: 1, max: 9999, step: 1 }),
  moment: number({ fallback: 1, min: 1, max: 14, step: 1 }),
  paths: text(3),
};

/** Scene 1: the network unrolled on a small sequence, forward and backward step by step, with the paths of gradients. */
export function Unroll() {
  const { values, problems, set } = useSettings(schema);
  const { x, units, gain, seed, paths } = values;
  const y = x.map((_, i) => values.y[i] ?? 0);
  const T = x.length;
  const moments = momentsOf(T);
  const index = Math.min(values.moment, moments.length);
  const moment = moments[index - 1];
  const settings = { x, y, H: units, gain, seed };
  const { result: pass, error } = useLatest(JSON.stringify(settings), () => firstWorker.unrolled(settings));
  const pointed = useSignal<Part | undefined>(undefined);
  const kept = paths === "" ? undefined : partOf(paths, T);
  const chosen = pointed.value ?? kept;
  const choose = (part: Part) => set({ paths: kept && partName(kept) === partName(part) ? "" : partName(part) });
  const go = (to: number) => set({ moment: Math.max(1, Math.min(moments.length, to)) });
  const fits = pass && pass.outputs.length === T;
  const lengths = values.y.length === T ? [] : [`x has ${T} numbers and y ${values.y.length}; expected as many`];
  const unknown = paths !== "" && !kept ? [`paths is “${paths}”; expected a part such as h2, x1, e3 or Whh`] : [];
  return (
    <>
      <AddressProblems problems={[...problems, ...lengths, ...unknown]} />
      <Failure error={error} />
      <div class="stage" data-ready={fits ? "" : undefined}>
        <div class="picture">
          <Scrolling label="The unrolled network">
            {fits ? (
              <NetworkPicture
                {...{ pass, x, moment, chosen }}
                onPoint={(part) => {
                  pointed.value = part;
                }}
                onChoose={choose}
              />
            ) : null}
          </Scrolling>
          <p class="under" aria-live="polite" data-paths>
            {chosen
              ? describePaths(chosen, T)
              : "Point at a state, an input, an output or a weight: every path that carries gradient to it lights up."}
          </p>
          <WeightButtons
            kept={kept}
            onChoose={choose}
            onPoint={(part) => {
              pointed.value = part;
            }}
          />
        </div>
        <div class="beside">
          <fieldset class="stepper">
            <legend>Step by step</legend>
            <button type="button" onClick={() => go(index - 1)} disabled={index === 1}>
              Back
            </button>
            <button type="button" class="primary" onClick={() => go(index + 1)} disabled={index === moments.length}>
              Next
            </button>
            <Slider
              label={`Moment ${index} of ${moments.length}`}
              setting={{ min: 1, max: moments.length, step: 1 }}
              value={index}
              shown={momentName(moment)}
              onChange={go}
            />
          </fieldset>
          {fits ? <EquationsAtWork moment={moment} pass={pass} /> : null}
        </div>
      </div>
      <NetworkSettings label="The sequence and the network" schema={schema} values={values} onChange={set}>
        <SequenceEditor x={x} y={y} {...sequence} onChange={set} />
      </NetworkSettings>
      <section class="prose">
        <p>
          Step forward first: each state is made of the input and of the state before. Then backward, from the last
          loss: each error comes down from its own output, and from the step after it. That second part is all that is
          special about back-propagation through time.
        </p>
        <p>
          The same three matrices stand at every step. So the gradient of a matrix is a sum over all steps, and over all
          paths that lead from a loss to a place where it is used.
        </p>
      </section>
    </>
  );
}

const weights = [
  { kind: "weight", name: "Wxh" },
  { kind: "weight", name: "Whh" },
  { kind: "weight", name: "Why" },
] as const;

interface WeightButtonsProps {
  readonly kept: Part | undefined;
  readonly onPoint: (part: Part | undefined) => void;
  readonly onChoose: (part: Part) => void;
}

function WeightButtons({ kept, onPoint, onChoose }: WeightButtonsProps) {
  return (
    <fieldset class="weights">
      <legend>Paths to a weight</legend>
      {weights.map((part) => (
        <button
          key={part.name}
          type="button"
          aria-pressed={kept !== undefined && partName(kept) === part.name}
          onClick={() => onChoose(part)}
          onPointerEnter={() => onPoint(part)}
          onPointerLeave={() => onPoint(undefined)}
          onFocus={() => onPoint(part)}
          onBlur={() => onPoint(undefined)}
        >
          W<sub>{part.name.slice(1)}</sub>
        </button>
      ))}
    </fieldset>
  );
}
