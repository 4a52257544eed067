import type { GradientVerdict, Verdict } from "@gradproof/verification";
import { elementLimit } from "@gradproof/verification";
import { count, inSigma } from "../text/numbers.ts";
import type { Drawing } from "./plot.ts";
import { powerOfTen } from "./power-of-ten.ts";

/** Sizes below this are drawn at it. */
const smallest = 1e-3;
/** At most this many strokes stand for the elements of one tensor. */
const strokes = 60;

const symbolOf = { match: "circle", mismatch: "times", inconclusive: "triangle" } as const;

interface Row {
  readonly name: string;
  readonly verdict: Verdict;
  readonly errors: Float64Array;
  readonly largest: number;
}

/** For each gradient whose errors are finite numbers, where its elements lie on a logarithmic axis of |error| / σ. */
export function distributionFigure({ Plot, svg }: Drawing, gradients: readonly GradientVerdict[]): string | undefined {
  const rows = gradients.flatMap(({ name, verdict, errors, errorInSigma: largest }): Row[] =>
    errors === undefined || largest === undefined ? [] : [{ name, verdict, errors, largest }],
  );
  if (rows.length === 0) return undefined;
  const finite = rows.flatMap(({ largest }) => (Number.isFinite(largest) ? [largest] : []));
  const decades = Math.max(3, Math.ceil(Math.log10(Math.max(elementLimit, ...finite))));
  const unbounded = rows.some(({ largest }) => !Number.isFinite(largest));
  const end = 10 ** (unbounded ? decades + 1 : decades);
  const onAxis = (size: number) => Math.min(end, Math.max(smallest, size));
  const marks = rows.map(({ name, verdict, largest }) => ({ name, verdict, x: onAxis(largest) }));
  const of = (verdict: Verdict) => marks.filter((mark) => mark.verdict === verdict);
  const markOf = (verdict: Verdict) => {
    const symbol = symbolOf[verdict];
    const ink = symbol === "times" ? { stroke: `var(--${verdict})`, strokeWidth: 2.5 } : { fill: `var(--${verdict})` };
    return Plot.dot(of(verdict), { x: "x", y: "name", symbol, r: 4.5, ...ink });
  };
  return svg(
    {
      width: 400,
      height: 58 + 24 * rows.length,
      marginLeft: 118,
      marginRight: 14,
      marginTop: 22,
      marginBottom: 36,
      x: {
        type: "log",
        domain: [smallest, end],
        ticks: decadeTicks(decades, unbounded),
        tickFormat: (size: number) =>
          unbounded && size === end ? "∞" : size === smallest ? "≤0.001" : powerOfTen(size),
        tickSize: 4,
        label: "|error| / σ",
        labelAnchor: "center",
        labelArrow: "none",
      },
      y: { domain: rows.map(({ name }) => name), label: null, tickSize: 0 },
      marks: [
        Plot.ruleX([elementLimit], { stroke: "currentColor", strokeWidth: 1.5, strokeDasharray: "4,3" }),
        Plot.text([elementLimit], {
          x: (size: number) => size,
          frameAnchor: "top",
          dy: -14,
          text: () => `limit: ${elementLimit} σ`,
        }),
        Plot.tickX(
          rows.flatMap(({ name, errors }) => quantiles(errors).map((size) => ({ name, x: onAxis(size) }))),
          { x: "x", y: "name", stroke: "currentColor", strokeOpacity: 0.35, insetTop: 3, insetBottom: 3 },
        ),
        markOf("match"),
        markOf("mismatch"),
        markOf("inconclusive"),
      ],
    },
    description(rows),
  );
}

/** Every value if there are few, evenly spaced quantiles from the smallest to the largest otherwise. */
function quantiles(errors: Float64Array): number[] {
  const sorted = errors.slice().sort();
  const drawn = Math.min(strokes, sorted.length);
  return Array.from({ length: drawn }, (_, i) => {
    const at = drawn === 1 ? 0 : Math.round((i * (sorted.length - 1)) / (drawn - 1));
    return sorted[at] ?? 0;
  });
}

/** The ends and about four powers of ten between them. */
function decadeTicks(decades: number, unbounded: boolean): number[] {
  const step = Math.ceil(decades / 4);
  const ticks = [smallest];
  for (let exponent = 0; exponent <= decades; exponent += step) ticks.push(10 ** exponent);
  if (unbounded) ticks.push(10 ** (decades + 1));
  return ticks;
}

function description(rows: readonly Row[]): string {
  const parts = rows.map(({ name, errors, largest }) => {
    const beyond = errors.reduce((sum, error) => sum + (error > elementLimit ? 1 : 0), 0);
    const where =
      beyond > 0
        ? `${beyond} of ${count(errors.length, "element")} beyond ${elementLimit} σ`
        : `all within ${elementLimit} σ`;
    return `${name}: largest ${inSigma(largest)}, ${where}`;
  });
  return `Errors in σ on a logarithmic axis. ${parts.join("; ")}.`;
}
