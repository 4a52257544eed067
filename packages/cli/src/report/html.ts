import { printable } from "../text/prose.ts";

/** Text that is markup already. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | readonly Part[] | undefined;

/** A template whose values are escaped unless they are markup; lists are joined, and what is undefined leaves nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const [first = "", ...rest] = strings;
  return { markup: first + rest.map((text, i) => markupOf(parts[i]) + text).join("") };
}

/** Markup that was made elsewhere. */
export function trusted(markup: string): Html {
  return { markup };
}

/** How long it is in UTF-8. */
export function bytesOf(part: Html | undefined): number {
  return new TextEncoder().encode(part?.markup ?? "").length;
}

/** A file in a link, without a place that it is loaded from. */
export function dataUrl(type: string, text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return `data:${type};base64,${btoa(bytes.join(""))}`;
}

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(markupOf).join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
