import { dot, line, type PlotOptions, ruleY, text } from "@observablehq/plot";
import type { NetworkRun } from "./network.ts";
import type { NeuronRun, NeuronSettings } from "./neuron.ts";

const [ink, accent, quiet, wrong] = ["currentColor", "var(--accent)", "var(--quiet)", "var(--wrong)"];

/** The map h ↦ tanh(w h + x), the diagonal, and the orbit between them. */
export function cobweb({ w, x }: NeuronSettings, { states }: NeuronRun): PlotOptions {
  const grid = Array.from({ length: 121 }, (_, i) => -1.2 + i / 50);
  const stairs = states.slice(0, -1).flatMap((h, t) => [
    [h, t === 0 ? h : states[t]],
    [h, states[t + 1]],
    [states[t + 1], states[t + 1]],
  ]);
  return {
    height: 400,
    aspectRatio: 1,
    x: { label: "state", domain: [-1.2, 1.2], labelAnchor: "center", labelOffset: 42, labelArrow: "none" },
    y: { label: "next state", domain: [-1.2, 1.2], labelArrow: "none" },
    marks: [
      line(
        grid.map((h) => [h, h]),
        { stroke: quiet, strokeDasharray: "4,4" },
      ),
      line(
        grid.map((h) => [h, Math.tanh(w * h + x)]),
        { stroke: ink, strokeWidth: 2 },
      ),
      line(stairs, { stroke: accent, strokeWidth: 1.5 }),
      dot([[states[0], states[0]]], { fill: accent, r: 4 }),
    ],
  };
}

/** Sizes below this are drawn at it. */
const smallest = 1e-20;

/** |dh_t/dh_0| beside |w|^t, in powers of ten. */
export function products({ products: sizes, bounds }: NeuronRun): PlotOptions {
  const points = (values: readonly number[]) => values.map((value, t) => [t, Math.log10(Math.max(smallest, value))]);
  const last = sizes.length - 1;
  const label = (values: readonly number[]) => [points(values)[last]];
  const domain = [Math.floor(Math.log10(Math.max(smallest, Math.min(1, ...sizes)))) - 1, 3];
  return {
    marginRight: 64,
    x: { label: "steps t", labelAnchor: "center", labelOffset: 42, labelArrow: "none" },
    y: { label: "power of ten", grid: true, domain, labelArrow: "none" },
    marks: [
      ruleY([0], { stroke: quiet }),
      line(points(bounds), { clip: true, stroke: wrong, strokeDasharray: "5,4", strokeWidth: 2 }),
      line(points(sizes), { clip: true, stroke: accent, strokeWidth: 2.5 }),
      text(label(bounds.map((bound) => Math.max(10 ** domain[0], Math.min(1000, bound)))), {
        text: ["|w|ᵗ"],
        dx: 8,
        textAnchor: "start",
        fill: wrong,
        dy: -6,
      }),
      text(label(sizes), { text: ["product"], dx: 8, textAnchor: "start", fill: accent, dy: 8 }),
    ],
  };
}

/** Exponents as measured, and as mean field theory has them. */
export function spectrum({ exponents, expected }: NetworkRun): PlotOptions {
  const n = exponents.length;
  const points = (values: readonly number[]) => values.map((value, i) => [(i + 0.5) / n, value]);
  return {
    x: { label: "share of the spectrum", domain: [0, 1], labelAnchor: "center", labelOffset: 42, labelArrow: "none" },
    y: { label: "growth per step, ln", grid: true, nice: true, labelArrow: "none" },
    marks: [
      ruleY([0], { stroke: quiet }),
      line(points(expected), { stroke: wrong, strokeDasharray: "5,4", strokeWidth: 2 }),
      dot(points(exponents), { fill: accent, r: 3.5 }),
    ],
  };
}
