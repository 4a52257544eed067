import { type PlotOptions, plot } from "@observablehq/plot";
import { useEffect, useRef } from "preact/hooks";

interface FigureProps {
  /** What the picture says, for those who cannot see it. */
  readonly label: string;
  readonly options: PlotOptions;
  readonly caption: string;
}

/** A plot that fits its column, with a sentence in its place for those who cannot see it. */
export function Figure({ label, options, caption }: FigureProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawn = plot({
      width: 480,
      height: 330,
      marginTop: 34,
      marginBottom: 48,
      style: { fontSize: "13px", background: "none" },
      ...options,
    });
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
    for (const part of drawn.querySelectorAll("[aria-label], [aria-description]")) {
      part.removeAttribute("aria-label");
      part.removeAttribute("aria-description");
    }
    place.current?.replaceChildren(drawn);
  }, [options, label]);
  return (
    <figure>
      <div class="plot" ref={place} />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
