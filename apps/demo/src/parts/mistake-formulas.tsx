import { formulaTex } from "@gradproof/verification";
import { Equation } from "./equation.tsx";
import { Scrolling } from "./scrolling.tsx";

interface MistakeFormulasProps {
  /** As the catalogue writes them. */
  readonly mistaken: string;
  readonly right: string;
}

/** The formula that a mistake puts in the place of another, and that one. */
export function MistakeFormulas({ mistaken, right }: MistakeFormulasProps) {
  return (
    <dl class="formulas">
      <dt>as mistaken</dt>
      <dd>
        <Scrolling label="The formula, mistaken">
          <Equation tex={`\\displaystyle ${formulaTex(mistaken)}`} />
        </Scrolling>
      </dd>
      <dt>should be</dt>
      <dd>
        <Scrolling label="The formula, right">
          <Equation tex={`\\displaystyle ${formulaTex(right)}`} />
        </Scrolling>
      </dd>
    </dl>
  );
}
