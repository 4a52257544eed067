import { elementLimit } from "@gradproof/verification";
import { type Html, html } from "./html.ts";
import { powerOfTen } from "./power-of-ten.ts";

const levels = 5;

/** Errors beyond the limit fall into levels 1 to 5, equally wide on a logarithmic axis; those within it are level 0. */
export interface ErrorScale {
  /** Upper ends of the levels beyond the limit; the last is infinite where σ is 0 and an error is not. */
  readonly ends: readonly number[];
  levelOf(error: number): number;
}

/** The scale on which a map's smallest error beyond the limit and its largest are as far apart as can be. */
export function errorScale(errors: Float64Array): ErrorScale {
  const beyond = errors.filter((error) => error > elementLimit);
  const finite = beyond.filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), finite.length > 0 ? Number.POSITIVE_INFINITY : elementLimit);
  const most = finite.reduce((a, b) => Math.max(a, b), 10 * elementLimit);
  // At least a factor of ten from end to end: smaller differences say nothing.
  const [from, to] = [Math.log10(Math.max(elementLimit, Math.min(least, most / 10))), Math.log10(most)];
  const ends = Array.from({ length: levels }, (_, i) => 10 ** (from + ((i + 1) / levels) * (to - from)));
  if (finite.length < beyond.length) ends[levels - 1] = Number.POSITIVE_INFINITY;
  return {
    ends,
    levelOf: (error) => (error <= elementLimit ? 0 : 1 + ends.slice(0, -1).filter((end) => error > end).length),
  };
}

/** How a level is drawn: the larger the error, the larger and the stronger its square. */
export interface SquareStyle {
  /** Of a cell's side. */
  readonly side: number;
  readonly fill: string;
  readonly opacity: number;
}

export const squareStyles: readonly SquareStyle[] = [
  { side: 0.16, fill: "currentColor", opacity: 0.55 },
  ...Array.from({ length: levels }, (_, i) => {
    const share = (i + 1) / levels;
    return { side: 0.3 + 0.62 * share, fill: "var(--heat)", opacity: 0.4 + 0.6 * share };
  }),
];

/** What the squares mean. */
export function scaleKey({ ends }: ErrorScale): Html {
  const words = [`within ${elementLimit} σ`, ...ends.map((end) => `to ${roughly(end)} σ`)];
  return html`<ul class="keys">${squareStyles.map(({ side, fill, opacity }, level) => {
    const inset = (1 - side) / 2;
    return html`<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect x="${inset}" y="${inset}" width="${side}" height="${side}" fill="${fill}" fill-opacity="${opacity}"/></svg>${words[level]}</li>`;
  })}</ul>`;
}

/** "320", "5 · 10¹²", "∞" */
function roughly(size: number): string {
  if (size === Number.POSITIVE_INFINITY) return "∞";
  if (size < 1000) return size.toFixed(0);
  const [digit = "", exponent = "0"] = size.toExponential(0).split("e");
  return `${digit} · ${powerOfTen(10 ** Number(exponent))}`;
}
