import { type Drawing, type Figure, type Spectrum, spectrumFigure } from "gradproof/figures";
import { shown } from "../../parts/number-text.ts";
import type { NetworkRun } from "./network.ts";
import type { NeuronRun, NeuronSettings } from "./neuron.ts";

const [ink, accent, quiet, wrong] = ["currentColor", "var(--accent)", "var(--quiet)", "var(--wrong)"];

/** At most a dozen of the steps 0 … T. */
function fewSteps(T: number): number[] {
  const few = Math.min(T, 11);
  return Array.from({ length: few + 1 }, (_, i) => Math.round((i * T) / few));
}

/** The map h ↦ tanh(w h + x), the diagonal, and the orbit between them. */
export function cobweb({ Plot, svg }: Drawing, { w, x, h0 }: NeuronSettings, { states }: NeuronRun): Figure {
  const grid = Array.from({ length: 121 }, (_, i) => -1.2 + i / 50);
  const stairs = states.slice(0, -1).flatMap((h, t) => [
    [h, t === 0 ? h : states[t]],
    [h, states[t + 1]],
    [states[t + 1], states[t + 1]],
  ]);
  const summary = `The orbit from ${shown(h0, 2)} to ${shown(states[states.length - 1])}: up or down to the curve tanh(wh + x), across to the diagonal, and again.`;
  const axis = { domain: [-1.2, 1.2], labelAnchor: "center", labelArrow: "none", ticks: 6 } as const;
  return {
    svg: svg(
      {
        width: 340,
        height: 340,
        marginLeft: 50,
        marginRight: 14,
        marginTop: 12,
        marginBottom: 40,
        x: { ...axis, label: "state" },
        y: { ...axis, label: "next state" },
        marks: [
          Plot.line(
            grid.map((h) => [h, h]),
            { stroke: quiet, strokeDasharray: "4,4" },
          ),
          Plot.line(
            grid.map((h) => [h, Math.tanh(w * h + x)]),
            { stroke: ink, strokeWidth: 2 },
          ),
          Plot.line(stairs, { stroke: accent, strokeWidth: 1.5 }),
          Plot.dot([[states[0], states[0]]], { fill: accent, r: 4 }),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["step", "state"],
      rows: fewSteps(states.length - 1).map((t) => [String(t), shown(states[t])]),
    },
  };
}

/** Sizes below this are drawn at it. */
const smallest = 1e-20;

/** |dh_t/dh_0| beside |w|^t, in powers of ten. */
export function products({ Plot, svg }: Drawing, { products: sizes, bounds }: NeuronRun): Figure {
  const T = sizes.length - 1;
  const height = (value: number) => Math.log10(Math.max(smallest, value));
  const points = (values: readonly number[]) => values.map((value, t) => [t, height(value)]);
  const domain: [number, number] = [Math.floor(height(Math.min(1, ...sizes))) - 1, 3];
  const ends = [
    { y: Math.max(domain[0], Math.min(domain[1], height(bounds[T]))), text: "|w|ᵗ", fill: wrong },
    { y: height(sizes[T]), text: "product", fill: accent },
  ];
  // Two labels at one height would cover each other.
  const apart = Math.abs(ends[0].y - ends[1].y) < (domain[1] - domain[0]) / 16 ? 8 : 0;
  const summary = `What is left of a change of the first state after t steps: ${shown(sizes[T])} at t = ${T}. The bound |w|ᵗ (dashed) would be ${shown(bounds[T])}.`;
  return {
    svg: svg(
      {
        width: 520,
        height: 340,
        marginLeft: 50,
        marginRight: 64,
        marginTop: 24,
        marginBottom: 40,
        x: { label: "steps t", labelAnchor: "center", labelArrow: "none" },
        y: { label: "power of ten", labelAnchor: "top", grid: true, domain, labelArrow: "none", ticks: 7 },
        marks: [
          Plot.ruleY([0], { stroke: quiet }),
          Plot.line(points(bounds), { clip: true, stroke: wrong, strokeDasharray: "5,4", strokeWidth: 2 }),
          Plot.line(points(sizes), { clip: true, stroke: accent, strokeWidth: 2.5 }),
          ...ends.map(({ y, text, fill }, i) =>
            Plot.text([[T, y]], { text: [text], dx: 8, dy: i === 0 ? -apart : apart, textAnchor: "start", fill }),
          ),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["step", "product", "|w|ᵗ"],
      rows: fewSteps(T).map((t) => [String(t), shown(sizes[t]), shown(bounds[t])]),
    },
  };
}

/** Exponents as measured, and as mean field theory has them. */
export function spectrum(drawing: Drawing, { exponents, expected, standardError }: NetworkRun): Figure {
  const measured: Spectrum = {
    exponents: Float64Array.from(exponents),
    expected: Float64Array.from(expected),
    standardError,
    width: exponents.length,
  };
  return spectrumFigure(drawing, measured);
}
