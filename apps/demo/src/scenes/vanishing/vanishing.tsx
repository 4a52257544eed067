import { wrap } from "comlink";
import type { Drawing } from "gradproof/figures";
import { useCallback } from "preact/hooks";
import { useSettings } from "../../address/address.ts";
import { number } from "../../address/settings.ts";
import { useLatest } from "../../computing/latest.ts";
import { Equation } from "../../parts/equation.tsx";
import { Figure } from "../../parts/figure.tsx";
import { AddressProblems, Failure } from "../../parts/notices.tsx";
import { percent, shown } from "../../parts/number-text.ts";
import { Slider } from "../../parts/slider.tsx";
import { cobweb, products, spectrum } from "./figures.ts";
import type { NetworkRun } from "./network.ts";
import type { NeuronRun, NeuronSettings } from "./neuron.ts";
import type { VanishingComputations } from "./worker.ts";

const worker = wrap<VanishingComputations>(
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "vanishing" }),
);

const schema = {
  w: number({ fallback: 1.5, min: -3, max: 3, step: 0.05 }),
  x: number({ fallback: 0, min: -2, max: 2, step: 0.05 }),
  h0: number({ fallback: 0.5, min: -1, max: 1, step: 0.05 }),
  T: number({ fallback: 40, min: 2, max: 200, step: 1 }),
  gain: number({ fallback: 1.5, min: 0.1, max: 5, step: 0.1 }),
  units: number({ fallback: 48, min: 8, max: 96, step: 8 }),
  drive: number({ fallback: 0, min: 0, max: 2, step: 0.1 }),
  seed: number({ fallback: 1, min: 1, max: 9999, step: 1 }),
};

/** Scene 3: one neuron, then a random network: what long products of slopes and weights come to. */
export function Vanishing() {
  const { values, problems, set } = useSettings(schema);
  const { w, x, h0, T, gain, units, drive, seed } = values;
  const one: NeuronSettings = { w, x, h0, T };
  const many = { gain, units, drive, seed };
  const neuron = useLatest(JSON.stringify(one), async () => ({ settings: one, run: await worker.neuron(one) }));
  const network = useLatest(JSON.stringify(many), () => worker.network(many));
  const ready = neuron.result && network.result;
  return (
    <>
      <AddressProblems problems={problems} />
      <Failure error={neuron.error ?? network.error} />
      <div data-ready={ready ? "" : undefined}>
        <section aria-labelledby="neuron">
          <h2 id="neuron">One neuron</h2>
          <p class="formulae">
            <Equation tex="h_t = \tanh(w\,h_{t-1} + x)" />{" "}
            <Equation tex="\displaystyle \frac{dh_t}{dh_0} = \prod_{m=1}^{t} (1 - h_m^2)\, w" />
          </p>
          <div class="settings">
            <Slider label="Weight w" setting={schema.w} value={w} onChange={(value) => set({ w: value })} />
            <Slider label="Input x" setting={schema.x} value={x} onChange={(value) => set({ x: value })} />
            <Slider label="First state" setting={schema.h0} value={h0} onChange={(value) => set({ h0: value })} />
            <Slider label="Steps" setting={schema.T} value={T} onChange={(value) => set({ T: value })} />
          </div>
          {neuron.result ? <NeuronFigures {...neuron.result} /> : null}
        </section>
        <section class="part" aria-labelledby="network">
          <h2 id="network">A random network</h2>
          <p class="formulae">
            <Equation tex="W_{ij} \sim N(0,\, g^2/n)" /> <Equation tex="A_t = \mathrm{diag}(1 - h_t^2)\, W" />{" "}
            <Equation tex="\displaystyle \lambda_i = \lim_{T \to \infty} \tfrac{1}{T} \ln \sigma_i(A_T \cdots A_1)" />
          </p>
          <div class="settings">
            <Slider label="Gain g" setting={schema.gain} value={gain} onChange={(value) => set({ gain: value })} />
            <Slider label="Units n" setting={schema.units} value={units} onChange={(value) => set({ units: value })} />
            <Slider
              label="Drive: noise at every unit"
              setting={schema.drive}
              value={drive}
              onChange={(value) => set({ drive: value })}
            />
          </div>
          {network.result ? <NetworkFigures run={network.result} gain={gain} units={units} /> : null}
        </section>
      </div>
      <section class="prose">
        <p>
          The slope of tanh is 1 where its argument is 0, and less everywhere else. So the product is never above{" "}
          <span class="tag">|w|ᵗ</span>, and mostly far below: a weight above 1 does not make one neuron explode, it
          drives the state to where the slope is small. Only a state of exactly 0 stays there, and its product is{" "}
          <span class="tag">wᵗ</span>. At w = 1 without input the decay is a power of t, slower than any exponential.
        </p>
        <p>
          With many units there is one factor for each direction. A gain above 1 may let some of them grow, but noise at
          the input makes the slopes smaller again. It is the product that counts, neither the weights nor the slopes
          alone.
        </p>
      </section>
    </>
  );
}

function NeuronFigures({ settings, run }: { readonly settings: NeuronSettings; readonly run: NeuronRun }) {
  const orbit = useCallback((drawing: Drawing) => cobweb(drawing, settings, run), [settings, run]);
  const sizes = useCallback((drawing: Drawing) => products(drawing, run), [run]);
  const { T, w } = settings;
  const [last, bound] = [run.products[T], run.bounds[T]];
  const left = `After ${T} steps ${shown(last)} of a change of the first state is left; |w|ᵗ would be ${shown(bound)}.`;
  return (
    <>
      <p class="verdict" data-product={last} aria-live="polite">
        {left}
        {w === 1 && settings.x === 0 ? ` Times t to the 3/2 it is ${shown(last * T ** 1.5, 2)}: a power law.` : ""}
      </p>
      <div class="figures">
        <Figure title="The orbit" draw={orbit} />
        <Figure title="The product" draw={sizes} />
      </div>
    </>
  );
}

interface NetworkFiguresProps {
  readonly run: NetworkRun;
  readonly gain: number;
  readonly units: number;
}

function NetworkFigures({ run, gain, units }: NetworkFiguresProps) {
  const draw = useCallback((drawing: Drawing) => spectrum(drawing, run), [run]);
  const { largest, largestExpected, standardError, spectralRadius, largestSingularValue, plainRadius, shareBelowOne } =
    run;
  const grows =
    largest > 2 * (standardError ?? 0) ? "grows" : largest < -2 * (standardError ?? 0) ? "vanishes" : "hardly changes";
  const summary = `A gradient ${grows}: its largest exponent is ${shown(largest)} per step, a factor of ${shown(Math.exp(50 * largest), 2)} over 50 steps. Mean field expects ${shown(largestExpected)}.`;
  return (
    <>
      <p class="verdict" data-exponent={largest} aria-live="polite">
        {summary}
      </p>
      <div class="figures">
        <Figure title="Growth along each direction" draw={draw} />
        <div class="facts">
          <p>
            The spectral radius of W is {shown(spectralRadius, 2)} and its largest singular value{" "}
            {shown(largestSingularValue, 2)}, with g = {gain}. Were that singular value below 1, every gradient would
            vanish; above 1 it may or may not grow.
          </p>
          <p>
            Is a weight drawn from N(0, 1) below 1? Of 20,000 drawn, {percent(shareBelowOne)} have a size below 1. And
            for {units} units such weights have a spectral radius of {shown(plainRadius, 1)}, near √{units} ={" "}
            {shown(Math.sqrt(units), 1)}: not below 1 at all.
          </p>
        </div>
      </div>
    </>
  );
}
