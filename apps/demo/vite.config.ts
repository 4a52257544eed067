import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defaultClientConditions, defineConfig } from "vite";
import { derivationText } from "./build/derivation-text.ts";
import { judgeSource } from "./build/judge-source.ts";
import { trainingText } from "./build/training-text.ts";

/** Packages of the workspace are read as source. */
export const conditions = ["@gradproof/source", ...defaultClientConditions];

const manifest = resolve(import.meta.dirname, "../../packages/cli/package.json");
const { version } = JSON.parse(readFileSync(manifest, "utf8"));

// biome-ignore lint/style/noDefaultExport: what Vite reads.
export default defineConfig({
  // Works wherever the folder is put.
  base: "./",
  resolve: { conditions },
  define: { gradproofVersion: JSON.stringify(version) },
  plugins: [derivationText(), judgeSource(conditions)],
  worker: { format: "es", plugins: () => [trainingText()] },
  // The Content-Security-Policy forbids fetching what a module needs before it is asked for by a script.
  build: { modulePreload: false, target: "es2023", chunkSizeWarningLimit: 1000 },
});
