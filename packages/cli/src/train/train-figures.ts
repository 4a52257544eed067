import type { Task } from "@gradproof/training";
import type { Drawing } from "../report/plot.ts";
import { short } from "../text/numbers.ts";
import type { Moment } from "./history.ts";

const frame = { width: 560, height: 220, marginLeft: 52, marginRight: 16, marginTop: 26, marginBottom: 36 } as const;
const across = { label: "step", labelAnchor: "right", labelArrow: "none", nice: true, ticks: 6 } as const;
const line = { stroke: "currentColor", strokeWidth: 1.5 } as const;

/** The loss over the steps, on a logarithmic scale, beside what is trivial and what counts as solved. */
export function lossFigure(
  { Plot, svg }: Drawing,
  moments: readonly Moment[],
  { baseline, floor = 0 }: Pick<Task, "baseline" | "floor">,
): string {
  const solved = floor + 0.1 * (baseline - floor);
  return svg(
    {
      ...frame,
      x: across,
      y: { type: "log", tickFormat: "~g", label: "loss", labelAnchor: "top", labelArrow: "none", grid: true, ticks: 5 },
      marks: [
        Plot.ruleY([baseline, solved], { stroke: "var(--heat)", strokeDasharray: "4 3" }),
        Plot.text(
          [
            { y: baseline, text: "trivial" },
            { y: solved, text: "solved" },
          ],
          {
            y: "y",
            text: "text",
            frameAnchor: "right",
            dy: -6,
            textAnchor: "end",
            fill: "var(--heat)",
          },
        ),
        Plot.line(moments, { x: "step", y: "loss", ...line }),
      ],
    },
    lossSummary(moments, baseline),
  );
}

export function lossSummary(moments: readonly Moment[], baseline: number): string {
  const [first, last] = [moments[0], moments.at(-1)];
  if (!first || !last) return "No step was taken.";
  return `The smoothed loss goes from ${short(first.loss)} at step ${first.step} to ${short(last.loss)} at step ${last.step}; the trivial prediction costs ${short(baseline)}.`;
}

/** The gradient's length before clipping, and how many of the steps were clipped. */
export function normFigure({ Plot, svg }: Drawing, moments: readonly Moment[], threshold: number | undefined): string {
  return svg(
    {
      ...frame,
      x: across,
      y: {
        type: "log",
        tickFormat: "~g",
        label: "‖gradient‖ before clipping",
        labelAnchor: "top",
        labelArrow: "none",
        grid: true,
        ticks: 5,
      },
      marks: [
        ...(threshold === undefined
          ? []
          : [Plot.ruleY([threshold], { stroke: "var(--heat)", strokeDasharray: "4 3" })]),
        Plot.dot(
          moments.filter(({ norm }) => norm > 0),
          { x: "step", y: "norm", r: 1.6, fill: "currentColor" },
        ),
      ],
    },
    normSummary(moments),
  );
}

export function normSummary(moments: readonly Moment[]): string {
  const norms = moments.map(({ norm }) => norm).sort((a, b) => a - b);
  const middle = norms[Math.floor(norms.length / 2)] ?? 0;
  const clipped = moments.reduce((sum, moment) => sum + moment.clipped, 0) / Math.max(1, moments.length);
  return `The gradient's length before clipping has the median ${short(middle)} and the maximum ${short(norms.at(-1) ?? 0)}; ${(100 * clipped).toFixed(0)} % of the steps were clipped.`;
}

/** How far back the gradient comes from, over the steps, beside how far back the task asks. */
export function horizonFigure({ Plot, svg }: Drawing, moments: readonly Moment[], { lag }: Pick<Task, "lag">): string {
  return svg(
    {
      ...frame,
      x: across,
      y: {
        label: "steps back",
        labelAnchor: "top",
        labelArrow: "none",
        grid: true,
        domain: [0, 1.1 * Math.max(lag, 1, ...moments.map(({ horizon }) => horizon))],
        ticks: 5,
      },
      marks: [
        Plot.ruleY([lag], { stroke: "var(--heat)", strokeDasharray: "4 3" }),
        Plot.text([{ y: lag, text: "the task asks" }], {
          y: "y",
          text: "text",
          frameAnchor: "right",
          dy: -6,
          textAnchor: "end",
          fill: "var(--heat)",
        }),
        Plot.line(moments, { x: "step", y: "horizon", ...line }),
      ],
    },
    horizonSummary(moments, lag),
  );
}

export function horizonSummary(moments: readonly Moment[], lag: number): string {
  const [first, last] = [moments[0], moments.at(-1)];
  if (!first || !last) return "No step was taken.";
  return `95 % of the gradient of W_hh come from at most ${first.horizon} steps back at step ${first.step}, and from ${last.horizon} at step ${last.step}; a prediction has to remember ${lag}.`;
}
