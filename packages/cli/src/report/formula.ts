import { formulaTex } from "@gradproof/verification";
import katex from "katex";
import { type Html, trusted } from "./html.ts";

/** A formula of the catalogue, typeset by the browser: MathML needs no fonts and no style sheet. */
export function formula(text: string): Html {
  const rendered = katex.renderToString(`\\displaystyle ${formulaTex(text)}`, {
    output: "mathml",
    throwOnError: true,
    strict: "error",
  });
  // The page has a formula once: what KaTeX repeats as TeX for screen readers of its own is left out.
  return trusted(rendered.replace(/<annotation[^>]*>.*?<\/annotation>/s, "").replace(/^<span[^>]*>|<\/span>$/g, ""));
}
