import type { Drawing } from "./drawing.ts";
import { type Figure, fewOf, frame, inTens, tenTo } from "./figure.ts";

/** ln ‖∂h_t/∂h_{t−d}‖ for d = 0, 1, … of one or several sequences, and the bounds of the first. */
export interface ProductSizes {
  readonly norms: readonly Float64Array[];
  readonly upperBound: Float64Array;
  readonly weightBound?: Float64Array | undefined;
  readonly lowerBound: Float64Array;
}

/** How the length of an error changes on its way back, beside what could be known without measuring it. */
export function productFigure(
  { Plot, svg }: Drawing,
  { norms, upperBound, weightBound, lowerBound }: ProductSizes,
): Figure {
  const lags = Math.max(...norms.map(({ length }) => length)) - 1;
  const measured = norms.flatMap((norm, sequence) => points(norm).map((point) => ({ ...point, sequence })));
  const tens = measured.map(({ y }) => y);
  const [low, high] = [Math.min(-1, ...tens), Math.max(1, ...tens)];
  const room = Math.max(1, 0.3 * (high - low));
  const domain: [number, number] = [low - room, high + room];
  const within = (values: Float64Array) => points(values).filter(({ y }) => y >= domain[0] && y <= domain[1]);
  const bounds = [
    { values: upperBound, dash: "6,3", name: "σ₁(W) max f′" },
    ...(weightBound ? [{ values: weightBound, dash: "2,3", name: "σ₁(W)" }] : []),
    { values: lowerBound, dash: "8,3,2,3", name: "σₙ(W) min f′" },
  ];
  const ends = apart(
    bounds.flatMap(({ values, name }) => {
      const last = within(values).at(-1);
      return last ? [{ ...last, name }] : [];
    }),
    (domain[1] - domain[0]) / 14,
  );
  const [first] = norms;
  const end = first?.[first.length - 1] ?? 0;
  const summary =
    `Back over ${lags} steps the largest growth of an error is ${tenTo(end)} (solid${norms.length > 1 ? `, ${norms.length} sequences` : ""}); ` +
    `Pascanu's bound σ₁(W) max f′ (dashed) allows ${tenTo(upperBound[upperBound.length - 1] ?? 0)}` +
    `${weightBound ? `, σ₁(W) alone (dotted) ${tenTo(weightBound[weightBound.length - 1] ?? 0)}` : ""}.`;
  return {
    svg: svg(
      {
        ...frame,
        marginRight: 84,
        x: { label: "lag t − k in steps", labelAnchor: "center", labelArrow: "none", domain: [0, Math.max(1, lags)] },
        y: { label: "log₁₀ ‖∂h_t/∂h_k‖", labelAnchor: "top", labelArrow: "none", grid: true, ticks: 6, domain },
        marks: [
          Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
          ...bounds.map(({ values, dash }) =>
            Plot.line(within(values), {
              x: "x",
              y: "y",
              stroke: "currentColor",
              strokeDasharray: dash,
              strokeOpacity: 0.8,
            }),
          ),
          Plot.text(ends, { x: "x", y: "y", text: "name", textAnchor: "start", dx: 4 }),
          Plot.line(measured, { x: "x", y: "y", z: "sequence", stroke: "var(--match, #0a58a6)", strokeWidth: 2 }),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["lag", "measured", "σ₁(W) max f′", "σ₁(W)", "σₙ(W) min f′"],
      rows: fewOf(lags + 1)
        .map((lag) =>
          [first, upperBound, weightBound, lowerBound].map((values) =>
            tenTo(values?.[lag] ?? Number.NEGATIVE_INFINITY),
          ),
        )
        .map((cells, i) => [String(fewOf(lags + 1)[i]), ...cells]),
    },
  };
}

/** Labels at the ends of lines, at least `room` above one another. */
function apart<Label extends { readonly y: number }>(labels: readonly Label[], room: number): Label[] {
  let lowest = Number.POSITIVE_INFINITY;
  return labels
    .toSorted((a, b) => b.y - a.y)
    .map((label) => {
      lowest = Math.min(label.y, lowest - room);
      return { ...label, y: lowest };
    });
}

function points(values: Float64Array): { x: number; y: number }[] {
  return Array.from(values, (value, x) => ({ x, y: inTens(value) })).filter(({ y }) => Number.isFinite(y));
}
