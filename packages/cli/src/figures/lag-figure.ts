import { powerOfTen } from "../report/power-of-ten.ts";
import { scientific, short } from "../text/numbers.ts";
import type { Drawing } from "./drawing.ts";
import { type Figure, fewOf, frame } from "./figure.ts";

export interface LagShares {
  /** Share of the gradient by lag, from lag 0. */
  readonly shares: Float64Array;
  readonly cumulative: Float64Array;
  /** The lag up to which 95 % of the gradient comes from. */
  readonly reach: number | undefined;
  /** The lag that is needed. */
  readonly needed?: number | undefined;
}

/** Smaller shares are not drawn. */
const smallest = 1e-20;

/** What share of the gradient comes from each lag. */
export function lagFigure({ Plot, svg }: Drawing, { shares, cumulative, reach, needed }: LagShares): Figure {
  const points = Array.from(shares, (share, lag) => ({ lag, share })).filter(({ share }) => share > smallest);
  const least = Math.max(smallest, Math.min(0.01, ...points.map(({ share }) => share)));
  const marks = [
    ...(reach === undefined ? [] : [{ lag: reach, text: "95 %" }]),
    ...(needed === undefined || needed === reach ? [] : [{ lag: needed, text: "needed" }]),
  ];
  const beyond = needed === undefined ? 0 : shares.slice(needed).reduce((sum, share) => sum + share, 0);
  const summary =
    reach === undefined
      ? "There is no gradient through time: every share is 0."
      : `95 % of the gradient comes from lags up to ${reach} of ${shares.length - 1}${
          needed === undefined
            ? "."
            : `; lags from ${needed} on, which are needed, give ${beyond >= 0.0005 ? `${short(100 * beyond)} %` : scientific(beyond)} of it.`
        }`;
  return {
    svg: svg(
      {
        ...frame,
        x: {
          label: "lag t − k in steps",
          labelAnchor: "center",
          labelArrow: "none",
          domain: [0, Math.max(1, shares.length - 1)],
        },
        y: {
          type: "log",
          domain: [least, 1],
          label: "share of the gradient",
          labelAnchor: "top",
          labelArrow: "none",
          grid: true,
          ticks: 6,
          tickFormat: powerOfTen,
        },
        marks: [
          Plot.ruleX(marks, { x: "lag", stroke: "currentColor", strokeDasharray: "4,3" }),
          Plot.text(marks, { x: "lag", text: "text", frameAnchor: "top", dy: -12 }),
          Plot.line(points, { x: "lag", y: "share", stroke: "var(--match, #0a58a6)", strokeWidth: 2 }),
          ...(points.length <= 60
            ? [Plot.dot(points, { x: "lag", y: "share", r: 2, fill: "var(--match, #0a58a6)" })]
            : []),
        ],
      },
      summary,
    ),
    summary,
    table: {
      headings: ["lag", "share", "up to this lag"],
      rows: fewOf(shares.length).map((lag) => [
        String(lag),
        shares[lag] === 0 ? "0" : scientific(shares[lag] ?? 0),
        `${(100 * (cumulative[lag] ?? 0)).toFixed(2)} %`,
      ]),
    },
  };
}
