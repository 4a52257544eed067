import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Result } from "./rounds.ts";

/** Times of all contenders, one panel per shape, on a logarithmic axis; an SVG document. */
export function figureOf(results: readonly Result[]): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const timed = results.filter(({ milliseconds }) => milliseconds !== undefined);
  const figure = Plot.plot({
    document,
    width: 900,
    height: 60 + 26 * timed.length,
    marginLeft: 270,
    marginRight: 50,
    x: {
      type: "log",
      label: "milliseconds of a step",
      grid: true,
      nice: true,
      tickFormat: (value: number) => (Number.isInteger(Math.log10(value)) ? String(value) : ""),
    },
    y: { label: null },
    fy: { label: null },
    color: { domain: ["gradproof", "others"], range: ["#1f77b4", "#999999"] },
    marks: [
      Plot.dot(timed, {
        x: "milliseconds",
        y: "contender",
        fy: "shape",
        r: 4,
        fill: ({ contender }: Result) => (contender.startsWith("gradproof") ? "gradproof" : "others"),
      }),
    ],
  });
  figure.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return figure.outerHTML;
}
