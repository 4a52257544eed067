import { shown } from "../../parts/number-text.ts";
import type { LagShares } from "./lag-shares.ts";

/** Sizes this many powers of ten below the largest are drawn alike. */
const decades = 8;
const cell = 24;
const margin = { left: 40, top: 34, right: 58 };

interface TriangleProps {
  readonly shares: LagShares;
  readonly t: number;
  readonly k: number;
  readonly onChoose: (t: number, k: number) => void;
}

/** The terms of every loss: a row for each t, a cell for each k, darker for larger; at its end, whether the row adds up. */
export function Triangle({ shares: { sizes, rows }, t, k, onChoose }: TriangleProps) {
  const T = sizes.length;
  const largest = Math.max(...sizes.flat());
  const width = margin.left + T * cell + margin.right;
  const every = T > 14 ? 2 : 1;
  const labels = sizes.map((_, i) => i + 1).filter((i) => i % every === 0 || i === 1);
  return (
    <svg
      class="triangle"
      viewBox={`0 0 ${width} ${margin.top + T * cell + 8}`}
      role="img"
      aria-label={describe(sizes, rows)}
    >
      <text x={margin.left + (T * cell) / 2} y="12" class="axis">
        state k
      </text>
      <text x="2" y={margin.top - 8} class="axis start">
        loss t
      </text>
      <text x={width} y={margin.top - 8} class="axis end">
        Σ right?
      </text>
      {labels.map((i) => (
        <g key={i}>
          <text x={margin.left + (i - 0.5) * cell} y={margin.top - 8} class="axis">
            {i}
          </text>
          <text x={margin.left - 8} y={margin.top + (i - 0.5) * cell + 4} class="axis end">
            {i}
          </text>
        </g>
      ))}
      {sizes.map((row, i) =>
        row.map((size, j) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: two sliders do the same.
          <rect
            key={`${i} ${j}`}
            data-cell={`${i + 1} ${j + 1}`}
            data-size={size}
            x={margin.left + j * cell + 1}
            y={margin.top + i * cell + 1}
            width={cell - 2}
            height={cell - 2}
            rx="3"
            style={{ fill: tone(size, largest) }}
            class={size === 0 ? "nothing" : ""}
            onClick={() => onChoose(i + 1, j + 1)}
          />
        )),
      )}
      {rows.map(({ same }, i) => (
        <text
          key={i}
          class={same ? "axis end" : "axis end wrong"}
          data-row={same ? "right" : "wrong"}
          x={width - 8}
          y={margin.top + (i + 0.5) * cell + 4}
        >
          {same ? "✓" : "✗"}
        </text>
      ))}
      <rect
        class="chosen"
        x={margin.left + (k - 1) * cell}
        y={margin.top + (t - 1) * cell}
        width={cell}
        height={cell}
        rx="4"
      />
    </svg>
  );
}

/** The key to the tones. */
export function ToneKey({ largest }: { readonly largest: number }) {
  const ends = Array.from({ length: decades / 2 + 1 }, (_, i) => largest * 10 ** (-2 * i)).reverse();
  return (
    <p class="tones">
      <span>size of the term</span>
      {ends.map((size, i) => (
        <span key={size}>
          <span class="tone" style={{ background: tone(size, largest) }} /> {i === 0 ? "≤ " : ""}
          {size.toExponential(0).replace("-", "−").replace("+", "")}
        </span>
      ))}
    </p>
  );
}

/** One hue from the ground to the accent, equally far for each power of ten. */
function tone(size: number, largest: number): string {
  if (!(size > 0)) return "transparent";
  const share = Math.max(0, 1 + Math.log10(size / largest) / decades);
  return `color-mix(in oklab, var(--accent) ${(7 + 93 * share).toFixed(1)}%, var(--ground))`;
}

function describe(sizes: LagShares["sizes"], rows: LagShares["rows"]): string {
  const T = sizes.length;
  const last = sizes[T - 1];
  const wrong = rows.filter(({ same }) => !same).length;
  const sums = wrong === 0 ? "Every row adds up to autodiff’s gradient." : `${wrong} of ${T} rows do not add up.`;
  return `Sizes of the terms (t, k). Of the last loss, from ${shown(last[T - 1])} at k = ${T} to ${shown(last[0])} at k = 1. ${sums}`;
}
