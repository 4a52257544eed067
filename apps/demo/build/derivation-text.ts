import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

const source = resolve(import.meta.dirname, "../../../packages/rnn/src/bptt.ts");

/**
 * `virtual:derivation-text`: the record of BPTT's equations as it stands in the package, to be edited in the page. It has
 * no types in it, so it is JavaScript as well.
 */
export function derivationText(): Plugin {
  return {
    name: "derivation-text",
    resolveId: (id) => (id === "virtual:derivation-text" ? `\0${id}` : undefined),
    load(id) {
      if (id !== "\0virtual:derivation-text") return undefined;
      const [, record] =
        /function equations<S>\(\)[^\n]*\n( {2}return \{\n.*?\n {2}\};)\n/s.exec(readFileSync(source, "utf8")) ?? [];
      if (record === undefined) throw new Error(`derivation-text: no record of equations in ${source}`);
      return `export const derivationText = ${JSON.stringify(record.replaceAll(/^ {2}/gm, ""))};`;
    },
  };
}
