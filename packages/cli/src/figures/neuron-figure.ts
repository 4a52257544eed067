import { short } from "../text/numbers.ts";
import type { Drawing } from "./drawing.ts";
import { type Figure, frame } from "./figure.ts";

/** |∂h_T/∂h_0| of h_t = tanh(w h_{t−1}) from one start, over w, for several T. */
export interface NeuronProducts {
  readonly start: number;
  readonly weights: readonly number[];
  readonly curves: readonly { readonly steps: number; readonly products: readonly number[] }[];
}

const dashes = ["none", "7,3", "2,3"];

/** The products of a single neuron, by the chain rule of the notes' Eqs. 24 to 27. */
export function neuronProducts(start: number, weights: readonly number[], steps: readonly number[]): NeuronProducts {
  const curves = steps.map((T) => ({
    steps: T,
    products: weights.map((w) => {
      let [h, product] = [start, 1];
      for (let t = 0; t < T; t++) {
        h = Math.tanh(w * h);
        product *= (1 - h * h) * w;
      }
      return Math.abs(product);
    }),
  }));
  return { start, weights, curves };
}

/** Why |w| > 1 does not make a single neuron explode: its state grows until its slope is small. */
export function neuronFigure({ Plot, svg }: Drawing, { start, weights, curves }: NeuronProducts): Figure {
  const peaks = curves.map(({ steps, products }) => {
    const most = products.reduce((peak, value) => Math.max(peak, value), 0);
    return { steps, most, at: weights[products.indexOf(most)] ?? 0 };
  });
  const summary = `A single neuron h_t = tanh(w h_{t−1}) from h₀ = ${start}: ${peaks
    .map(({ steps, most, at }) => `after ${steps} steps ∂h_t/∂h₀ is at most ${short(most)}, at w = ${at.toFixed(2)}`)
    .join("; ")}. A larger w saturates the neuron.`;
  return {
    svg: svg(
      {
        ...frame,
        marginRight: 60,
        x: { label: "w", labelAnchor: "center", labelArrow: "none" },
        y: { label: "|∂h_t/∂h₀|", labelAnchor: "top", labelArrow: "none", grid: true, ticks: 5 },
        marks: [
          Plot.ruleX([1], { stroke: "currentColor", strokeOpacity: 0.5 }),
          ...curves.flatMap(({ steps, products }, i) => {
            const points = weights.map((w, j) => ({ w, y: products[j] ?? 0 }));
            const peak = peaks[i];
            return [
              Plot.line(points, {
                x: "w",
                y: "y",
                stroke: "var(--match, #0a58a6)",
                strokeWidth: 2,
                strokeDasharray: dashes[i % dashes.length] ?? "none",
              }),
              Plot.text(peak ? [peak] : [], { x: "at", y: "most", text: () => `t = ${steps}`, dy: -8 }),
            ];
          }),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["w", ...curves.map(({ steps }) => `t = ${steps}`)],
      rows: weights.flatMap((w, i) =>
        i % Math.max(1, Math.floor(weights.length / 12)) === 0
          ? [[w.toFixed(2), ...curves.map(({ products }) => short(products[i] ?? 0))]]
          : [],
      ),
    },
  };
}
