import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

const source = resolve(import.meta.dirname, "../../../packages/cli/texts/genesis.txt");

/** `virtual:training-text`: the text that `gradproof train text` learns. */
export function trainingText(): Plugin {
  return {
    name: "training-text",
    resolveId: (id) => (id === "virtual:training-text" ? `\0${id}` : undefined),
    load(id) {
      if (id !== "\0virtual:training-text") return undefined;
      return `export const trainingText = ${JSON.stringify(readFileSync(source, "utf8"))};`;
    },
  };
}
