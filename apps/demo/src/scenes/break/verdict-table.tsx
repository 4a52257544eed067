import { shown } from "../../parts/number-text.ts";
import { Scrolling } from "../../parts/scrolling.tsx";
import { judgeNames } from "./sandbox/judge-names.ts";
import type { ScaleResult } from "./sandbox/judging.ts";
import { scales } from "./sandbox/scales.ts";

interface VerdictTableProps {
  readonly proven: boolean | undefined;
  readonly results: readonly ScaleResult[];
  /** The power of ten that is looked at. */
  readonly chosen: number;
}

/** Who accepts the derivation, a row for each judge, a column for each size of the weights. */
export function VerdictTable({ proven, results, chosen }: VerdictTableProps) {
  const looked = results.find(({ scale }) => Math.abs(Math.log10(scale) - chosen) < 0.1);
  const isChosen = (scale: number) => Math.abs(Math.log10(scale) - chosen) < 0.1;
  const rows = [
    ...judgeNames.map((name, i) => ({ name, of: (at: number) => results[at]?.accepted[i] })),
    { name: "Autodiff over a prime field", of: () => proven },
  ];
  return (
    <>
      <Scrolling label="Verdicts">
        <table class="verdicts">
          <thead>
            <tr>
              <th scope="col">weights of size</th>
              {scales.map((scale) => (
                <th key={scale} scope="col" class={isChosen(scale) ? "chosen" : ""}>
                  {scaleText(scale)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, of }) => (
              <tr key={name} data-judge={name}>
                <th scope="row">{name}</th>
                {scales.map((scale, at) => (
                  <td key={scale} class={isChosen(scale) ? "chosen" : ""}>
                    <Mark accepted={of(at)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      <p class="under" data-relative={looked?.relative}>
        ● refused, ○ accepted.{" "}
        {looked
          ? `At ${scaleText(looked.scale)} the whole gradient is off by ${shown(looked.relative)} of its size, in float64.`
          : ""}
      </p>
    </>
  );
}

function Mark({ accepted }: { readonly accepted: boolean | undefined }) {
  if (accepted === undefined) return <span class="mark">·</span>;
  return (
    <span class={accepted ? "mark accepted" : "mark refused"} role="img" aria-label={accepted ? "accepted" : "refused"}>
      {accepted ? "○" : "●"}
    </span>
  );
}

/** "0.01", "3e−4" */
export function scaleText(scale: number): string {
  return String(Number(scale.toPrecision(1))).replace(/e-0*/, "e−");
}
