import { useSettings } from "../../address/address.ts";
import { choice, number } from "../../address/settings.ts";
import { firstWorker } from "../../computing/first-worker.ts";
import { useLatest } from "../../computing/latest.ts";
import { Choice } from "../../parts/choice.tsx";
import { Equation } from "../../parts/equation.tsx";
import { NetworkSettings } from "../../parts/network-settings.tsx";
import { AddressProblems, Failure } from "../../parts/notices.tsx";
import { percent, shown } from "../../parts/number-text.ts";
import { Scrolling } from "../../parts/scrolling.tsx";
import { Slider } from "../../parts/slider.tsx";
import { Chain } from "./chain.tsx";
import type { LagShares } from "./lag-shares.ts";
import { readingTexts } from "./readings.ts";
import { ToneKey, Triangle } from "./triangle.tsx";

const schema = {
  reading: choice(["corrected", "eq15", "eq14", "eq20", "eq27"], "corrected"),
  T: number({ fallback: 12, min: 2, max: 20, step: 1 }),
  units: number({ fallback: 2, min: 1, max: 4, step: 1 }),
  gain: number({ fallback: 1, min: 0.1, max: 3, step: 0.1 }),
  seed: number({ fallback: 3, min: 1, max: 9999, step: 1 }),
  t: number({ fallback: 12, min: 1, max: 20, step: 1 }),
  k: number({ fallback: 6, min: 1, max: 20, step: 1 }),
};

/** Scene 2: the triangle of terms of the expanded sum, the chain behind each, and the notes' equations put to the test. */
export function Lags() {
  const { values, problems, set } = useSettings(schema);
  const { T, units: H, gain, seed, reading } = values;
  const t = Math.min(values.t, T);
  const k = Math.min(values.k, t);
  const settings = { T, H, gain, seed, reading, t, k };
  const { result: shares, error } = useLatest(JSON.stringify(settings), () => firstWorker.lagShares(settings));
  const text = readingTexts.find(({ value }) => value === reading) ?? readingTexts[0];
  const ready = shares && shares.sizes.length === T;
  return (
    <>
      <AddressProblems problems={problems} />
      <Failure error={error} />
      <Choice
        label="The equation"
        options={readingTexts}
        value={reading}
        onChange={(value) => set({ reading: value })}
      />
      <div class="reading">
        <p class="formula">
          <Equation tex={text.tex} block />
        </p>
        <p>{text.says}</p>
      </div>
      <div class="stage" data-ready={ready ? "" : undefined}>
        <div class="picture">
          {ready ? (
            <>
              <p
                class={shares.rows.every(({ same }) => same) ? "verdict" : "verdict wrong"}
                aria-live="polite"
                data-verdict
              >
                {verdict(shares)}
              </p>
              <Scrolling label="Triangle of terms">
                <Triangle shares={shares} t={t} k={k} onChoose={(row, column) => set({ t: row, k: column })} />
              </Scrolling>
              <ToneKey largest={Math.max(...shares.sizes.flat())} />
            </>
          ) : null}
        </div>
        <section class="beside" aria-label="The chosen term">
          <div class="pair">
            <Slider
              label="Loss t"
              setting={{ min: 1, max: T, step: 1 }}
              value={t}
              onChange={(value) => set({ t: value, k: Math.min(k, value) })}
            />
            <Slider
              label="State k"
              setting={{ min: 1, max: t, step: 1 }}
              value={k}
              onChange={(value) => set({ k: value })}
            />
          </div>
          {ready && k <= shares.sizes[t - 1].length ? (
            <>
              <p data-term={shares.sizes[t - 1][k - 1]}>
                The term of loss {t} by way of state {k} has size {shown(shares.sizes[t - 1][k - 1])}:{" "}
                {shareOfRow(shares.sizes[t - 1], k)} of its row.
              </p>
              <Chain t={t} k={k} chain={shares.chain} />
            </>
          ) : null}
        </section>
      </div>
      <NetworkSettings label="The network" schema={schema} values={values} onChange={set}>
        <Slider
          label="Steps"
          setting={schema.T}
          value={T}
          onChange={(value) => set({ T: value, t: value, k: Math.ceil(value / 2) })}
        />
      </NetworkSettings>
      <section class="prose">
        <p>
          Each row is the gradient of one loss, taken apart by the state that it passes. Towards the left the chain
          grows longer, and with it the product: the far past fades, row after row. Raise the gain, and it may do the
          opposite.
        </p>
        <p>
          The tick at the end of a row says that its terms add up to the gradient that autodiff finds for that loss
          alone, compared over a prime field, where nothing rounds. Choose an equation as the notes have it, and see
          which rows fail. The first one often does not: with one step there is little to get wrong.
        </p>
      </section>
    </>
  );
}

function verdict({ rows }: LagShares): string {
  const wrong = rows.filter(({ same }) => !same).length;
  const largest = Math.max(...rows.map(({ relative }) => relative));
  if (wrong === 0) {
    return `All ${rows.length} rows add up to autodiff’s gradient: exactly over a prime field, to ${largest.toExponential(0).replace("-", "−")} in float64.`;
  }
  return `${wrong} of ${rows.length} rows do not add up to autodiff’s gradient; in float64 they are off by up to ${percent(largest)}.`;
}

function shareOfRow(row: readonly number[], k: number): string {
  const total = row.reduce((sum, size) => sum + size, 0);
  return total === 0 ? "nothing" : percent(row[k - 1] / total);
}
