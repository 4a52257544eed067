import * as Plot from "@observablehq/plot";
import { useSignal } from "@preact/signals";
import { type Drawing, type Figure as Drawn, drawingIn } from "gradproof/figures";
import { useEffect } from "preact/hooks";
import { Scrolling } from "./scrolling.tsx";

const drawing = drawingIn(Plot, undefined);

interface FigureProps {
  readonly title: string;
  /** Draws it; another function draws it anew. */
  readonly draw: (drawing: Drawing) => Drawn;
}

/** A picture as the command's reports have them, with its sentence, and its numbers for those who cannot see it. */
export function Figure({ title, draw }: FigureProps) {
  const drawn = useSignal<Drawn | undefined>(undefined);
  // Each in a task of its own, so that several do not keep the page waiting together.
  useEffect(() => {
    const timer = setTimeout(() => {
      drawn.value = draw(drawing);
    });
    return () => clearTimeout(timer);
  }, [draw, drawn]);
  if (!drawn.value) return <figure class="drawn" />;
  const { svg, summary, table } = drawn.value;
  return (
    <figure class="drawn">
      <div class="plot" dangerouslySetInnerHTML={{ __html: svg }} />
      <figcaption>
        <strong>{title}.</strong> {summary}
      </figcaption>
      {table.rows.length > 0 ? (
        <details>
          <summary>The numbers</summary>
          <Scrolling label={`${title}: the numbers`}>
            <table class="numbers">
              <thead>
                <tr>
                  {table.headings.map((heading) => (
                    <th key={heading} scope="col">
                      {heading}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows.map(([head, ...cells]) => (
                  <tr key={head}>
                    <th scope="row">{head}</th>
                    {cells.map((cell, i) => (
                      <td key={table.headings[i + 1]}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        </details>
      ) : null}
    </figure>
  );
}
