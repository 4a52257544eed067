import { type AnyVerdict, signOf } from "../text/palette.ts";
import { type Html, html } from "./html.ts";

const classOf: Readonly<Record<AnyVerdict, string>> = {
  match: "match",
  mismatch: "mismatch",
  inconclusive: "inconclusive",
  error: "error",
  fault: "error",
};

/** A verdict by sign, word and colour. */
export function verdictMark(verdict: AnyVerdict): Html {
  return mark(classOf[verdict], signOf[verdict], verdict);
}

export function mark(kind: string, sign: string, word: string): Html {
  return html`<span class="verdict ${kind}">${sign}&nbsp;${word}</span>`;
}
