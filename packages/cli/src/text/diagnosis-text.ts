import type { Judgement, NamedMistake } from "@gradproof/verification";
import { wrap } from "./prose.ts";
import type { TextStyle } from "./text-style.ts";
import { describeCause, describeLocation } from "./wording.ts";

/** At most this many mistakes are shown with their formulas. */
const shown = 4;

/** Why a mismatch is one, and where it goes wrong; nothing for any other verdict. */
export function diagnosisText(judgement: Judgement, style: TextStyle): string[] {
  const { diagnosis } = judgement;
  const cause = describeCause(judgement);
  if (!diagnosis || cause === undefined) return [];
  const { mistakes, together, location } = diagnosis;
  const more = mistakes.slice(shown).map(({ name }) => name);
  return [
    labelled("why", cause, style),
    ...mistakes.slice(0, shown).flatMap((mistake) => mistakeText(mistake, together, style)),
    ...(more.length > 0 ? [wrap(`and ${more.join(", ")}`, style.columns, indent)] : []),
    labelled("where", describeLocation(location), style),
  ];
}

const indent = "         ";

function mistakeText({ name, mistaken, right, explains }: NamedMistake, together: boolean, style: TextStyle): string[] {
  const { palette, columns } = style;
  return [
    `${indent}${palette.bad(name)}${together ? "" : `: ${explains.join(", ")}`}`,
    wrap(`${palette.faint("given by ")} ${mistaken}`, columns, `${indent}  `, `${indent}            `),
    wrap(`${palette.faint("should be")} ${right}`, columns, `${indent}  `, `${indent}            `),
  ];
}

/** A paragraph behind a word that says what it is about. */
export function labelled(label: string, text: string, { palette, columns }: TextStyle): string {
  const first = `  ${label}`.padEnd(indent.length);
  return wrap(text, columns, first, indent).replace(label, palette.faint(label));
}
