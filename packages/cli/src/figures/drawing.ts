import type * as PlotModule from "@observablehq/plot";

export type Plot = typeof PlotModule;
type PlotOptions = Parameters<Plot["plot"]>[0];

/** Draws figures as text. */
export interface Drawing {
  readonly Plot: Plot;
  /** One figure as an SVG element whose label stands for it where it cannot be seen. */
  svg(options: PlotOptions, label: string): string;
}

/** What `Plot.plot` needs of a document: a browser's own, or one of a program that has none. */
type PlotDocument = NonNullable<PlotOptions>["document"];

/** Draws with a plotting library and a document that are at hand: in a page, those of the page. */
export function drawingIn(Plot: Plot, document: PlotDocument): Drawing {
  return {
    Plot,
    svg(options, label) {
      const figure = Plot.plot({ ...options, ...(document && { document }) });
      figure.querySelector("style")?.remove();
      figure.setAttribute("role", "img");
      figure.setAttribute("aria-label", label);
      figure.setAttribute("font-size", "11");
      for (const name of ["width", "height", "class", "style"]) figure.removeAttribute(name);
      for (const part of figure.querySelectorAll("[aria-label], [aria-description]")) {
        part.removeAttribute("aria-label");
        part.removeAttribute("aria-description");
      }
      return figure.outerHTML.replace(/="[^"]*"/g, roundNumbers);
    },
  };
}

/** Hundredths of a unit cannot be seen. */
function roundNumbers(attribute: string): string {
  return attribute.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
}
