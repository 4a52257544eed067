import type { Drawing } from "./drawing.ts";
import { type Figure, fewOf, frame } from "./figure.ts";

/** One network of a series: weights during training, for instance. */
export interface HorizonPoint {
  readonly name: string;
  /** λ₁, nats a step */
  readonly exponent: number;
  /** The lag up to which 95 % of the gradient comes from. */
  readonly reach: number | undefined;
}

/** How memory changes along a series of files. */
export function horizonFigure({ Plot, svg }: Drawing, points: readonly HorizonPoint[]): Figure {
  const rows = points.map(({ exponent, reach = 0 }, i) => ({ i, exponent, reach }));
  const [first, last] = [points[0], points[points.length - 1]];
  const summary = `From ${first?.name} to ${last?.name}, λ₁ goes from ${(first?.exponent ?? 0).toFixed(3)} to ${(last?.exponent ?? 0).toFixed(3)} a step, and the lag that 95 % of the gradient comes from goes from ${first?.reach ?? 0} to ${last?.reach ?? 0} steps.`;
  return {
    svg: svg(
      {
        ...frame,
        x: {
          label: "file",
          labelAnchor: "center",
          labelArrow: "none",
          ticks: fewOf(points.length, 8),
          tickFormat: (i: number) => String(i + 1),
        },
        y: {
          label: "lag with 95 % of the gradient",
          labelAnchor: "top",
          labelArrow: "none",
          grid: true,
          ticks: 6,
          zero: true,
        },
        marks: [
          Plot.line(rows, { x: "i", y: "reach", stroke: "var(--match, #0a58a6)", strokeWidth: 2 }),
          Plot.dot(rows, { x: "i", y: "reach", r: 3.5, fill: "var(--match, #0a58a6)" }),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["file", "λ₁", "lag with 95 %"],
      rows: points.map(({ name, exponent, reach }) => [name, exponent.toFixed(3), String(reach ?? "–")]),
    },
  };
}
