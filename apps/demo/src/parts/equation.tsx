import katex from "katex";
import { useMemo } from "preact/hooks";

/** A formula in TeX as MathML, which needs no fonts of its own and is read aloud as mathematics. */
export function Equation({ tex, block = false }: { readonly tex: string; readonly block?: boolean }) {
  const markup = useMemo(
    () => katex.renderToString(tex, { output: "mathml", displayMode: block, throwOnError: true, trust: false }),
    [tex, block],
  );
  return <span class={block ? "equation block" : "equation"} dangerouslySetInnerHTML={{ __html: markup }} />;
}
