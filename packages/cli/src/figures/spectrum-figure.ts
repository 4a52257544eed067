import type { Drawing } from "./drawing.ts";
import { type Figure, fewOf, frame } from "./figure.ts";

export interface Spectrum {
  /** λ_i, nats a step; −Infinity where nothing is left. */
  readonly exponents: Float64Array;
  readonly standardError: number | undefined;
  /** n: there may be more exponents than were computed. */
  readonly width: number;
  /** What theory expects of each of them. */
  readonly expected?: Float64Array | undefined;
}

/** Lyapunov exponents: growth a step along each direction. */
export function spectrumFigure(
  { Plot, svg }: Drawing,
  { exponents, standardError, width, expected }: Spectrum,
): Figure {
  const points = Array.from(exponents, (y, i) => ({ i: i + 1, y })).filter(({ y }) => Number.isFinite(y));
  const lost = exponents.length - points.length;
  const growing = points.filter(({ y }) => y > 0).length;
  const [first = Number.NaN] = exponents;
  const error =
    standardError === undefined ? "no standard error, for the sequence is short" : `± ${standardError.toFixed(3)}`;
  const summary =
    `The largest of ${exponents.length === width ? `the ${width}` : `${width} exponents, ${exponents.length} of them computed,`} is ${first.toFixed(3)} a step (${error}); ` +
    `${growing} ${growing === 1 ? "is" : "are"} above 0${lost > 0 ? `, and ${lost} are −∞: nothing is left along them` : ""}.` +
    (expected ? " What theory expects is dashed." : "");
  const theory = Array.from(expected ?? [], (y, i) => ({ i: i + 1, y })).filter(({ y }) => Number.isFinite(y));
  const low = Math.min(-0.1, ...[...points, ...theory].map(({ y }) => y));
  const high = Math.max(0.1, ...[...points, ...theory].map(({ y }) => y));
  return {
    svg: svg(
      {
        ...frame,
        x: {
          label: "exponent",
          labelAnchor: "center",
          labelArrow: "none",
          domain: [0.5, exponents.length + 0.5],
          ticks: 8,
          tickFormat: (i: number) => (Number.isInteger(i) ? String(i) : ""),
        },
        y: {
          label: "λ in nats a step",
          labelAnchor: "top",
          labelArrow: "none",
          grid: true,
          ticks: 6,
          domain: [low, high],
          nice: true,
        },
        marks: [
          Plot.ruleY([0], { stroke: "currentColor", strokeWidth: 1.5 }),
          Plot.ruleX(points, { x: "i", y1: 0, y2: "y", stroke: "var(--match, #0a58a6)", strokeOpacity: 0.35 }),
          Plot.line(theory, { x: "i", y: "y", stroke: "var(--heat, #a83a00)", strokeWidth: 2, strokeDasharray: "5,4" }),
          Plot.dot(points, { x: "i", y: "y", r: 3, fill: "var(--match, #0a58a6)" }),
          ...(standardError === undefined
            ? []
            : [
                Plot.ruleX([first], {
                  x: () => 1,
                  y1: (y: number) => y - 2 * standardError,
                  y2: (y: number) => y + 2 * standardError,
                  stroke: "currentColor",
                  strokeWidth: 2,
                }),
              ]),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["exponent", "λ", "factor a step", ...(expected ? ["λ in theory"] : [])],
      rows: fewOf(exponents.length).map((i) => {
        const value = exponents[i] ?? 0;
        const measured = Number.isFinite(value) ? value.toFixed(4) : "−∞";
        const inTheory = expected ? [(expected[i] ?? Number.NaN).toFixed(4)] : [];
        return [String(i + 1), measured, Math.exp(value).toPrecision(4), ...inTheory];
      }),
    },
  };
}
