import { resolve } from "node:path";
import { build, type Plugin } from "vite";

const entry = resolve(import.meta.dirname, "../src/scenes/break/sandbox/judge.ts");

/**
 * `virtual:judge-source`: the text of the script that runs an edited derivation. The worker it runs in can load nothing,
 * so that all it needs has to be in one text.
 */
export function judgeSource(conditions: readonly string[]): Plugin {
  return {
    name: "judge-source",
    resolveId: (id) => (id === "virtual:judge-source" ? `\0${id}` : undefined),
    async load(id) {
      if (id !== "\0virtual:judge-source") return undefined;
      const built = await build({
        configFile: false,
        logLevel: "error",
        resolve: { conditions: [...conditions] },
        build: { write: false, target: "es2023", lib: { entry, formats: ["iife"], name: "judge" } },
      });
      const [output] = Array.isArray(built) ? built : [built];
      const chunk = output && "output" in output ? output.output[0] : undefined;
      if (!chunk) throw new Error(`judge-source: nothing was built of ${entry}`);
      return `export const judgeSource = ${JSON.stringify(chunk.code)};`;
    },
  };
}
