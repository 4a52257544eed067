import { Equation } from "../../parts/equation.tsx";
import { Matrix } from "../../parts/matrix.tsx";
import { equationsAt, type Moment, momentName } from "./moments.ts";
import type { UnrolledPass } from "./unrolled.ts";

/** The equations of a moment, each beside the numbers that it produces. */
export function EquationsAtWork({ moment, pass }: { readonly moment: Moment; readonly pass: UnrolledPass }) {
  return (
    <section class="equations" aria-live="polite" aria-label={momentName(moment)}>
      <h2>{momentName(moment)}</h2>
      <ol>
        {equationsAt(moment, pass).map(({ tag, says, formula, numbers }) => (
          <li key={tag} data-tag={tag}>
            <p class="says">
              {says} <span class="tag">({tag})</span>
            </p>
            <p class="formula">
              <Equation tex={`\\displaystyle ${formula} =`} /> <Matrix rows={numbers} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
